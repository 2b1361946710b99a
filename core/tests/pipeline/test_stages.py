from __future__ import annotations

import pyarrow as pa
import pytest

from sci.api import DataError
from sci.pipeline.stages import require_same_columns

PARTS = {"train": "a.csv", "test": "b.csv"}


def tables(*columns):
    return [pa.table({name: [1] for name in names}) for names in columns]


def test_the_part_that_lacks_a_column_is_named():
    with pytest.raises(DataError, match=r"in their columns: train lacks `text`$") as caught:
        require_same_columns(tables(["label"], ["label", "text"]), PARTS)
    assert caught.value.note == "train: a.csv, test: b.csv"
    with pytest.raises(DataError, match="train lacks `y`; test lacks `x`"):
        require_same_columns(tables(["x"], ["y"]), PARTS)


def test_the_order_of_columns_does_not_matter():
    require_same_columns(tables(["x", "y"], ["y", "x"]), PARTS)

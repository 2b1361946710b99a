"""Class names, as text and as codes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sci.api import Column, Ragged

Names: TypeAlias = pa.Array | pa.ChunkedArray
BOOLEANS = ("false", "true")


def class_names(column: Column) -> Names:
    """The names in a target column as Arrow text; codes of a boolean column become ``false`` and ``true``."""
    if isinstance(column, np.ndarray):
        return names_of(column, BOOLEANS)
    assert not isinstance(column, Ragged), "a target column has one value in each row"
    return column.cast(pa.large_string())


def distinct(names: Names) -> list[str]:
    """The names that occur, sorted by code point."""
    return sorted(pc.unique(names).drop_null().to_pylist())


def codes_of(names: Names, classes: Sequence[str]) -> np.ndarray:
    """The position of each name in `classes`, int64 [n]; -1 where the name is null or not among them."""
    found = pc.index_in(names, value_set=pa.array(classes, type=pa.large_string()))
    return found.fill_null(-1).to_numpy().astype(np.int64)


def names_of(codes: np.ndarray, classes: Sequence[str]) -> pa.Array:
    """The inverse of `codes_of`: Arrow text [n], null for -1."""
    return pa.array(classes, type=pa.large_string()).take(pa.array(codes, type=pa.int64(), mask=codes < 0))

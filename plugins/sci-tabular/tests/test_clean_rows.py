from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from sci.api import ConfigError, Dataset, Feature, Ragged, Schema
from sci_tabular.clean_rows import CleanRows
from sci_tabular.config import CleanRowsConfig

FEATURES = {
    "age": Feature("number", dtype="float64"),
    "smoker": Feature("boolean", dtype="int64"),
    "note": Feature("text", dtype="string"),
    "spectrum": Feature("array", dtype="float32", shape=(2,)),
    "tokens": Feature("tokens", dtype="int64", ragged=True),
    "floor": Feature("number", dtype="int64"),
}


def batch() -> dict:
    return {
        "age": np.array([30.0, np.nan, 50.0, 150.0, 20.0]),
        "smoker": np.array([0, 1, -1, 1, 0]),
        "note": pa.array(["a", "b", "c", "d", None], type=pa.large_string()),
        "spectrum": np.array([[1, 2], [3, 4], [5, 6], [7, np.nan], [8, 9]], dtype=np.float32),
        "tokens": Ragged(np.arange(6), np.array([0, 0, 1, 3, 4, 6])),
        "floor": np.array([-1, -1, 3, 4, -1]),
        "id": np.array([10, 11, 12, 13, 14]),
    }


def clean(columns: tuple[str, ...], **settings: object) -> dict:
    step = CleanRows(CleanRowsConfig(**settings), columns)
    step.output_schema(Schema(FEATURES, dict.fromkeys(FEATURES, "input")))
    return step.transform(batch())


@pytest.mark.parametrize(
    ("column", "kept"),
    [
        ("age", [0, 2, 3, 4]),
        ("smoker", [0, 1, 3, 4]),
        ("note", [0, 1, 2, 3]),
        ("spectrum", [0, 1, 2, 4]),
        ("tokens", [0, 1, 2, 3, 4]),
        ("floor", [0, 1, 2, 3, 4]),
    ],
)
def test_rows_with_a_missing_value_are_left_out(column: str, kept: list[int]) -> None:
    found = clean((column,))

    assert found["row"].tolist() == kept
    assert found["row"].dtype == np.int64


def test_every_column_keeps_the_same_rows() -> None:
    found = clean(tuple(FEATURES))

    assert found["row"].tolist() == [0]
    assert found["id"].tolist() == [10]
    assert found["note"].to_pylist() == ["a"]
    assert found["tokens"].lengths.tolist() == [0]
    assert found["spectrum"].tolist() == [[1.0, 2.0]]


def test_rows_outside_a_range_are_left_out_and_missing_is_not_outside() -> None:
    assert clean((), ranges={"age": [25, 120]})["row"].tolist() == [0, 1, 2]
    assert clean((), ranges={"age": [None, 50]})["row"].tolist() == [0, 1, 2, 4]
    assert clean((), ranges={"age": [50, None]})["row"].tolist() == [1, 2, 3]


def test_missing_values_can_stay() -> None:
    assert clean(tuple(FEATURES), missing=False)["row"].tolist() == [0, 1, 2, 3, 4]


def test_an_absent_target_is_no_reason_to_leave_a_row_out() -> None:
    step = CleanRows(CleanRowsConfig(ranges={"y": [0, 1]}), ("x", "y"))

    assert step.transform({"x": np.array([1.0, np.nan]), "id": np.arange(2)})["row"].tolist() == [0]


def test_it_acts_on_training_rows_and_learns_nothing() -> None:
    assert CleanRows.rows == "drop"
    assert not CleanRows.fitted()


@pytest.mark.parametrize(("column", "reason"), [("note", "is text"), ("absent", "is not in the table")])
def test_a_range_needs_a_number_column(column: str, reason: str) -> None:
    with pytest.raises(ConfigError, match=reason):
        clean((), ranges={column: [0, 1]})


def test_a_range_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="begins at 2"):
        CleanRowsConfig(ranges={"age": [2, 1]})


def test_nothing_may_be_left() -> None:
    data = Dataset({"x": np.full(3, np.nan)}, Schema({"x": FEATURES["age"]}, {"x": "input"}))

    found = CleanRows(CleanRowsConfig(), ("x",)).transform(data.batch(np.arange(3)))

    assert [len(found[name]) for name in ("x", "id", "row")] == [0, 0, 0]

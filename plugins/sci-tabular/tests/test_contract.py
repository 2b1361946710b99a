"""What the core relies on, for every fitted step and column kind at once."""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pytest
import safetensors.numpy

from sci.api import ComponentConfig, Dataset, Feature, Preprocessor, Schema, State
from sci_tabular.clean_rows import CleanRows
from sci_tabular.config import CleanRowsConfig, ImputeConfig, MinMaxConfig, OneHotConfig, OrdinalConfig
from sci_tabular.imputation import Impute
from sci_tabular.one_hot import OneHot
from sci_tabular.ordinal import Ordinal
from sci_tabular.scaling import MinMax, ScaleTarget, Standardize

FEATURES = {
    "age": Feature("number", dtype="float64", unit="year"),
    "column": Feature("number", dtype="float32"),  # a name that is also a parameter somewhere
    "spectrum": Feature("array", dtype="float32", shape=(3,)),
    "smoker": Feature("boolean", dtype="int64"),
    "city / 城市": Feature("category", dtype="string"),
    "grade": Feature("category", dtype="int64", size=3, values=("a", "b", "c")),
    "y": Feature("number", dtype="float64"),
}
SCHEMA = Schema(FEATURES, {**dict.fromkeys(FEATURES, "input"), "y": "target"}, {"target": "y"})
FILLABLE = ("age", "column", "smoker", "city / 城市", "grade")
NUMBERS = ("age", "column", "spectrum")
CATEGORIES = ("city / 城市", "grade")
STEPS = {
    "mean": lambda: Impute(ImputeConfig(), FILLABLE),
    "median": lambda: Impute(ImputeConfig(strategy="median"), FILLABLE),
    "most-frequent": lambda: Impute(ImputeConfig(strategy="most-frequent"), FILLABLE),
    "standardize": lambda: Standardize(ComponentConfig(), NUMBERS),
    "min-max": lambda: MinMax(MinMaxConfig(low=-1.0), NUMBERS),
    "scale-target": lambda: ScaleTarget(ComponentConfig(), ("y",)),
    "one-hot": lambda: OneHot(OneHotConfig(missing=True), CATEGORIES),
    "ordinal": lambda: Ordinal(OrdinalConfig(), CATEGORIES),
    "clean-rows": lambda: CleanRows(CleanRowsConfig(ranges={"age": (None, 60.0)}), FILLABLE),
}
EVERY = pytest.mark.parametrize("name", STEPS)
KEEPING = pytest.mark.parametrize("name", [name for name in STEPS if name != "clean-rows"])


class InSmallBatches(Dataset):
    """The same rows, handed over a few at a time."""

    rows = 7

    def batches(self, rows: int = 0) -> Iterator[dict]:
        return super().batches(self.rows)


def columns(rows: int = 60, seed: int = 0) -> dict:
    random = np.random.default_rng(seed)

    def gaps(values: np.ndarray, nothing: float) -> np.ndarray:
        return np.where(random.random(rows) < 0.2, nothing, values)

    cities = gaps(random.integers(0, 4, rows), -1)
    made = {
        "age": gaps(random.normal(50, 20, rows), np.nan),
        "column": gaps(np.round(random.normal(0, 3, rows)), np.nan).astype(np.float32),
        "spectrum": random.lognormal(2, 1, (rows, 3)).astype(np.float32),
        "smoker": gaps(random.integers(0, 2, rows), -1).astype(np.int64),
        "city / 城市": pa.array(
            [None if city < 0 else ("Oslo", "上海", "", "a" * 300)[int(city)] for city in cities], pa.large_string()
        ),
        "grade": gaps(random.integers(0, 3, rows), -1).astype(np.int64),
        "y": random.normal(100, 10, rows),
    }
    for column in made.values():
        if isinstance(column, np.ndarray):
            column.setflags(write=False)
    return made


def fitted(name: str, data: Dataset) -> Preprocessor:
    step = STEPS[name]()
    step.output_schema(data.schema)
    step.fit(data)
    return step


def whole(data: Dataset) -> dict:
    return data.batch(np.arange(len(data)))


def stored(state: State) -> State:
    """The state as it comes back from a file."""
    arrays = safetensors.numpy.load(safetensors.numpy.save(state.arrays)) if state.arrays else {}
    return State(arrays, json.loads(json.dumps(state.meta)))


def assert_equal(found: dict, expected: dict) -> None:
    assert found.keys() == expected.keys()
    for name, column in expected.items():
        if isinstance(column, np.ndarray):
            assert found[name].dtype == column.dtype
            np.testing.assert_array_equal(found[name], column)
        else:
            assert found[name].to_pylist() == column.to_pylist()


@EVERY
def test_state_comes_back_from_a_file_exactly(name: str) -> None:
    data = Dataset(columns(), SCHEMA)
    step = fitted(name, data)
    again = STEPS[name]()

    again.load_state(stored(step.state()))

    new = whole(Dataset(columns(seed=1), SCHEMA))
    assert_equal(again.transform(new), step.transform(new))
    assert again.output_schema(SCHEMA) == step.output_schema(SCHEMA)


@EVERY
@pytest.mark.parametrize("rows", [1, 7, 59])
def test_the_size_of_batches_changes_the_state_by_rounding_only(name: str, rows: int) -> None:
    expected = fitted(name, Dataset(columns(), SCHEMA)).state()
    data = InSmallBatches(columns(), SCHEMA)
    data.rows = rows

    found = fitted(name, data).state()

    assert found.arrays.keys() == expected.arrays.keys()
    for key, array in expected.arrays.items():
        np.testing.assert_allclose(found.arrays[key], array, rtol=1e-12)
    found_fills, fills = found.meta.pop("fills", {}), expected.meta.pop("fills", {})
    for key, fill in fills.items():
        assert found_fills[key] == (pytest.approx(fill, rel=1e-12) if isinstance(fill, float) else fill)
    assert found.meta == expected.meta


@KEEPING
def test_other_rows_do_not_change_what_was_fitted(name: str) -> None:
    everything = Dataset(columns(100), SCHEMA)
    changed = columns(100)
    changed["age"] = np.where(np.arange(100) < 60, changed["age"], 1e6)
    changed["y"] = np.where(np.arange(100) < 60, changed["y"], -1e6)

    before = fitted(name, everything.take(np.arange(60))).state()
    after = fitted(name, Dataset(changed, SCHEMA).take(np.arange(60))).state()

    assert json.dumps(after.meta) == json.dumps(before.meta)
    assert {key: array.tobytes() for key, array in after.arrays.items()} == {
        key: array.tobytes() for key, array in before.arrays.items()
    }


@KEEPING
def test_row_by_row_equals_all_at_once(name: str) -> None:
    data = Dataset(columns(), SCHEMA)
    step = fitted(name, data)

    rows = [step.transform(data.batch(np.array([row]))) for row in range(len(data))]

    for key, column in step.transform(whole(data)).items():
        parts = [row[key] for row in rows]
        if isinstance(column, np.ndarray):
            np.testing.assert_array_equal(np.concatenate(parts), column)
        else:
            assert pa.concat_arrays(parts).to_pylist() == column.to_pylist()


@EVERY
def test_a_batch_is_left_as_it_is(name: str) -> None:
    data = Dataset(columns(), SCHEMA)
    batch, copy = whole(data), whole(Dataset(columns(), SCHEMA))
    for column in batch.values():
        if isinstance(column, np.ndarray):
            column.setflags(write=False)

    found = fitted(name, data).transform(batch)

    assert found is not batch
    assert_equal(batch, copy)


@KEEPING
@pytest.mark.parametrize("rows", [0, 1])
def test_few_rows_have_the_columns_that_the_schema_promises(name: str, rows: int) -> None:
    data = Dataset(columns(), SCHEMA)
    step = fitted(name, data)
    schema = step.output_schema(SCHEMA)

    found = step.transform(data.batch(np.arange(rows)))

    assert found.keys() == {*schema.columns, "id"}
    for key, feature in schema.columns.items():
        assert len(found[key]) == rows
        if feature.dtype == "string":
            assert found[key].type == pa.large_string()
        else:
            assert str(found[key].dtype) == feature.dtype
            assert found[key].shape[1:] == feature.shape


@KEEPING
def test_the_schema_before_fit_differs_in_what_fitting_decides_only(name: str) -> None:
    data = Dataset(columns(), SCHEMA)

    before = STEPS[name]().output_schema(SCHEMA)
    after = fitted(name, data).output_schema(SCHEMA)

    added = {key for key in after.columns if key not in before.columns}
    assert all(key.endswith(".missing") and name in ("mean", "median", "most-frequent") for key in added)
    for key, feature in before.columns.items():
        assert (feature.kind, feature.dtype) == (after.columns[key].kind, after.columns[key].dtype)
        assert all(known in (None, found) for known, found in zip(feature.shape, after.columns[key].shape, strict=True))
        assert feature.size in (None, after.columns[key].size)
    assert before.slots == after.slots == SCHEMA.slots
    assert after.roles == {**SCHEMA.roles, **dict.fromkeys(added, "input")}


@EVERY
def test_rows_without_a_target_pass(name: str) -> None:
    data = Dataset(columns(), SCHEMA)
    batch = whole(data)
    del batch["y"]

    assert "y" not in fitted(name, data).transform(batch)


@KEEPING
def test_a_text_in_several_chunks_is_one_column(name: str) -> None:
    parts = columns()
    city = parts["city / 城市"]
    data = Dataset(columns(), SCHEMA)
    batch = {**whole(data), "city / 城市": pa.chunked_array([city[:20], city[20:]])}
    step = fitted(name, data)

    assert_equal(step.transform(batch), step.transform(whole(data)))

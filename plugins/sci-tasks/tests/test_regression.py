from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from sci.api import ComponentConfig, DataError, Dataset, Feature, Fold, Schema
from sci.api.errors import SeveralErrors
from sci_tasks.regression import Regression

NUMBER = Feature("number", dtype="float64", unit="MPa")


def schema_of(feature: Feature) -> Schema:
    return Schema({"strength": feature}, {"strength": "target"}, {"target": "strength"})


def check(column, feature: Feature = NUMBER, ids=None):
    rows = len(column)
    fold = Fold("plain", np.arange(1, rows), np.zeros(0, dtype=np.int64), np.array([0]))
    Regression(ComponentConfig()).check(Dataset({"strength": column}, schema_of(feature), ids), fold)


def refused(*arguments, **named) -> DataError:
    with pytest.raises(DataError) as caught:
        check(*arguments, **named)
    assert caught.value.exit_code == 3
    return caught.value


def test_sound_numbers_pass_from_arrow_and_from_arrays():
    check(pa.array([1, 2, 3]))
    check(np.array([1.0, -2.5, 1e300]))


def test_missing_values_are_counted_and_the_first_rows_named():
    error = refused(pa.array([1.0, None, float("nan"), 2.0]), ids=np.array([7, 8, 9, 10]))

    assert error.id == "data.missing-target"
    assert error.message == "`strength` has no value in 2 rows (ids 8, 9)"


def test_infinite_values_are_refused():
    error = refused(np.array([1.0, np.inf, -np.inf]))

    assert error.id == "data.infinite-target"
    assert error.message == "`strength` is infinite in 2 rows (ids 1, 2)"


def test_missing_and_infinite_are_reported_together():
    with pytest.raises(SeveralErrors) as caught:
        check(np.array([1.0, np.inf, np.nan]))

    assert [error.id for error in caught.value.errors] == ["data.missing-target", "data.infinite-target"]


def test_cells_that_are_no_numbers_are_shown_with_their_rows():
    error = refused(pa.array(["1", "3,5", "2.5", "n/a"]), Feature("text", dtype="string"))

    assert error.id == "data.text-target"
    assert error.message == "`strength` is not a number in 2 rows (ids 1, 3): `3,5`, `n/a`"


def test_target_of_words_only_is_sent_to_classification():
    error = refused(pa.array(["red", "green"]), Feature("category", dtype="string"))

    assert error.hint == "task: classification"


def test_numbers_that_came_as_text_name_the_declaration():
    error = refused(pa.array(["1", "2"]), Feature("text", dtype="string"))

    assert error.message == "`strength` is text, but regression needs a number"
    assert error.hint == "data.columns: {strength: {kind: number}}"


def test_text_that_was_declared_a_number_passes():
    check(pa.array(["1", "2.5e3"]), NUMBER)


def test_blank_text_is_a_missing_value():
    error = refused(pa.array(["1", " ", "2"]), NUMBER)

    assert error.id == "data.missing-target"


def test_boolean_target_is_refused():
    error = refused(np.array([0, 1]), Feature("boolean", dtype="int64"))

    assert error.message == "`strength` is boolean, but regression needs a number"


def test_head_and_output_are_one_number_and_the_unit_is_kept():
    task = Regression(ComponentConfig())

    assert task.heads(schema_of(NUMBER)) == {"value": Feature("number")}
    assert task.outputs(schema_of(NUMBER)) == {"value": Feature("number", "float64", unit="MPa", like="target")}


def test_decoding_widens_to_float64():
    value = Regression(ComponentConfig()).decode({"value": np.array([1.5, 2.5], dtype=np.float32)}, {})["value"]

    assert value.dtype == np.float64
    assert value.tolist() == [1.5, 2.5]


def test_task_keeps_nothing():
    task = Regression(ComponentConfig())

    assert dict(task.info()) == {}
    assert task.state().meta == {}
    assert task.target_steps(schema_of(NUMBER)) == []

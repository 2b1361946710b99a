from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from sci.api import DataError, Feature, Predictions
from sci.pipeline.joined import apart, joined, once

NUMBER = Feature("number", dtype="float64")


def answers(ids, value, **more):
    ids = np.asarray(ids, dtype=np.int64)
    columns = {"target": np.zeros(len(ids)), "prediction.value": np.full(len(ids), float(value))}
    return Predictions.of(ids, columns, dict.fromkeys(columns, NUMBER), **more)


def names(predictions):
    return set(predictions.table.column_names)


def test_a_single_model_keeps_its_predictions():
    one = answers([1, 2], 0)

    assert joined([one], 10) is one
    assert apart(one) == [one]
    assert once(one) is one


def test_models_of_different_rows_say_their_fold_and_how_many_rows_they_learned_from():
    found = joined([answers([1, 2], 0), answers([3], 1), answers([2, 1], 2)], 7.5)

    assert found.table.column("fold").to_pylist() == [0, 0, 1, 0, 0], "the third was tested on the rows of the first"
    assert found.table.column("child").to_pylist() == [0, 0, 1, 2, 2]
    assert found.info["train_rows"] == 7.5
    assert [len(one) for one in apart(found)] == [2, 1, 2]


def test_answers_of_several_models_to_the_same_rows_belong_together():
    found = joined([answers([1, 2], 0), answers([1, 2], 1)], 5)

    assert "fold" not in names(found)
    assert found.table.column("group").to_pylist() == [1, 2, 1, 2]


def test_once_each_row_is_as_the_first_model_answered_it():
    found = once(joined([answers([1, 2], 0), answers([2, 3], 1)], 5))

    assert found.ids.tolist() == [1, 2, 3]
    assert found.prediction("value").tolist() == [0.0, 0.0, 1.0]
    assert names(found) == {"id", "target", "prediction.value"}


def test_samples_are_all_kept_because_they_answer_no_row():
    found = once(joined([answers([1, 2], 0, paired=False), answers([2, 3], 1, paired=False)], 5))

    assert len(found) == 4
    assert len(apart(found)) == 1


def test_models_that_know_different_classes_are_refused():
    one, other = (answers([row], 0, info={"classes": ["a", *more]}) for row, more in ((1, "b"), (2, "bc")))

    with pytest.raises(DataError, match="class `c` has training rows in some folds only"):
        joined([one, other], 5)


def test_a_group_that_rows_have_already_stays():
    one = answers([1, 2], 0)
    table = one.table.append_column("group", pa.array(["x", "x"]))
    grouped = Predictions(table, {**one.features, "group": Feature("category", dtype="string")})

    found = once(joined([grouped, grouped], 5))

    assert found.table.column("group").to_pylist() == ["x", "x"]

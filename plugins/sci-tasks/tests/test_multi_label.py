from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pytest
from scipy.special import expit

from sci.api import ConfigError, DataError, Dataset, Feature, Fold, Schema
from sci_tasks.config import LabelSetsConfig, MultiLabelConfig
from sci_tasks.label_sets import LabelSets
from sci_tasks.multi_label import MultiLabel, logistic

LISTED = Feature("category", dtype="string", ragged=True)
TEXT = Feature("category", dtype="string")


def rows(labels, feature=LISTED) -> Dataset:
    schema = Schema({"x": Feature("number"), "y": feature}, {"x": "input", "y": "target"}, {"target": "y"})
    type_ = pa.large_list(pa.large_string()) if feature.ragged else pa.large_string()
    return Dataset({"x": np.zeros(len(labels)), "y": pa.array(labels, type=type_)}, schema)


def fold(train: int, test: int = 0) -> Fold:
    every = np.arange(train + test)
    return Fold("split", every[:train], every[:0], every[train:])


def fitted(labels, **settings) -> tuple[MultiLabel, LabelSets, Dataset]:
    task, data = MultiLabel(MultiLabelConfig(**settings)), rows(labels)
    step = LabelSets(LabelSetsConfig(), ("y",))
    step.fit(data)
    sets = step.transform(data.batch(np.arange(len(data))))["y"]
    train = Dataset({"x": data.column("x"), "y": sets}, step.output_schema(data.schema))
    task.fit(train)
    return task, step, train


def test_lists_become_one_number_for_each_sorted_label():
    _, _, train = fitted([["b", "a"], [], ["c"], ["b"]])

    assert train.schema.columns["y"].values == ("a", "b", "c")
    np.testing.assert_array_equal(train.column("y"), [[1, 1, 0], [0, 0, 0], [0, 0, 1], [0, 1, 0]])


def test_text_is_cut_at_the_separator_and_an_empty_cell_is_an_empty_list():
    data = rows(["a| b", None, "", "b|", "|"], TEXT)
    step = LabelSets(LabelSetsConfig(separator="|"), ("y",))
    step.fit(data)

    np.testing.assert_array_equal(
        step.transform(data.batch(np.arange(5)))["y"], [[1, 1], [0, 0], [0, 0], [0, 1], [0, 0]]
    )


def test_a_label_that_stands_twice_counts_once_and_is_told():
    _, step, train = fitted([["a", "a"], ["b"]])

    np.testing.assert_array_equal(train.column("y"), [[1, 0], [0, 1]])
    assert step.warnings() == ["a label stands twice in 1 training row of `y`, and counts once"]


def test_labels_that_no_training_row_has_do_not_count_in_the_step():
    _, step, _ = fitted([["a"]])

    sets = step.transform({"y": pa.array([["z", "a"], None], pa.large_list(pa.large_string()))})["y"]

    np.testing.assert_array_equal(sets, [[1], [0]])


def test_info_counts_the_rows_with_each_label():
    task, _, _ = fitted([["b", "a"], [], ["b"]], threshold=0.3)

    assert task.info() == {
        "classes": ["a", "b"],
        "counts": {"a": 1, "b": 2},
        "rows": 3,
        "separator": None,
        "threshold": 0.3,
    }


def test_labels_apply_from_the_threshold_on():
    task, _, train = fitted([["a", "b"]], threshold=0.25)
    scores = np.log(
        np.array([[0.25, 0.2], [0.9, 0.3], [0.1, 0.1]]) / (1 - np.array([[0.25, 0.2], [0.9, 0.3], [0.1, 0.1]]))
    )

    decoded = task.decode({"logits": scores + 1e-12}, {})

    assert decoded["labels"].to_pylist() == [["a"], ["a", "b"], []]
    assert task.outputs(train.schema)["labels"] == Feature("category", "string", ragged=True, size=2, values=("a", "b"))
    np.testing.assert_allclose(decoded["probability"], [[0.25, 0.2], [0.9, 0.3], [0.1, 0.1]], atol=1e-9)


def test_scores_that_are_no_numbers_give_no_labels():
    decoded = fitted([["a", "b"]])[0].decode({"logits": np.array([[np.nan, 9.0], [9.0, -9.0]])}, {})

    assert decoded["labels"].to_pylist() == [None, ["a"]]


def test_logistic_agrees_with_scipy_and_does_not_overflow():
    scores = np.array([-1e30, -700.0, -2.5, 0.0, 3.5, 700.0, 1e30, np.inf, -np.inf])

    np.testing.assert_allclose(logistic(scores), expit(scores), rtol=1e-14, atol=1e-300)


def test_the_fitted_task_survives_a_round_trip_through_json():
    task, _, train = fitted([["b", "a"], ["b"]])
    state = task.state()
    state.meta = json.loads(json.dumps(state.meta))
    restored = MultiLabel(MultiLabelConfig())

    restored.load_state(state)

    assert restored.info() == task.info()
    assert restored.outputs(train.schema) == task.outputs(train.schema)


@pytest.mark.parametrize(
    ("labels", "id", "message"),
    [
        ([["a"], None, ["a"]], "data.missing-labels", r"no label in 1 row \(id 1\)"),
        ([["a"], ["b"], ["a", "z"]], "data.class-absent", r"`z` in 1 row \(id 2\) of test"),
        ([["a"], [" a"], ["a"]], "data.label-variants", "in 2 ways"),
        ([[], [], []], "data.no-labels", "no row of `y` has a label"),
        ([["a", ""], ["a"], []], "data.missing-labels", "no label in 1 row"),
    ],
)
def test_labels_that_cannot_be_learned_are_refused(labels, id, message):
    with pytest.raises(DataError, match=message) as caught:
        MultiLabel(MultiLabelConfig()).check(rows(labels), fold(2, 1))
    assert caught.value.id == id


def test_rows_without_labels_are_fine():
    MultiLabel(MultiLabelConfig()).check(rows([["a"], [], []]), fold(2, 1))
    MultiLabel(MultiLabelConfig(separator=",")).check(rows(["a,b", None, "b"], TEXT), fold(2, 1))


@pytest.mark.parametrize("feature", [TEXT, Feature("number", dtype="float64")])
def test_a_target_without_lists_is_refused(feature):
    schema = Schema({"y": feature}, {"y": "target"}, {"target": "y"})
    with pytest.raises(ConfigError, match="needs lists of texts, but `y` is"):
        MultiLabel(MultiLabelConfig()).target_steps(schema)


def test_a_label_of_another_file_that_the_model_does_not_know_is_refused():
    task = MultiLabel(MultiLabelConfig())
    task.classes_ = ("a", "b")
    task.check_outside(rows([["a", "b"], []]))
    with pytest.raises(DataError, match="has a class that the run does not know: `z` in 1 row"):
        task.check_outside(rows([["a"], ["z"]]))

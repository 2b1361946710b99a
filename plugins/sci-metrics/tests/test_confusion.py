from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix

from sci_metrics.config import ConfusionMatrixConfig
from sci_metrics.confusion import ConfusionMatrix


def analyze(*predictions, **settings):
    study = SimpleNamespace(evaluations=[SimpleNamespace(test=test) for test in predictions])
    return ConfusionMatrix(ConfusionMatrixConfig(**settings)).analyze(study, None)


def test_two_classes_are_shown_as_counts_and_row_shares(classification):
    truth, label = ["ham"] * 8 + ["spam"] * 2, ["ham"] * 9 + ["spam"]

    (finding,) = analyze(classification(truth, label))

    assert (finding.name, finding.place) == ("confusion-matrix", "results")
    assert finding.title["en"] == "1 of 10 test rows is given a wrong class"
    assert finding.text["zh"].startswith("最常见的是把 `spam` 认作 `ham`")
    assert finding.text["en"] == "Most often `spam` is taken for `ham`: 1 of 2 rows of that class (50.0 %)."
    assert finding.table.columns == ["true class", "measure", "predicted ham", "predicted spam"]
    assert finding.table.rows == [
        ["ham", "rows", 8, 0],
        ["ham", "share", 1.0, 0.0],
        ["spam", "rows", 1, 1],
        ["spam", "share", 0.5, 0.5],
    ]


def test_counts_agree_with_scikit_learn(classification):
    random = np.random.default_rng(51)
    names = list("abcde")
    for _ in range(200):
        truth, label = random.choice(names, 30).tolist(), random.choice(names, 30).tolist()
        (finding,) = analyze(classification(truth, label, classes=names))
        counts = [row[2:] for row in finding.table.rows[::2]]
        assert counts == confusion_matrix(truth, label, labels=names).tolist()


def test_class_without_test_rows_keeps_its_lines_with_shares_undefined(classification):
    (finding,) = analyze(classification(["a", "a"], ["a", "b"], classes=["a", "b"]))

    assert finding.table.rows[2] == ["b", "rows", 0, 0]
    assert np.isnan(finding.table.rows[3][2:]).all()


def test_no_mistake_is_said(classification):
    (finding,) = analyze(classification(["a", "b"], ["a", "b"]))

    assert (finding.title["en"], finding.text) == ("All 2 test rows are given their class", "")


def test_more_classes_than_the_limit_list_the_worst_confusions(classification):
    names = [f"c{code:02}" for code in range(13)]
    truth = names * 3 + ["c00"] * 5 + ["c01"] * 2
    label = names * 3 + ["c05"] * 5 + ["c02"] * 2

    (finding,) = analyze(classification(truth, label, classes=names))

    assert finding.table.columns == ["true class", "predicted class", "rows", "share of true class"]
    assert finding.table.rows == [["c00", "c05", 5, 5 / 8], ["c01", "c02", 2, 2 / 5]]


def test_list_of_worst_confusions_is_as_long_as_the_limit(classification):
    random = np.random.default_rng(52)
    names = [f"{code:04}" for code in range(1000)]
    truth, label = random.choice(names, 500).tolist(), random.choice(names, 500).tolist()

    (finding,) = analyze(classification(truth, label, classes=names))

    assert len(finding.table.rows) == 12


@pytest.mark.parametrize("limit", [2, 3])
def test_limit_is_the_number_of_classes_shown_in_full(limit, classification):
    (finding,) = analyze(classification(list("abc"), list("abc")), limit=limit)

    assert (finding.table.columns[1] == "measure") == (limit == 3)


def test_equally_frequent_confusions_are_ordered_by_their_share(classification):
    truth = ["a"] * 4 + ["b"] * 2 + ["c"]

    (finding,) = analyze(classification(truth, ["b", "a", "a", "a", "c", "b", "c"]), limit=2)

    assert [row[:2] for row in finding.table.rows] == [["b", "c"], ["a", "b"]]


def test_children_are_added_up_by_the_names_of_their_classes(classification):
    first = classification(["a", "b"], ["a", "a"], classes=["a", "b"])
    second = classification(["b", "c"], ["b", "c"], classes=["b", "c"], first_id=2)

    (finding,) = analyze(first, second)

    assert [row[2:] for row in finding.table.rows[::2]] == [[1, 0, 0], [1, 1, 0], [0, 0, 1]]
    assert "Of 2 models" in finding.text["en"]


def test_a_row_that_several_models_answered_counts_once(classification):
    first = classification(["a", "b"], ["a", "a"])
    second = classification(["a", "b", "b"], ["b", "b", "b"])

    (finding,) = analyze(first, second)

    assert [row[2:] for row in finding.table.rows[::2]] == [[1, 0], [1, 1]]


def test_rows_without_a_label_or_of_an_unknown_class_stand_apart_and_are_wrong(classification):
    predictions = classification(["a", "b", "new"], [None, "b", None], classes=["a", "b"])

    (finding,) = analyze(predictions)

    assert finding.table.columns[-1] == "predicted (no class)"
    assert [row[2:] for row in finding.table.rows[::2]] == [[0, 0, 1], [0, 1, 0], [0, 0, 1]]
    assert finding.title["en"] == "2 of 3 test rows are given a wrong class"
    (listed,) = analyze(predictions, limit=2)
    assert [row[:2] for row in listed.table.rows] == [["a", "(no class)"], ["(no class)", "(no class)"]]


def test_regression_and_empty_test_sets_have_no_confusion_matrix(regression, classification):
    assert analyze(regression([1.0], [2.0])) == []
    assert analyze(classification([], [], classes=["a", "b"])) == []

"""Metrics of labels against scikit-learn."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from sklearn import metrics as reference

from sci.api import ComponentConfig
from sci_metrics.accuracy import Accuracy
from sci_metrics.averaged import (
    BalancedAccuracy,
    F1Macro,
    F1Weighted,
    PrecisionMacro,
    PrecisionWeighted,
    RecallMacro,
    RecallWeighted,
)
from sci_metrics.binary import F1, Precision, Recall
from sci_metrics.config import PositiveConfig
from sci_metrics.correlation import Mcc
from sci_metrics.micro import F1Micro, PrecisionMicro, RecallMicro

NONE = ComponentConfig()


def averaged(function, average):
    return lambda truth, label: function(truth, label, average=average, zero_division=0)


def of_positive(function):
    return lambda truth, label: function(truth, label, pos_label="b", average="binary", zero_division=0)


MULTICLASS = {
    "accuracy": (Accuracy, reference.accuracy_score),
    "balanced-accuracy": (BalancedAccuracy, reference.balanced_accuracy_score),
    "precision-macro": (PrecisionMacro, averaged(reference.precision_score, "macro")),
    "precision-micro": (PrecisionMicro, averaged(reference.precision_score, "micro")),
    "precision-weighted": (PrecisionWeighted, averaged(reference.precision_score, "weighted")),
    "recall-macro": (RecallMacro, averaged(reference.recall_score, "macro")),
    "recall-micro": (RecallMicro, averaged(reference.recall_score, "micro")),
    "recall-weighted": (RecallWeighted, averaged(reference.recall_score, "weighted")),
    "f1-macro": (F1Macro, averaged(reference.f1_score, "macro")),
    "f1-micro": (F1Micro, averaged(reference.f1_score, "micro")),
    "f1-weighted": (F1Weighted, averaged(reference.f1_score, "weighted")),
    "mcc": (Mcc, reference.matthews_corrcoef),
}
BINARY = {
    "precision": (Precision, of_positive(reference.precision_score)),
    "recall": (Recall, of_positive(reference.recall_score)),
    "f1": (F1, of_positive(reference.f1_score)),
}


def expected(function, truth, label):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(truth, label)


def random_labels(random, classes):
    """Truth and labels with classes of unequal weight; some classes may be missing from either."""
    rows, names = int(random.integers(1, 60)), list("abcdefghij"[:classes])
    truth = random.choice(names, rows, p=random.dirichlet(np.full(classes, 0.7)))
    guess = random.choice(names, rows, p=random.dirichlet(np.full(classes, 0.7)))
    return names, truth.tolist(), np.where(random.random(rows) < random.random(), truth, guess).tolist()


@pytest.mark.parametrize("name", MULTICLASS)
def test_agrees_with_scikit_learn_on_random_cases(name, classification):
    metric, function = MULTICLASS[name]
    random = np.random.default_rng(11)
    compared = 0
    while compared < 250:
        classes, truth, label = random_labels(random, int(random.integers(2, 8)))
        if name == "mcc" and len(set(truth)) == 1:
            continue
        compared += 1
        ours = metric(NONE)(classification(truth, label, classes=classes))
        assert ours == pytest.approx(expected(function, truth, label), abs=1e-12)


@pytest.mark.parametrize("name", BINARY)
def test_positive_class_agrees_with_scikit_learn_on_random_cases(name, classification):
    metric, function = BINARY[name]
    random = np.random.default_rng(12)
    for _ in range(250):
        classes, truth, label = random_labels(random, 2)
        ours = metric(PositiveConfig())(classification(truth, label, classes=classes))
        assert ours == pytest.approx(expected(function, truth, label), abs=1e-12)


DEGENERATE = {
    "perfect": ("aabb", "aabb"),
    "all wrong": ("aabb", "bbaa"),
    "one row right": ("b", "b"),
    "one row wrong": ("a", "b"),
    "one class, right": ("aaa", "aaa"),
    "one class, wrong": ("aaa", "bbb"),
    "never called positive": ("aab", "aaa"),
    "never positive": ("aaa", "aab"),
    "one label for both classes": ("abab", "bbbb"),
}


@pytest.mark.parametrize("case", DEGENERATE)
@pytest.mark.parametrize("name", [*MULTICLASS, *BINARY])
def test_agrees_with_scikit_learn_on_degenerate_cases(name, case, classification):
    metric, function = (MULTICLASS | BINARY)[name]
    truth, label = map(list, DEGENERATE[case])
    predictions = classification(truth, label, classes=["a", "b"])

    ours = metric(PositiveConfig())(predictions)

    if name == "mcc" and len(set(truth)) == 1:
        assert math.isnan(ours)
    else:
        assert ours == pytest.approx(expected(function, truth, label), abs=1e-12)


@pytest.mark.parametrize("name", [*MULTICLASS, *BINARY])
def test_no_rows_are_undefined(name, classification):
    metric, _ = (MULTICLASS | BINARY)[name]

    assert math.isnan(metric(PositiveConfig())(classification([], [], classes=["a", "b"])))


@pytest.mark.parametrize("name", [*MULTICLASS, *BINARY])
def test_resampling_by_matrix_product_is_resampling_by_calls(name, classification):
    metric = (MULTICLASS | BINARY)[name][0](PositiveConfig())
    random = np.random.default_rng(13)
    classes, truth, label = random_labels(random, 2 if name in BINARY else 5)
    predictions = classification(truth, label, classes=classes)
    rows = len(truth)
    drawn = random.integers(0, rows, (100, rows))
    counts = np.stack([np.bincount(draw, minlength=rows) for draw in drawn]).astype(float)

    by_product = metric.value(counts @ metric.statistics(predictions), rows)

    by_calls = [metric(predictions.take(draw)) for draw in drawn]
    assert by_product.shape == (100,)
    np.testing.assert_allclose(by_product, by_calls, atol=1e-12)


@pytest.mark.parametrize("name", MULTICLASS)
def test_row_without_label_counts_as_wrong_like_a_class_of_its_own(name, classification):
    metric, function = MULTICLASS[name]
    truth, label = ["a", "b", "c", "a", "b"], ["a", None, "c", "b", "b"]

    ours = metric(NONE)(classification(truth, label, classes=["a", "b", "c"]))

    assert ours == pytest.approx(expected(function, truth, [name or "-" for name in label]), abs=1e-12)


@pytest.mark.parametrize("name", MULTICLASS)
def test_class_that_the_model_does_not_know_counts_as_wrong(name, classification):
    metric, function = MULTICLASS[name]
    truth, label = ["a", "new", "b", "a"], ["a", "b", "b", "b"]

    ours = metric(NONE)(classification(truth, label, classes=["a", "b"]))

    assert ours == pytest.approx(expected(function, truth, label), abs=1e-12)


def test_unknown_class_without_label_is_not_right(classification):
    predictions = classification(["new"], [None], classes=["a", "b"])

    assert Accuracy(NONE)(predictions) == 0
    assert F1Macro(NONE)(predictions) == 0


def test_macro_average_names_the_class_that_it_leaves_out(classification):
    predictions = classification(["a", "b"], ["a", "a"], classes=["a", "b", "c"])

    assert F1Macro(NONE).describe(predictions) == {"averaged_over": 2, "left_out": ["c"]}
    assert Accuracy(NONE).describe(predictions) == {}


def test_thousand_classes_are_averaged_without_a_column_for_each_in_memory(classification):
    random = np.random.default_rng(14)
    names = [f"{code:04}" for code in range(1000)]
    truth, label = random.choice(names, 3000), random.choice(names, 3000)

    ours = F1Macro(NONE)(classification(truth.tolist(), label.tolist(), classes=names))

    assert ours == pytest.approx(averaged(reference.f1_score, "macro")(truth, label), abs=1e-12)


def test_sums_of_counts_are_the_sums_of_the_columns(classification):
    predictions = classification(["a", "b", "c", "x"], ["a", None, "b", "c"], classes=["a", "b", "c"])

    np.testing.assert_array_equal(F1Macro(NONE).sums(predictions), F1Macro(NONE).statistics(predictions).sum(axis=0))


def test_mcc_of_constant_labels_is_zero_and_of_one_class_undefined(classification):
    assert Mcc(NONE)(classification(["a", "b"], ["a", "a"], classes=["a", "b"])) == 0
    assert math.isnan(Mcc(NONE)(classification(["a", "a"], ["a", "b"], classes=["a", "b"])))


def test_mcc_of_a_hundred_million_rows_stays_exact():
    half = 5e7
    sums = np.array([half - 1, half - 1, half, half, half, half])

    assert Mcc(NONE).value(sums, 2 * half) == pytest.approx(1 - 2 / half, abs=1e-12)


def test_accuracy_is_a_proportion_for_wilson(classification):
    predictions = classification(["a", "b", "b"], ["a", "b", "a"])

    assert Accuracy(NONE).interval == "wilson"
    assert Accuracy(NONE).statistics(predictions).tolist() == [[1], [1], [0]]


def test_metrics_keep_their_bounds():
    everything = [factory for factory, _ in (MULTICLASS | BINARY).values()]

    assert all(metric(NONE).higher_is_better for metric in everything)
    assert {metric(NONE).bounds for metric in everything} == {(0.0, 1.0), (-1.0, 1.0)}

"""Metrics of rows with any number of labels against scikit-learn."""

from __future__ import annotations

import warnings
from functools import partial

import numpy as np
import pyarrow as pa
import pytest
from sklearn import metrics as reference

from sci.api import ComponentConfig, Feature, Predictions
from sci_metrics import averaged, micro, sets
from sci_metrics.ranking import PrAucOvr, RocAucOvr

NONE = ComponentConfig()
NAMES = list("abcdef")
FUNCTIONS = {
    "Precision": reference.precision_score,
    "Recall": reference.recall_score,
    "F1": reference.f1_score,
}
AVERAGES = {
    (average, word): (getattr(module, f"{word}{average.capitalize()}"), partial(function, average=average))
    for average, module in (("micro", micro), ("macro", averaged), ("weighted", averaged), ("samples", sets))
    for word, function in FUNCTIONS.items()
}


def answers(truth, said, probability=None, separator=None):
    """Predictions of the task `multi-label` from two tables of 0 and 1."""
    named = [[[NAMES[k] for k in np.flatnonzero(row)] for row in table] for table in (truth, said)]
    lists = pa.large_list(pa.large_string())
    target = pa.array(
        [separator.join(row) for row in named[0]] if separator else named[0], None if separator else lists
    )
    columns = {"target": target, "prediction.labels": pa.array(named[1], lists)}
    features = dict.fromkeys(columns, Feature("category", dtype="string", ragged=True))
    if separator:
        features["target"] = Feature("category", dtype="string")
    if probability is not None:
        columns["prediction.probability"] = probability
        features["prediction.probability"] = Feature("array", dtype="float64", shape=(truth.shape[1],))
    info = {"classes": NAMES[: truth.shape[1]], "separator": separator}
    return Predictions.of(np.arange(len(truth)), columns, features, info=info)


def drawn(random):
    """Two tables in which some rows have no label, some labels no row, and the one hardly knows of the other."""
    shape = int(random.integers(1, 30)), int(random.integers(2, 7))
    truth = random.random(shape) < random.random(shape[1])
    return truth, np.where(random.random(shape) < random.random(), truth, random.random(shape) < 0.4)


@pytest.mark.parametrize("case", AVERAGES, ids="-".join)
def test_averages_are_those_of_scikit_learn_over_the_labels_that_occur(case):
    metric, function = AVERAGES[case]
    random = np.random.default_rng(3)
    for _ in range(150):
        truth, said = drawn(random)
        occurs = np.flatnonzero(truth.any(axis=0) | said.any(axis=0))
        labels = occurs if case[0] in ("macro", "weighted") and len(occurs) else None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            wanted = function(truth, said, labels=labels, zero_division=0)
        found = metric(NONE)(answers(truth, said))
        if (case[0] == "macro" and not len(occurs)) or (case[0] == "weighted" and not truth.any()):
            assert np.isnan(found)
        else:
            assert found == pytest.approx(wanted, abs=1e-12)


@pytest.mark.parametrize(
    ("metric", "function"),
    [(sets.HammingLoss, reference.hamming_loss), (sets.SubsetAccuracy, reference.accuracy_score)],
)
def test_rows_are_judged_as_in_scikit_learn(metric, function):
    random = np.random.default_rng(4)
    for _ in range(150):
        truth, said = drawn(random)
        assert metric(NONE)(answers(truth, said)) == pytest.approx(function(truth, said), abs=1e-12)


@pytest.mark.parametrize(
    ("metric", "function"),
    [(RocAucOvr, reference.roc_auc_score), (PrAucOvr, reference.average_precision_score)],
)
def test_areas_are_those_of_scikit_learn_over_the_labels_that_some_rows_have(metric, function):
    random = np.random.default_rng(5)
    for _ in range(60):
        truth, said = drawn(random)
        probability = np.round(0.5 * said + 0.5 * random.random(truth.shape), 1)
        kept = truth.any(axis=0) & ~truth.all(axis=0)
        found = metric(NONE)(answers(truth, said, probability))
        if kept.any():
            assert found == pytest.approx(function(truth[:, kept], probability[:, kept], average="macro"), abs=1e-12)
        else:
            assert np.isnan(found)


def test_targets_that_a_separator_cuts_are_the_same_targets():
    truth, said = drawn(np.random.default_rng(6))
    for metric in (micro.F1Micro, averaged.F1Macro, sets.SubsetAccuracy):
        assert metric(NONE)(answers(truth, said, separator="|")) == metric(NONE)(answers(truth, said))


def test_a_label_that_the_model_does_not_know_is_never_found():
    truth = np.array([[1, 0, 1], [0, 1, 0]], dtype=bool)
    known = answers(truth, truth)
    unknown = Predictions(known.table, known.features, {**known.info, "classes": ["a", "b"]})

    assert micro.F1Micro(NONE)(unknown) == pytest.approx(4 / 5)
    assert sets.SubsetAccuracy(NONE)(unknown) == 0.5


def test_labels_that_never_occur_are_left_out_of_the_mean_and_named():
    truth = np.array([[1, 0, 0], [1, 1, 0]], dtype=bool)

    metric = averaged.F1Macro(NONE)

    assert metric(answers(truth, truth)) == 1
    assert metric.describe(answers(truth, truth)) == {"averaged_over": 2, "left_out": ["c"]}


@pytest.mark.parametrize("metric", [micro.F1Micro, averaged.F1Macro, sets.F1Samples, sets.HammingLoss])
def test_sums_over_resampled_rows_are_those_of_the_rows(metric):
    truth, said = drawn(np.random.default_rng(9))
    picks = np.arange(len(truth)) ** 2 % len(truth)
    made = metric(NONE)

    sums = made.statistics(answers(truth, said))[picks].sum(axis=0)

    assert made.value(sums, len(picks)) == pytest.approx(
        made(answers(truth[picks], said[picks])), abs=1e-12, nan_ok=True
    )

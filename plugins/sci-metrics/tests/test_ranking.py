from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn import metrics as reference

from sci.api import ComponentConfig
from sci_metrics.areas import average_precision, roc_area, weighted_roc_area
from sci_metrics.config import PositiveConfig
from sci_metrics.ranking import PrAuc, PrAucOvr, RocAuc, RocAucOvr

AREAS = {"roc": (roc_area, reference.roc_auc_score), "pr": (average_precision, reference.average_precision_score)}


def random_scores(random, ties):
    rows = int(random.integers(2, 80))
    positive = random.random(rows) < random.uniform(0.05, 0.95)
    positive[:2] = [True, False]
    scores = random.normal(size=rows) + positive * random.normal()
    return np.round(scores, 0 if ties else 12), positive


@pytest.mark.parametrize("ties", [True, False], ids=["ties", "no ties"])
@pytest.mark.parametrize("area", AREAS)
def test_area_agrees_with_scikit_learn_on_random_cases(area, ties):
    ours, theirs = AREAS[area]
    random = np.random.default_rng(21)
    for _ in range(250):
        scores, positive = random_scores(random, ties)
        assert ours(scores, positive) == pytest.approx(theirs(positive, scores), abs=1e-12)


@pytest.mark.parametrize(
    ("scores", "roc", "pr"),
    [
        ([0.1, 0.2, 0.8, 0.9], 1.0, 1.0),
        ([0.9, 0.8, 0.2, 0.1], 0.0, 5 / 12),
        ([0.5, 0.5, 0.5, 0.5], 0.5, 0.5),
        ([0.0, np.inf, np.inf, np.inf], 0.75, 2 / 3),
    ],
    ids=["perfect", "all wrong", "constant", "infinite ties"],
)
def test_areas_of_degenerate_scores_are_known(scores, roc, pr):
    positive = np.array([False, False, True, True])

    assert roc_area(np.array(scores), positive) == pytest.approx(roc)
    assert average_precision(np.array(scores), positive) == pytest.approx(pr)


@pytest.mark.parametrize("area", [roc_area, average_precision])
@pytest.mark.parametrize("positive", [[True, True], [False, False], [True], []])
def test_area_with_one_class_only_is_undefined(area, positive):
    assert math.isnan(area(np.zeros(len(positive)), np.array(positive, dtype=bool)))


@pytest.mark.parametrize("area", [roc_area, average_precision])
def test_area_of_scores_that_are_no_numbers_is_undefined(area):
    assert math.isnan(area(np.array([0.1, np.nan]), np.array([True, False])))


@pytest.mark.timeout(60)  # comparing all pairs would take hours
def test_roc_area_is_exact_on_a_million_rows():
    positive = np.arange(1_000_000) % 2 == 0
    scores = np.arange(1_000_000, dtype=float)

    area = roc_area(scores, positive)

    assert area == 0.5 - 0.5 / 500_000


def random_predictions(random, classification, classes):
    names, rows = list("abcdef"[:classes]), int(random.integers(classes, 60))
    truth = np.concatenate([names, random.choice(names, rows)])
    probability = random.dirichlet(np.ones(classes), len(truth)).round(1) + 0.01
    probability /= probability.sum(axis=1, keepdims=True)
    label = np.array(names)[probability.argmax(axis=1)]
    return truth, probability, classification(truth.tolist(), label.tolist(), probability, names)


def test_binary_areas_use_the_probability_of_the_positive_class(classification):
    random = np.random.default_rng(22)
    for _ in range(200):
        truth, probability, predictions = random_predictions(random, classification, 2)
        assert RocAuc(PositiveConfig())(predictions) == pytest.approx(
            reference.roc_auc_score(truth == "b", probability[:, 1]), abs=1e-12
        )
        assert PrAuc(PositiveConfig(positive="a"))(predictions) == pytest.approx(
            reference.average_precision_score(truth == "a", probability[:, 0]), abs=1e-12
        )


def test_one_versus_rest_agrees_with_scikit_learn(classification):
    random = np.random.default_rng(23)
    for _ in range(200):
        classes = int(random.integers(3, 7))
        truth, probability, predictions = random_predictions(random, classification, classes)
        assert RocAucOvr(ComponentConfig())(predictions) == pytest.approx(
            reference.roc_auc_score(truth, probability, multi_class="ovr"), abs=1e-12
        )
        assert PrAucOvr(ComponentConfig())(predictions) == pytest.approx(
            reference.average_precision_score(truth, probability), abs=1e-12
        )


def test_one_versus_rest_leaves_an_absent_class_out_and_names_it(classification):
    probability = np.array([[0.6, 0.3, 0.1], [0.2, 0.7, 0.1], [0.5, 0.4, 0.1]])
    predictions = classification(["a", "b", "a"], ["a", "b", "a"], probability, ["a", "b", "c"])
    metric = RocAucOvr(ComponentConfig())

    assert metric(predictions) == 1.0
    assert metric.describe(predictions) == {"averaged_over": 2, "left_out": ["c"]}


@pytest.mark.parametrize("metric", [RocAuc, PrAuc, RocAucOvr, PrAucOvr])
@pytest.mark.parametrize("truth", [["a", "a"], []])
def test_test_set_of_one_class_is_undefined_without_a_warning(metric, truth, classification):
    probability = np.full((len(truth), 2), 0.5)

    assert math.isnan(metric(PositiveConfig())(classification(truth, truth, probability, ["a", "b"])))


@pytest.mark.parametrize("ties", [False, True])
def test_area_of_counted_rows_is_the_area_of_the_repeated_rows(ties):
    random = np.random.default_rng(5)
    scores = random.integers(0, 6, 40) / 6 if ties else random.random(40)
    positive = random.random(40) < 0.4
    counts = random.multinomial(40, np.full(40, 1 / 40), size=200).astype(float)
    counts[0] = np.where(positive, 0.0, 1.0)
    found = weighted_roc_area(scores, positive)(counts)
    for row, area in zip(counts.astype(int), found, strict=True):
        expected = roc_area(np.repeat(scores, row), np.repeat(positive, row))
        assert area == pytest.approx(expected, abs=1e-12, nan_ok=True)
    assert math.isnan(found[0])

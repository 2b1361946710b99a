from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn import metrics as reference

from sci.api import ComponentConfig
from sci_metrics.probability import Brier, LogLoss

NONE = ComponentConfig()


def random_case(random, classification):
    classes = list("abcdef"[: int(random.integers(2, 7))])
    rows = int(random.integers(1, 50))
    truth = random.choice(classes, rows, p=random.dirichlet(np.ones(len(classes))))
    probability = random.dirichlet(np.full(len(classes), 0.3), rows)
    return classes, truth, probability, classification(truth.tolist(), truth.tolist(), probability, classes)


def test_log_loss_agrees_with_scikit_learn_on_random_cases(classification):
    random = np.random.default_rng(31)
    for _ in range(250):
        classes, truth, probability, predictions = random_case(random, classification)
        theirs = reference.log_loss(truth, probability, labels=classes)
        assert LogLoss(NONE)(predictions) == pytest.approx(theirs, rel=1e-12, abs=1e-12)


def test_brier_agrees_with_scikit_learn_on_random_cases(classification):
    random = np.random.default_rng(32)
    for _ in range(250):
        classes, truth, probability, predictions = random_case(random, classification)
        theirs = (
            reference.brier_score_loss(truth == "b", probability[:, 1])
            if len(classes) == 2
            else reference.brier_score_loss(truth, probability, labels=classes)
        )
        assert Brier(NONE)(predictions) == pytest.approx(theirs, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(
    ("probability", "log_loss", "brier"),
    [
        ([1.0, 0.0], 0.0, 0.0),
        ([0.0, 1.0], -math.log(np.finfo(float).eps), 1.0),
        ([0.5, 0.5], math.log(2), 0.25),
    ],
    ids=["perfect", "all wrong", "a coin"],
)
def test_known_values_of_two_classes(probability, log_loss, brier, classification):
    predictions = classification(["a"], ["a"], [probability], ["a", "b"])

    assert LogLoss(NONE)(predictions) == pytest.approx(log_loss, abs=1e-15)
    assert Brier(NONE)(predictions) == pytest.approx(brier)


def test_brier_of_three_classes_reaches_two_and_says_so(classification):
    predictions = classification(["a"], ["b"], [[0, 1, 0]], ["a", "b", "c"])

    assert Brier(NONE)(predictions) == 2.0
    assert Brier(NONE).describe(predictions) == {"range": [0, 2]}


@pytest.mark.parametrize("metric", [LogLoss, Brier])
def test_unknown_class_missing_number_and_no_rows_are_undefined(metric, classification):
    known = classification(["a", "new"], ["a", "a"], [[1, 0], [1, 0]], ["a", "b"])
    numbers = classification(["a"], ["a"], [[np.nan, np.nan]], ["a", "b"])
    empty = classification([], [], np.zeros((0, 2)), ["a", "b"])

    assert all(math.isnan(metric(NONE)(predictions)) for predictions in (known, numbers, empty))


@pytest.mark.parametrize("metric", [LogLoss, Brier])
def test_resampling_by_matrix_product_is_resampling_by_calls(metric, classification):
    random = np.random.default_rng(33)
    *_, predictions = random_case(random, classification)
    rows = len(predictions)
    drawn = random.integers(0, rows, (50, rows))
    counts = np.stack([np.bincount(draw, minlength=rows) for draw in drawn]).astype(float)

    by_product = metric(NONE).value(counts @ metric(NONE).statistics(predictions), rows)

    np.testing.assert_allclose(by_product, [metric(NONE)(predictions.take(draw)) for draw in drawn], rtol=1e-12)


def test_lower_is_better():
    assert not LogLoss(NONE).higher_is_better
    assert not Brier(NONE).higher_is_better

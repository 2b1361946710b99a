from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn import metrics as reference

from sci.api import ComponentConfig
from sci_metrics.regression import R2, Mae, Mse, Rmse

NONE = ComponentConfig()
METRICS = {
    "mae": (Mae, reference.mean_absolute_error),
    "mse": (Mse, reference.mean_squared_error),
    "rmse": (Rmse, reference.root_mean_squared_error),
    "r2": (R2, reference.r2_score),
}


def random_numbers(random):
    rows = int(random.integers(2, 60))
    truth = random.normal(random.normal() * 10.0 ** random.integers(-3, 6), 10.0 ** random.integers(-3, 4), rows)
    return truth, truth + random.normal(scale=10.0 ** random.integers(-4, 4), size=rows)


@pytest.mark.parametrize("name", METRICS)
def test_agrees_with_scikit_learn_on_random_cases(name, regression):
    metric, function = METRICS[name]
    random = np.random.default_rng(41)
    for _ in range(250):
        truth, value = random_numbers(random)
        assert metric(NONE)(regression(truth, value)) == pytest.approx(function(truth, value), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", METRICS)
def test_resampling_by_matrix_product_is_resampling_by_calls(name, regression):
    metric = METRICS[name][0](NONE)
    random = np.random.default_rng(42)
    predictions = regression(*random_numbers(random))
    rows = len(predictions)
    drawn = random.integers(0, rows, (100, rows))
    counts = np.stack([np.bincount(draw, minlength=rows) for draw in drawn]).astype(float)

    by_product = metric.value(counts @ metric.statistics(predictions), rows)

    np.testing.assert_allclose(by_product, [metric(predictions.take(draw)) for draw in drawn], rtol=1e-9)


def test_perfect_predictions_have_no_error_and_r2_one(regression):
    predictions = regression([1, 2, 4], [1, 2, 4])

    assert [METRICS[name][0](NONE)(predictions) for name in METRICS] == [0, 0, 0, 1]


def test_the_mean_has_r2_zero_and_worse_goes_below(regression):
    assert R2(NONE)(regression([1, 2, 3], [2, 2, 2])) == 0
    assert R2(NONE)(regression([1, 2, 3], [3, 2, 1])) == -3


@pytest.mark.parametrize("truth", [[0.1, 0.1, 0.1], [1e300, 1e300], [5.0]])
def test_r2_of_targets_that_do_not_differ_is_undefined(truth, regression):
    assert math.isnan(R2(NONE)(regression(truth, np.zeros(len(truth)))))


def test_r2_of_a_resample_that_drew_one_value_only_is_undefined(regression):
    random = np.random.default_rng(43)
    metric = R2(NONE)
    for _ in range(200):
        predictions = regression(random.normal(size=7), np.zeros(7))
        one_row_seven_times = 7.0 * np.eye(7)
        assert np.isnan(metric.value(one_row_seven_times @ metric.statistics(predictions), 7)).all()


def test_r2_keeps_its_digits_far_from_zero(regression):
    near = R2(NONE)(regression([1, 2, 3, 4], [1.5, 2, 3, 4]))

    assert R2(NONE)(regression([1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 4], [1e9 + 1.5, 1e9 + 2, 1e9 + 3, 1e9 + 4])) == near


def test_huge_errors_become_infinite_without_a_warning(regression):
    predictions = regression([1e308, -1e308, 0.0], [-1e308, 1e308, np.inf])

    assert Mse(NONE)(predictions) == Rmse(NONE)(predictions) == Mae(NONE)(predictions) == math.inf
    assert not R2(NONE)(predictions) > 1


@pytest.mark.parametrize("name", METRICS)
def test_missing_predictions_and_no_rows_are_undefined(name, regression):
    metric = METRICS[name][0](NONE)

    assert math.isnan(metric(regression([1.0, 2.0], [np.nan, 2.0])))
    assert math.isnan(metric(regression([], [])))


def test_only_r2_is_better_when_higher():
    assert {name for name, (metric, _) in METRICS.items() if metric(NONE).higher_is_better} == {"r2"}

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from sci.api import ComponentConfig, Feature, Predictions

from {{ module }}.concordance import Concordance


def predicted(target: Sequence[float] | np.ndarray, value: Sequence[float] | np.ndarray) -> Predictions:
    columns = {"target": np.asarray(target, dtype=float), "prediction.value": np.asarray(value, dtype=float)}
    return Predictions.of(np.arange(len(target)), columns, dict.fromkeys(columns, Feature("number", dtype="float64")))


@pytest.fixture
def metric() -> Concordance:
    return Concordance(ComponentConfig())


def test_it_is_what_its_definition_says(metric: Concordance) -> None:
    random = np.random.default_rng(0)
    x, y = random.normal(10, 2, 30), random.normal(11, 3, 30)

    expected = 2 * np.cov(x, y, ddof=0)[0, 1] / (x.var() + y.var() + (x.mean() - y.mean()) ** 2)

    assert metric(predicted(x, y)) == pytest.approx(expected)


def test_a_case_worked_out_by_hand(metric: Concordance) -> None:
    # both variances 2/3, covariance 2/3, means 1 apart: (4/3) / (4/3 + 1) = 4/7
    assert metric(predicted([1, 2, 3], [2, 3, 4])) == pytest.approx(4 / 7)


@pytest.mark.parametrize(("value", "expected"), [([1, 2, 3], 1.0), ([3, 2, 1], -1.0)])
def test_it_reaches_its_bounds(metric: Concordance, value: list[float], expected: float) -> None:
    assert metric(predicted([1, 2, 3], value)) == pytest.approx(expected)


def test_a_large_offset_costs_no_digits(metric: Concordance) -> None:
    assert metric(predicted([1e9 + 1, 1e9 + 2, 1e9 + 3], [1e9 + 2, 1e9 + 3, 1e9 + 4])) == pytest.approx(4 / 7)


def test_it_is_not_defined_where_nothing_varies(metric: Concordance) -> None:
    assert math.isnan(metric(predicted([2, 2], [2, 2])))
    assert math.isnan(metric(predicted([], [])))


def test_resampled_values_follow_from_the_sums(metric: Concordance) -> None:
    random = np.random.default_rng(1)
    predictions = predicted(random.normal(size=20), random.normal(size=20))
    draws = random.integers(0, 20, (4, 20))
    counts = np.stack([np.bincount(rows, minlength=20) for rows in draws])

    values = metric.value(counts @ metric.statistics(predictions), 20)

    assert values == pytest.approx([metric(predictions.take(rows)) for rows in draws])

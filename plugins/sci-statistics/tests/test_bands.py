"""Bands against the normal distribution and against the interval of a single point."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest

from sci.api import Feature, Predictions
from sci_statistics.bootstrap import Bootstrap
from sci_statistics.config import BootstrapConfig

NUMBER = Feature("number", dtype="float64")
POWERS = np.array([1.0, 2.0, 3.0])


class Moments:
    """Means of the first powers of the target."""

    points = 3

    def weighted(self, predictions: Predictions) -> Callable[[np.ndarray], np.ndarray]:
        powers = predictions.target()[:, None] ** POWERS
        return lambda counts: (counts @ powers) / counts.sum(axis=1, keepdims=True)


class Rare:
    """The mean, and a value that only a resample with the first row thrice has."""

    points = 2

    def weighted(self, predictions: Predictions) -> Callable[[np.ndarray], np.ndarray]:
        target = predictions.target()

        def values(counts: np.ndarray) -> np.ndarray:
            mean = (counts @ target) / counts.sum(axis=1)
            return np.stack([mean, np.where(counts[:, 0] > 2, 1.0, np.nan)], axis=1)

        return values


def rows(values: np.ndarray, group: list[str] | None = None) -> Predictions:
    columns = {"target": values, "prediction.value": values}
    features = dict.fromkeys(columns, NUMBER)
    if group is not None:
        columns["group"] = pa.array(group)
        features["group"] = Feature("category", dtype="string")
    return Predictions.of(np.arange(len(values)), columns, features)


def band(curve: object, predictions: Predictions, confidence: float = 0.95):
    return Bootstrap(BootstrapConfig()).band(curve, predictions, confidence, seed=7)


def test_each_point_has_the_width_that_the_normal_distribution_says():
    values = np.random.default_rng(0).normal(3.0, 2.0, 400)
    found = band(Moments(), rows(values))
    expected = 2 * 1.96 * (values[:, None] ** POWERS).std(axis=0) / np.sqrt(len(values))
    assert found.high - found.low == pytest.approx(expected, rel=0.08)
    assert found.method == "percentile bootstrap at each point, 2,000 resamples of rows"


def test_whole_groups_are_drawn_where_the_rows_carry_them():
    values = np.repeat(np.random.default_rng(1).normal(size=40), 10)
    alone = band(Moments(), rows(values))
    grouped = band(Moments(), rows(values, [f"g{at // 10}" for at in range(400)]))
    assert (grouped.high - grouped.low)[0] == pytest.approx(np.sqrt(10) * (alone.high - alone.low)[0], rel=0.15)
    assert "whole groups (40)" in grouped.method


def test_a_point_that_most_resamples_lack_has_no_interval():
    found = band(Rare(), rows(np.arange(50.0)))
    assert np.isfinite(found.low).tolist() == [True, False]
    assert np.isfinite(found.high).tolist() == [True, False]


@pytest.mark.parametrize("n", [0, 1])
def test_too_few_rows_have_no_band_and_it_is_said(n):
    found = band(Moments(), rows(np.ones(n)))
    assert np.isnan(found.low).all()
    assert found.low.shape == (3,)
    assert found.method == f"not defined for n = {n}"


def test_the_same_seed_gives_the_same_band():
    predictions = rows(np.random.default_rng(2).normal(size=60))
    first, again = (band(Moments(), predictions) for _ in range(2))
    assert np.array_equal(first.low, again.low)
    assert np.array_equal(first.high, again.high)

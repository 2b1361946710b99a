"""Intervals against SciPy, statsmodels, published values and simulation."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from sci.api import ConfigError, Feature, Predictions
from sci_statistics.bootstrap import Bootstrap
from sci_statistics.config import BootstrapConfig
from sci_statistics.limits import alike
from sci_statistics.resampling import Called, Summed, resampler
from sci_statistics.wilson import Wilson

NUMBER = Feature("number", dtype="float64")


class Rmse:
    higher_is_better = False
    bounds = (0.0, None)

    def __call__(self, predictions: Predictions) -> float:
        return float(np.sqrt(np.mean((predictions.target() - predictions.prediction("value")) ** 2)))


class SummedRmse(Rmse):
    def statistics(self, predictions: Predictions) -> np.ndarray:
        return (predictions.target() - predictions.prediction("value"))[:, None] ** 2

    def value(self, sums: np.ndarray, n: int) -> np.ndarray:
        return np.sqrt(sums[..., 0] / n)


class WeightedRmse(Rmse):
    def weighted(self, predictions: Predictions) -> Callable[[np.ndarray], np.ndarray]:
        errors = (predictions.target() - predictions.prediction("value")) ** 2
        return lambda counts: np.sqrt((counts @ errors) / counts.sum(axis=1))


class Accuracy:
    higher_is_better = True
    bounds = (0.0, 1.0)

    def statistics(self, predictions: Predictions) -> np.ndarray:
        return (predictions.target() == predictions.prediction("value")).astype(float)[:, None]

    def value(self, sums: np.ndarray, n: int) -> np.ndarray:
        return sums[..., 0] / n

    def __call__(self, predictions: Predictions) -> float:
        return float(self.statistics(predictions).mean())


class MeanOfPositives:
    """Not defined where no target is 1."""

    higher_is_better = True
    bounds = (None, None)

    def __call__(self, predictions: Predictions) -> float:
        chosen = predictions.prediction("value")[predictions.target() == 1]
        return float(chosen.mean()) if len(chosen) else math.nan


def predictions(target: Any, value: Any, group: Any = None) -> Predictions:
    columns = {"target": np.asarray(target, dtype=float), "prediction.value": np.asarray(value, dtype=float)}
    made = Predictions.of(np.arange(len(columns["target"])), columns, dict.fromkeys(columns, NUMBER))
    if group is None:
        return made
    return dataclasses.replace(made, table=made.table.append_column("group", pa.array(group)))


def noisy(n: int, seed: int = 0) -> Predictions:
    random = np.random.default_rng(seed)
    target = random.normal(size=n)
    return predictions(target, target + random.gamma(1.0, size=n))


def right(n: int, share: float, seed: int = 0) -> Predictions:
    return predictions(np.ones(n), np.random.default_rng(seed).random(n) < share)


def bootstrap(**settings: Any) -> Bootstrap:
    return Bootstrap(BootstrapConfig(**settings))


@pytest.mark.parametrize("method", ["bca", "percentile"])
def test_bootstrap_agrees_with_scipy(method: str) -> None:
    data = noisy(80)
    errors = data.target() - data.prediction("value")

    found = bootstrap(method=method).interval(SummedRmse(), data, 0.95, seed=1)

    scipy = stats.bootstrap(
        (errors,),
        lambda x, axis: np.sqrt(np.mean(x**2, axis=axis)),
        n_resamples=9999,
        method={"bca": "BCa"}.get(method, method),
        rng=np.random.default_rng(2),
    ).confidence_interval
    width = scipy.high - scipy.low
    assert found.low == pytest.approx(scipy.low, abs=0.04 * width)
    assert found.high == pytest.approx(scipy.high, abs=0.04 * width)


def test_acceleration_of_the_grouped_jackknife_is_near_that_of_single_rows() -> None:
    data = noisy(4000)

    single = Summed(SummedRmse(), (data,), resampler(SummedRmse(), data).units).leave_one_out(seed=0)
    grouped = Called(Rmse(), (data,), resampler(Rmse(), data).units).leave_one_out(seed=0)

    def acceleration(values: np.ndarray) -> float:
        influence = values.mean() - values
        return float(np.sum(influence**3) / (6 * np.sum(influence**2) ** 1.5))

    assert single.shape == (1, 4000)
    assert grouped.shape == (1, 200)
    assert acceleration(grouped) == pytest.approx(acceleration(single), abs=0.005)


@pytest.mark.parametrize("method", ["bca", "percentile"])
def test_statistics_and_calls_give_the_same_interval_with_the_same_seed(method: str) -> None:
    data = noisy(60)

    summed = bootstrap(method=method, resamples=500).interval(SummedRmse(), data, 0.9, seed=3)
    called = bootstrap(method=method, resamples=500).interval(Rmse(), data, 0.9, seed=3)
    weighted = bootstrap(method=method, resamples=500).interval(WeightedRmse(), data, 0.9, seed=3)

    assert (summed.low, summed.high) == pytest.approx((called.low, called.high), rel=1e-12)
    assert (weighted.low, weighted.high) == pytest.approx((called.low, called.high), rel=1e-12)
    assert summed.method == called.method


def test_statistics_and_calls_agree_when_groups_are_resampled() -> None:
    data = noisy(60)
    data = dataclasses.replace(
        data, table=data.table.append_column("group", pa.array([f"p{i // 7}" for i in range(60)]))
    )

    summed = bootstrap(resamples=300).interval(SummedRmse(), data, 0.9, seed=3)
    called = bootstrap(resamples=300).interval(Rmse(), data, 0.9, seed=3)
    weighted = bootstrap(resamples=300).interval(WeightedRmse(), data, 0.9, seed=3)

    assert (summed.low, summed.high) == pytest.approx((called.low, called.high), rel=1e-12)
    assert (weighted.low, weighted.high) == pytest.approx((called.low, called.high), rel=1e-12)
    assert "whole groups (9)" in summed.method


@pytest.mark.parametrize("metric", [SummedRmse(), WeightedRmse()])
def test_draws_that_are_kept_are_those_that_are_made_anew(metric: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [(60, 3), (60, 3), (300, 3), (60, 4), (60, 3)]
    kept = [resampler(metric, noisy(rows)).draw(500, seed)[0] for rows, seed in asked]

    monkeypatch.setattr("sci_statistics.resampling.HELD", 0)
    anew = [resampler(metric, noisy(rows)).draw(500, seed)[0] for rows, seed in asked]

    assert [one.tobytes() for one in kept] == [one.tobytes() for one in anew]
    assert not np.array_equal(kept[0], kept[3])


def test_counting_equal_rows_together_gives_the_same_distribution(monkeypatch: pytest.MonkeyPatch) -> None:
    data = right(300, 0.8)
    one_by_one = resampler(Accuracy(), data).draw(4000, seed=0)[0]

    monkeypatch.setattr("sci_statistics.resampling.MANY_PICKS", 0)
    together = resampler(Accuracy(), data).draw(4000, seed=0)[0]

    assert stats.ks_2samp(one_by_one, together).pvalue > 0.01
    assert not np.array_equal(one_by_one, together)


def test_the_seed_decides_the_interval() -> None:
    data = noisy(50)
    one, two, other = (bootstrap(resamples=200).interval(SummedRmse(), data, 0.95, seed) for seed in (1, 1, 2))

    assert one == two
    assert one != other


def test_expensive_metrics_are_called_at_most_2000_times_for_resamples() -> None:
    found = bootstrap(method="percentile").interval(Rmse(), noisy(20), 0.95, seed=0)

    assert found.method == "percentile bootstrap, 2,000 resamples of rows"


def test_resampling_groups_widens_the_interval_of_rows_that_repeat_each_other() -> None:
    single = right(40, 0.7)
    target, value = np.repeat(single.target(), 10), np.repeat(single.prediction("value"), 10)

    rows = bootstrap().interval(Accuracy(), predictions(target, value), 0.95, seed=0)
    groups = bootstrap().interval(Accuracy(), predictions(target, value, np.repeat(np.arange(40), 10)), 0.95, seed=0)
    honest = bootstrap().interval(Accuracy(), single, 0.95, seed=0)

    assert groups.high - groups.low > 2.5 * (rows.high - rows.low)
    assert (groups.low, groups.high) == pytest.approx((honest.low, honest.high), abs=1e-9)
    assert "whole groups (40)" in groups.method


def test_rows_of_a_group_are_found_wherever_they_lie() -> None:
    data = predictions([0, 1, 2, 3, 4, 5], np.zeros(6), ["b", "a", "c", "a", "b", "a"])

    units = resampler(Accuracy(), data).units
    groups = sorted(sorted(units.rows(np.array([unit])).tolist()) for unit in range(3))

    assert groups == [[0, 4], [1, 3, 5], [2]]
    assert units.sums(np.arange(6.0)[:, None])[:, 0].tolist() == [units.rows(np.array([u])).sum() for u in range(3)]


def test_rows_without_a_group_stand_for_themselves() -> None:
    data = predictions(np.ones(5), [1, 0, 1, 1, 0], ["a", None, "a", None, "b"])

    units = resampler(Accuracy(), data).units

    assert len(units) == 4
    assert sorted(units.sizes.tolist()) == [1, 1, 1, 2]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (noisy(0), "not defined for n = 0"),
        (noisy(1), "not defined for n = 1"),
        (predictions([1, 0, 1], [1, 1, 1], ["p", "p", "p"]), "not defined for a single group"),
        (predictions([0, 0, 0], [1, 1, 1]), "not defined: the metric has no value for these rows"),
    ],
)
def test_no_interval_says_why(data: Predictions, reason: str) -> None:
    found = bootstrap(resamples=99).interval(MeanOfPositives(), data, 0.95, seed=0)

    assert math.isnan(found.low)
    assert math.isnan(found.high)
    assert found.method == reason


@pytest.mark.parametrize("method", ["bca", "percentile"])
def test_equal_resamples_give_no_interval_and_say_so(method: str) -> None:
    found = bootstrap(resamples=200, method=method).interval(
        Accuracy(), predictions([1, 1, 1], [1, 1, 1]), 0.95, seed=0
    )

    assert math.isnan(found.low)
    assert math.isnan(found.high)
    assert found.method == "not defined: all resamples are equal"


def test_resamples_that_differ_by_rounding_alone_are_equal() -> None:
    assert alike(np.array([0.1 + 0.2, 0.3]))
    assert alike(np.zeros(3))
    assert not alike(np.array([0.3, 0.3 + 1e-9]))


def test_an_infinite_bias_correction_falls_back_to_percentiles() -> None:
    class Smallest(Rmse):
        def __call__(self, predictions: Predictions) -> float:
            return float(predictions.target().min()) - 1.0 * (len(set(predictions.ids.tolist())) == len(predictions))

    found = bootstrap(resamples=200).interval(Smallest(), noisy(30), 0.95, seed=0)

    assert "BCa is degenerate: all resamples lie on one side of the value" in found.method
    assert math.isfinite(found.low)


def test_resamples_without_a_value_are_left_out_and_counted() -> None:
    data = predictions([1, 1, 0, 0, 0, 0], [0.2, 0.9, 0, 0, 0, 0])
    values = resampler(MeanOfPositives(), data).draw(500, seed=4)[0]
    missing = int(np.isnan(values).sum())

    found = bootstrap(resamples=500, method="percentile").interval(MeanOfPositives(), data, 0.95, seed=4)

    assert missing > 10
    assert f"{missing} of them left out because the metric has no value there" in found.method
    assert (found.low, found.high) == pytest.approx((0.2, 0.9))


def test_samples_that_are_not_paired_are_drawn_apart() -> None:
    class DifferenceOfMeans(Rmse):
        def __call__(self, predictions: Predictions) -> float:
            return float(predictions.target().mean() - predictions.prediction("value").mean())

    random = np.random.default_rng(0)
    target = random.normal(size=400)
    unpaired = dataclasses.replace(predictions(target, target), paired=False)

    found = bootstrap(resamples=2000).interval(DifferenceOfMeans(), unpaired, 0.95, seed=0)

    normal = 2 * 1.96 * target.std() * math.sqrt(2 / 400)
    assert found.high - found.low == pytest.approx(normal, rel=0.1)
    assert "predictions are samples" in found.method


@pytest.mark.parametrize(("metric", "truth"), [(Accuracy(), 0.8), (SummedRmse(), math.sqrt(2.0))])
def test_95_percent_intervals_cover_the_truth_in_about_95_of_100_test_sets(metric: Any, truth: float) -> None:
    make = right if isinstance(metric, Accuracy) else noisy
    covered = 0
    for seed in range(200):
        data = make(200, 0.8, seed) if make is right else make(200, seed)
        found = bootstrap(resamples=999).interval(metric, data, 0.95, seed)
        covered += found.low <= truth <= found.high

    assert 0.90 <= covered / 200 <= 0.99


@pytest.mark.parametrize(("ones", "n"), [(81, 263), (15, 148), (0, 20), (1, 29), (20, 20), (1, 1)])
@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
def test_wilson_agrees_with_statsmodels(ones: int, n: int, confidence: float) -> None:
    data = predictions(np.ones(n), np.arange(n) < ones)

    found = Wilson().interval(Accuracy(), data, confidence, seed=0)

    expected = proportion_confint(ones, n, alpha=1 - confidence, method="wilson")
    assert (found.low, found.high) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("ones", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_values_of_newcombe_1998(ones: int, n: int, low: float, high: float) -> None:
    found = Wilson().interval(Accuracy(), predictions(np.ones(n), np.arange(n) < ones), 0.95, seed=0)

    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)
    assert found.method == "Wilson score"


def test_wilson_warns_when_rows_share_groups() -> None:
    found = Wilson().interval(Accuracy(), predictions([1, 1], [1, 0], ["p", "p"]), 0.95, seed=0)

    assert "as if rows of one group were independent" in found.method


def test_wilson_of_no_rows_is_not_defined() -> None:
    found = Wilson().interval(Accuracy(), noisy(0), 0.95, seed=0)

    assert math.isnan(found.low)
    assert found.method == "not defined: there are no rows"


class ErrorRate(Accuracy):
    """Statistics of 0 and 1, but the value is the share of zeros."""

    def __call__(self, predictions: Predictions) -> float:
        return 1.0 - super().__call__(predictions)


@pytest.mark.parametrize("metric", [Rmse(), SummedRmse(), ErrorRate()])
def test_wilson_refuses_what_is_no_proportion(metric: Any) -> None:
    data = noisy(10) if not isinstance(metric, ErrorRate) else right(10, 0.9)

    with pytest.raises(ConfigError, match="no proportion"):
        Wilson().interval(metric, data, 0.95, seed=0)


def test_settings_have_bounds() -> None:
    with pytest.raises(ValueError, match="greater than or equal to 99"):
        BootstrapConfig(resamples=98)

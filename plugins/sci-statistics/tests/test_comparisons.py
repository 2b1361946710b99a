"""The paired bootstrap against closed forms and simulation."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from sci.api import DataError, Feature, Predictions
from sci_statistics.config import PairedBootstrapConfig
from sci_statistics.paired import PairedBootstrap

NUMBER = Feature("number", dtype="float64")


class MeanError:
    higher_is_better = False
    bounds = (0.0, None)

    def __call__(self, predictions: Predictions) -> float:
        return float(np.mean(np.abs(predictions.target() - predictions.prediction("value"))))


class SummedMeanError(MeanError):
    def statistics(self, predictions: Predictions) -> np.ndarray:
        return np.abs(predictions.target() - predictions.prediction("value"))[:, None]

    def value(self, sums: np.ndarray, n: int) -> np.ndarray:
        return sums[..., 0] / n


class Share(SummedMeanError):
    higher_is_better = True


def predictions(value: Any, target: Any = None, ids: Any = None) -> Predictions:
    value = np.asarray(value, dtype=float)
    columns = {"target": np.zeros(len(value)) if target is None else target, "prediction.value": value}
    return Predictions.of(np.arange(len(value)) if ids is None else ids, columns, dict.fromkeys(columns, NUMBER))


def compare(metric: Any, a: Predictions, b: Predictions, seed: int = 0, resamples: int = 999) -> Any:
    return PairedBootstrap(PairedBootstrapConfig(resamples=resamples)).compare(metric, a, b, 0.95, seed)


def test_the_interval_of_a_mean_difference_is_that_of_normal_theory() -> None:
    random = np.random.default_rng(0)
    hard = random.gamma(2.0, size=500)
    a, b = hard + random.random(500), hard + random.random(500) + 0.1
    differences = b - a

    found = compare(SummedMeanError(), predictions(a), predictions(b), resamples=9999)

    error = differences.std(ddof=1) / math.sqrt(500)
    assert found.value == pytest.approx(differences.mean())
    assert found.low == pytest.approx(differences.mean() - 1.96 * error, abs=0.1 * error)
    assert found.high == pytest.approx(differences.mean() + 1.96 * error, abs=0.1 * error)
    assert found.detectable == pytest.approx(2.8 * error, rel=0.05)


def test_positive_means_that_a_is_better_whatever_the_direction_of_the_metric() -> None:
    small, large = predictions([0.1, 0.2, 0.1, 0.3]), predictions([0.9, 0.8, 1.0, 0.7])

    assert compare(SummedMeanError(), small, large).value > 0
    assert compare(Share(), small, large).value < 0
    assert compare(Share(), large, small).value == pytest.approx(-compare(Share(), small, large).value)


def test_statistics_and_calls_give_the_same_difference_with_the_same_seed() -> None:
    random = np.random.default_rng(1)
    a, b = predictions(random.random(40)), predictions(random.random(40))

    summed, called = compare(SummedMeanError(), a, b), compare(MeanError(), a, b)

    for name in ("value", "low", "high", "p", "detectable"):
        assert getattr(summed, name) == pytest.approx(getattr(called, name), rel=1e-9)


def test_a_model_against_itself_shows_no_difference() -> None:
    a = predictions(np.random.default_rng(0).random(30))

    found = compare(SummedMeanError(), a, a)

    assert (found.value, found.low, found.high, found.p) == (0.0, 0.0, 0.0, 1.0)
    assert math.isnan(found.detectable)


def test_p_of_a_difference_that_never_reaches_zero_is_the_smallest_that_can_be_told() -> None:
    found = compare(SummedMeanError(), predictions(np.zeros(50)), predictions(np.linspace(1, 2, 50)), resamples=999)

    assert found.p == pytest.approx(2 / 1000)


def test_p_is_the_same_whichever_model_comes_first() -> None:
    random = np.random.default_rng(3)
    a, b = predictions(random.random(60)), predictions(random.random(60) + 0.1)

    assert compare(SummedMeanError(), a, b).p == compare(SummedMeanError(), b, a).p < 0.5


def test_equal_models_differ_at_5_percent_in_about_5_of_100_test_sets() -> None:
    found = 0
    for seed in range(400):
        random = np.random.default_rng(seed)
        hard = random.random(100) < 0.2
        a, b = hard ^ (random.random(100) < 0.1), hard ^ (random.random(100) < 0.1)
        difference = compare(Share(), predictions(a), predictions(b), seed, resamples=499)
        found += difference.p <= 0.05

    assert 0.02 <= found / 400 <= 0.09


def test_p_and_interval_agree() -> None:
    for seed in range(60):
        random = np.random.default_rng(seed)
        a, b = predictions(random.random(40)), predictions(random.random(40) + 0.12)
        found = compare(SummedMeanError(), a, b, seed)
        if abs(found.p - 0.05) > 0.005:
            assert (found.p < 0.05) == (not found.low <= 0 <= found.high)


def test_detectable_differences_are_found_in_about_80_of_100_test_sets() -> None:
    random = np.random.default_rng(0)
    first = compare(SummedMeanError(), predictions(random.normal(5, 1, 150)), predictions(random.normal(5, 1, 150)))
    found = 0
    for seed in range(200):
        random = np.random.default_rng(seed)
        a, b = random.normal(5, 1, 150), random.normal(5 + first.detectable, 1, 150)
        found += compare(SummedMeanError(), predictions(a), predictions(b), seed).p < 0.05

    assert 0.70 <= found / 200 <= 0.90


def test_whole_groups_are_resampled_for_both_models() -> None:
    random = np.random.default_rng(0)
    effect = np.repeat(random.normal(size=20), 10)
    group = pa.array(np.repeat(np.arange(20), 10))
    plain = predictions(np.full(200, 5.0)), predictions(5.0 + effect)
    grouped = tuple(dataclasses.replace(one, table=one.table.append_column("group", group)) for one in plain)

    rows, groups = compare(SummedMeanError(), *plain), compare(SummedMeanError(), *grouped)

    assert groups.high - groups.low > 2.5 * (rows.high - rows.low)
    assert "whole groups (20)" in groups.method


@pytest.mark.parametrize("ids", [[0, 1, 3], [1, 0, 2]])
def test_other_rows_or_another_order_are_refused(ids: list[int]) -> None:
    with pytest.raises(DataError, match="not tested on the same rows") as caught:
        compare(SummedMeanError(), predictions([1, 2, 3]), predictions([1, 2, 3], ids=np.array(ids)))

    assert caught.value.exit_code == 3


def test_other_targets_under_the_same_ids_are_refused() -> None:
    other = predictions([1, 2, 3], target=np.array([0.0, 0.0, 1.0]))

    with pytest.raises(DataError, match="`target` is not the same"):
        compare(SummedMeanError(), predictions([1, 2, 3]), other)


def test_missing_targets_are_equal_to_each_other() -> None:
    target = np.array([0.0, np.nan, 1.0])
    a, b = predictions([1, 2, 3], target=target), predictions([2, 2, 3], target=target.copy())

    found = compare(SummedMeanError(), a, b)

    assert math.isnan(found.value)
    assert found.method == "not defined: the metric has no value for these rows"


def test_one_row_cannot_be_compared() -> None:
    found = compare(SummedMeanError(), predictions([1]), predictions([2]))

    assert math.isnan(found.p)
    assert found.method == "not defined for n = 1"


def test_samples_that_are_not_paired_are_not_compared() -> None:
    a = dataclasses.replace(predictions([1, 2, 3]), paired=False)

    assert compare(SummedMeanError(), a, a).method.startswith("not defined: predictions are samples")


def test_a_mean_over_rows_has_an_effect_and_other_metrics_have_none() -> None:
    random = np.random.default_rng(1)
    one, two = random.random(40), random.random(40) + 0.2

    found = compare(SummedMeanError(), predictions(one), predictions(two))

    assert found.effect == pytest.approx((two - one).mean() / (two - one).std(ddof=1))
    assert found.scale == "Cohen's d_z"
    assert math.isnan(compare(MeanError(), predictions(one), predictions(two)).effect)
    assert math.isnan(compare(SummedMeanError(), predictions(one), predictions(one)).effect)

"""The corrected resampled t test against its formula and a published implementation's terms."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from sci.api import ConfigError, Feature, Predictions
from sci_statistics.folds import CorrectedT
from sci_statistics.over_folds import CorrectedResampled
from sci_statistics.resampled import Resampled, corrected_variance

NUMBER = Feature("number", dtype="float64")


class MeanError:
    higher_is_better = False
    bounds = (0.0, None)

    def __call__(self, predictions: Predictions) -> float:
        return float(np.mean(np.abs(predictions.target() - predictions.prediction("value"))))


def folded(values: Any, folds: int, train_rows: float) -> Predictions:
    values = np.asarray(values, dtype=float)
    columns = {"target": np.zeros(len(values)), "prediction.value": values}
    made = Predictions.of(np.arange(len(values)), columns, dict.fromkeys(columns, NUMBER))
    fold = pa.array([f"fold-{at * folds // len(values)}" for at in range(len(values))])
    return dataclasses.replace(made, table=made.table.append_column("fold", fold), info={"train_rows": train_rows})


def compare(a: Predictions, b: Predictions) -> Any:
    return CorrectedT().compare(MeanError(), a, b, 0.95, 0)


def test_it_is_the_t_test_of_nadeau_and_bengio() -> None:
    random = np.random.default_rng(0)
    a, b = random.random(100), random.random(100) + 0.1

    found = compare(folded(a, 10, 90), folded(b, 10, 90))

    d = (b - a).reshape(10, 10).mean(axis=1)
    error = math.sqrt((1 / 10 + 10 / 90) * d.var(ddof=1))
    assert found.value == pytest.approx(d.mean())
    assert found.p == pytest.approx(2 * stats.t.sf(abs(d.mean()) / error, 9), abs=1e-12)
    assert found.high == pytest.approx(d.mean() + stats.t.ppf(0.975, 9) * error)
    assert found.method == "corrected resampled t over 10 folds"


def test_without_shared_training_rows_it_is_the_paired_t_test() -> None:
    random = np.random.default_rng(1)
    a, b = random.random(40), random.random(40)

    found = compare(folded(a, 8, math.inf), folded(b, 8, math.inf))

    expected = stats.ttest_rel(a.reshape(8, 5).mean(axis=1), b.reshape(8, 5).mean(axis=1))
    assert found.p == pytest.approx(expected.pvalue, abs=1e-8)


def test_shared_training_rows_widen_the_variance() -> None:
    values = np.array([0.1, 0.2, 0.4])

    assert corrected_variance(values, 0.0) == pytest.approx(values.var(ddof=1) / 3)
    assert corrected_variance(values, 0.5) == pytest.approx((1 / 3 + 0.5) * values.var(ddof=1))


def test_a_single_fold_has_no_interval() -> None:
    a = folded([1, 2, 3], 1, 10)

    found = compare(a, a)

    assert math.isnan(found.p)
    assert found.method == "not defined: it needs two folds"


def test_predictions_that_do_not_say_their_fold_are_refused() -> None:
    a = dataclasses.replace(folded([1, 2, 3], 3, 10), info={})

    with pytest.raises(ConfigError, match="`corrected-t` needs runs of several folds"):
        compare(a, a)


def interval(predictions: Predictions, metric: Any = None) -> Any:
    return CorrectedResampled().interval(metric or MeanError(), predictions, 0.95, 0)


def test_the_interval_of_a_mean_over_folds_has_the_corrected_variance() -> None:
    values = np.random.default_rng(2).random(100)

    found = interval(folded(values, 10, 90))

    means = values.reshape(10, 10).mean(axis=1)
    half = stats.t.ppf(0.975, 9) * math.sqrt((1 / 10 + 10 / 90) * means.var(ddof=1))
    assert (found.low, found.high) == pytest.approx((means.mean() - half, means.mean() + half))
    assert found.method == "corrected resampled t over 10 folds"


def test_models_that_were_tested_on_one_fold_are_averaged_before_the_variance_is_taken() -> None:
    values = np.random.default_rng(3).random(60) + 1
    once = folded(values, 6, 50)
    noise = np.tile([0.1, -0.1], 30)
    table = pa.concat_tables([folded(values + sign * noise, 6, 50).table for sign in (1, -1)])
    child = pa.array(np.repeat(["seed-1", "seed-2"], 60))
    twice = dataclasses.replace(once, table=table.append_column("child", child))

    assert interval(twice).low == pytest.approx(interval(once).low)
    assert interval(twice).high == pytest.approx(interval(once).high)


def test_the_interval_keeps_within_the_bounds_of_the_metric() -> None:
    found = interval(folded([0, 0, 0, 3], 4, 3))

    assert found.low == 0.0
    assert found.high > 0.75


def test_an_interval_over_no_folds_is_refused_and_over_one_not_defined() -> None:
    assert interval(folded([1, 2, 3], 1, 10)).method == "not defined: it needs two folds"
    with pytest.raises(ConfigError, match="`corrected-resampled` needs a run of several folds"):
        interval(dataclasses.replace(folded([1, 2, 3], 3, 10), info={}))


def test_the_corrected_interval_covers_the_expected_error_where_the_plain_one_does_not() -> None:
    """Ten random splits of 60 rows for a mean as the model: the expected squared error is known."""
    random = np.random.default_rng(4)
    covered = {"corrected": 0, "plain": 0}
    for _ in range(400):
        rows = random.normal(size=60)
        means = []
        for _ in range(10):
            order = random.permutation(60)
            means.append(np.mean((rows[order[54:]] - rows[order[:54]].mean()) ** 2))
        truth = 1 + 1 / 54
        for name, share in (("corrected", 6 / 54), ("plain", 0.0)):
            half = Resampled(np.array(means), share).half(0.95)
            covered[name] += abs(np.mean(means) - truth) <= half
    assert covered["corrected"] / 400 > 0.88
    assert covered["plain"] < covered["corrected"] - 20


def test_the_effect_is_the_mean_difference_over_its_spread() -> None:
    a, b = np.array([1.0, 2, 3, 4]), np.array([1.5, 2.5, 3.2, 4.9])

    found = compare(folded(a, 4, 9), folded(b, 4, 9))

    assert found.scale == "Cohen's d_z"
    assert found.effect == pytest.approx((b - a).mean() / (b - a).std(ddof=1))


def test_seeds_of_a_fold_are_averaged_and_share_no_more_training_rows() -> None:
    random = np.random.default_rng(3)
    a, b = random.random((4, 2, 5)), random.random((4, 2, 5)) + 0.1

    def seeded(values: Any) -> Predictions:
        made = folded(values.ravel(), 4, 15)
        children = pa.array(np.repeat(np.arange(8), 5))
        return dataclasses.replace(made, table=made.table.append_column("child", children))

    found = compare(seeded(a), seeded(b))

    d = (b - a).mean(axis=(1, 2))
    error = math.sqrt((1 / 4 + 5 / 15) * d.var(ddof=1))
    assert found.method == "corrected resampled t over 4 folds, means of 2 models"
    assert found.p == pytest.approx(2 * stats.t.sf(abs(d.mean()) / error, 3), abs=1e-12)


@pytest.mark.parametrize(
    ("children", "said"),
    [
        ([0, 1], "corrected resampled t over 2 folds"),
        ([0, 0, 1, 1], "corrected resampled t over 2 folds, means of 2 models"),
        ([0, 1, 1, 1], "corrected resampled t over 2 folds, means of 1-3 models"),
        ([0], "not defined: it needs two folds"),
        ([0, 0, 0], "not defined: it needs two folds"),
    ],
)
def test_an_interval_says_over_how_many_folds_and_of_how_many_models_means_are(children: list[int], said: str) -> None:
    made = folded(np.linspace(0.1, 0.9, 4 * len(children)), len(children), 15)
    table = made.table.set_column(made.table.column_names.index("fold"), "fold", pa.array(np.repeat(children, 4)))
    table = table.append_column("child", pa.array(np.repeat(np.arange(len(children)), 4)))
    assert interval(dataclasses.replace(made, table=table)).method == said


def test_folds_with_one_and_the_same_value_have_no_interval() -> None:
    found = interval(folded([1, 1, 1, 1], 4, 3))

    assert math.isnan(found.low)
    assert found.method == "not defined: all folds have the same value"

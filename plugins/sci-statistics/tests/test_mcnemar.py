"""McNemar's test against statsmodels and mlxtend, and the interval of Newcombe by simulation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from mlxtend.evaluate import mcnemar as of_mlxtend
from mlxtend.evaluate import mcnemar_table
from statsmodels.stats.contingency_tables import mcnemar as of_statsmodels
from statsmodels.stats.proportion import confint_proportions_2indep

from sci.api import ConfigError, DataError, Feature, Predictions
from sci_statistics.config import McNemarConfig
from sci_statistics.mcnemar import McNemar, newcombe

NUMBER = Feature("number", dtype="float64")


class Accuracy:
    higher_is_better = True
    bounds = (0.0, 1.0)

    def statistics(self, predictions: Predictions) -> np.ndarray:
        return (predictions.target() == predictions.prediction("value")).astype(float)[:, None]

    def value(self, sums: np.ndarray, n: int) -> np.ndarray:
        return sums[..., 0] / n

    def __call__(self, predictions: Predictions) -> float:
        return float(self.statistics(predictions).mean()) if len(predictions) else math.nan


class MeanError(Accuracy):
    def statistics(self, predictions: Predictions) -> np.ndarray:
        return np.abs(predictions.target() - predictions.prediction("value"))[:, None]


def predictions(right: Any, ids: Any = None) -> Predictions:
    right = np.asarray(right, dtype=float)
    columns = {"target": np.ones(len(right)), "prediction.value": right}
    return Predictions.of(np.arange(len(right)) if ids is None else ids, columns, dict.fromkeys(columns, NUMBER))


def pair(both: int, only_a: int, only_b: int, neither: int) -> tuple[Predictions, Predictions]:
    counts = (both, only_a, only_b, neither)
    return predictions(np.repeat([1, 1, 0, 0], counts)), predictions(np.repeat([1, 0, 1, 0], counts))


def compare(a: Predictions, b: Predictions, metric: Any = None, **settings: Any) -> Any:
    return McNemar(McNemarConfig(**settings)).compare(metric or Accuracy(), a, b, 0.95, 0)


TABLES = [(90, 7, 2, 11), (40, 0, 6, 4), (900, 21, 30, 49), (10, 12, 12, 1), (1000, 40, 71, 5), (3, 1, 0, 0)]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("exact", [True, False])
def test_p_is_that_of_statsmodels(table: tuple[int, int, int, int], exact: bool) -> None:
    found = compare(*pair(*table), exact_below=10**6 if exact else 0)

    both, only_a, only_b, neither = table
    expected = of_statsmodels([[both, only_a], [only_b, neither]], exact=exact, correction=False)
    assert found.p == pytest.approx(min(expected.pvalue, 1.0), abs=1e-8)
    assert found.value == pytest.approx((only_a - only_b) / sum(table))


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("exact", [True, False])
def test_p_is_that_of_mlxtend(table: tuple[int, int, int, int], exact: bool) -> None:
    a, b = pair(*table)
    found = compare(a, b, exact_below=10**6 if exact else 0)

    answers = [one.prediction("value") for one in (a, b)]
    ary = mcnemar_table(np.ones(len(a)), *answers)
    _, p = of_mlxtend(ary, corrected=False, exact=exact)
    assert found.p == pytest.approx(min(float(p), 1.0), abs=1e-8)


def test_few_rows_that_differ_are_tested_exactly_and_it_is_said() -> None:
    assert compare(*pair(90, 7, 2, 11)).method == "McNemar, exact, 7 and 2 rows differ; interval of Newcombe"
    assert compare(*pair(900, 21, 30, 49)).method.startswith("McNemar, chi-squared")


@pytest.mark.parametrize("table", [(20, 20, 35, 35), (30, 10, 60, 20), (20, 20, 35, 36)])
def test_interval_of_models_that_err_independently_is_that_of_statsmodels(table: tuple[int, int, int, int]) -> None:
    both, only_a, only_b, _ = table
    n = sum(table)

    found = newcombe(both, only_a, only_b, n, 0.95)

    expected = confint_proportions_2indep(both + only_a, n, both + only_b, n, compare="diff", method="newcomb")
    assert found == pytest.approx(expected, abs=1e-8)


def test_interval_is_that_of_newcombe_1998() -> None:
    assert newcombe(36, 12, 2, 50, 0.95) == pytest.approx((0.0569, 0.3404), abs=5e-5)


def test_intervals_of_the_difference_cover_it_in_about_95_of_100_test_sets() -> None:
    random = np.random.default_rng(0)
    shares = np.array([0.75, 0.10, 0.05, 0.10])
    covered = 0
    for both, only_a, only_b, _ in random.multinomial(150, shares, size=2000):
        low, high = newcombe(int(both), int(only_a), int(only_b), 150, 0.95)
        covered += low <= 0.05 <= high

    assert 0.935 <= covered / 2000 <= 0.97


def test_detectable_differences_are_found_in_about_80_of_100_test_sets() -> None:
    random = np.random.default_rng(0)
    first = compare(*pair(720, 50, 50, 180))
    shift = first.detectable / 2
    shares = np.array([0.72, 0.05 + shift, 0.05 - shift, 0.18])
    found = [compare(*pair(*map(int, table))).p < 0.05 for table in random.multinomial(1000, shares, size=300)]

    assert 0.72 <= np.mean(found) <= 0.88


def test_models_that_are_right_on_the_same_rows_do_not_differ() -> None:
    found = compare(*pair(50, 0, 0, 10))

    assert (found.value, found.p) == (0.0, 1.0)
    assert found.low < 0 < found.high
    assert math.isnan(found.detectable)


def test_metrics_that_are_no_proportion_are_refused() -> None:
    with pytest.raises(ConfigError, match="`MeanError` is no proportion of rows, which comparison `mcnemar` needs"):
        compare(predictions([0.5, 1]), predictions([1, 1]), MeanError())


def test_other_rows_are_refused_and_none_have_no_difference() -> None:
    with pytest.raises(DataError, match="not tested on the same rows"):
        compare(predictions([1, 0]), predictions([1, 0], np.array([0, 2])))

    assert compare(predictions([]), predictions([])).method == "not defined for n = 0"


def test_the_effect_is_g_of_cohen_with_the_sign_of_the_difference() -> None:
    assert compare(*pair(90, 6, 2, 12)).effect == pytest.approx(0.25)
    assert compare(*pair(90, 6, 2, 12)).scale == "Cohen's g"
    assert compare(*reversed(pair(90, 6, 2, 12))).effect == pytest.approx(-0.25)
    assert math.isnan(compare(*pair(90, 0, 0, 10)).effect)

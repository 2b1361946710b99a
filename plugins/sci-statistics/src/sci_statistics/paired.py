"""Whether two models differ on the same rows."""

from __future__ import annotations

import math

import numpy as np

from sci.api import Column, DataError, Difference, Metric, Predictions, Ragged
from sci_statistics.bootstrap import drawn, effort, undefined
from sci_statistics.config import PairedBootstrapConfig
from sci_statistics.limits import percentile
from sci_statistics.resampling import resampler

POWER = 2.8
"""1.96 + 0.84: a difference of so many standard errors is found at two-sided 5 % in 80 % of all test sets."""


class PairedBootstrap:
    """Comparison `paired-bootstrap`: both models on the same resampled rows (Efron and Tibshirani 1993, chapter 16).

    The interval is the percentile interval of the difference. p is twice the smaller of two shares, of the resampled
    differences at or below zero and of those at or above it, with one added to both counts: it is never 0 and
    agrees with the interval.

    Args:
        config: number of resamples.
    """

    def __init__(self, config: PairedBootstrapConfig) -> None:
        self.config = config

    def compare(self, metric: Metric, a: Predictions, b: Predictions, confidence: float, seed: int) -> Difference:
        """The difference a - b, positive where a is better; NaN, with the reason as its method, where none is defined.

        Raises:
            DataError: the two are not predictions of the same rows.
        """
        _check_same_rows(a, b)
        reason = undefined(a) if a.paired and b.paired else "not defined: predictions are samples, not answers to rows"
        if reason:
            return _nothing(math.nan, confidence, reason)
        sampler = resampler(metric, a, b)
        sign = 1.0 if metric.higher_is_better else -1.0
        value = sign * float(np.subtract(*sampler.estimates()))
        if not math.isfinite(value):
            return _nothing(math.nan, confidence, "not defined: the metric has no value for these rows")
        resamples = effort(sampler, self.config.resamples)
        values = sign * np.subtract(*sampler.draw(resamples, seed))
        defined = values[np.isfinite(values)]
        if len(defined) < 2:
            return _nothing(value, confidence, "not defined: the metric has no value in the resamples")
        low, high = percentile(defined, confidence)
        error = float(np.std(defined, ddof=1))
        method = f"paired bootstrap, percentile, {drawn(sampler, resamples, resamples - len(defined))}"
        return Difference(value, low, high, confidence, _p(defined), method, POWER * error if error else math.nan)


def _p(differences: np.ndarray) -> float:
    smaller = min(np.count_nonzero(differences <= 0), np.count_nonzero(differences >= 0))
    return min(1.0, 2.0 * (1 + smaller) / (1 + len(differences)))


def _nothing(value: float, confidence: float, reason: str) -> Difference:
    return Difference(value, math.nan, math.nan, confidence, math.nan, reason, math.nan)


def _check_same_rows(a: Predictions, b: Predictions) -> None:
    if len(a) != len(b) or not np.array_equal(a.ids, b.ids):
        ids = np.setxor1d(a.ids, b.ids)
        differ = f"{len(ids):,} ids are in one of them only" if len(ids) else "the ids are in another order"
        raise DataError(
            f"the two models were not tested on the same rows: {len(a):,} and {len(b):,} rows, {differ}",
            id="compare.rows",
            hint="sci evaluate RUN DATA   for both, on the same data",
        )
    for slot in _slots(a):
        if slot not in _slots(b) or not _equal(a.target(slot), b.target(slot)):
            raise DataError(
                f"the two models were tested on the same ids, but their `{slot}` is not the same",
                id="compare.targets",
                hint="sci evaluate RUN DATA   for both, on the same data",
            )


def _slots(predictions: Predictions) -> list[str]:
    names = predictions.table.column_names
    return [name.removeprefix("target.") for name in names if name == "target" or name.startswith("target.")]


def _equal(one: Column, other: Column) -> bool:
    if isinstance(one, Ragged):
        return isinstance(other, Ragged) and all(np.array_equal(*parts) for parts in zip(one, other, strict=True))
    if isinstance(one, np.ndarray):
        return np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
    return bool(one.equals(other))

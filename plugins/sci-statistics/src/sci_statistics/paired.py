"""Whether two models differ on the same rows."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sci.api import Difference, Metric, Predictions
from sci_statistics.bootstrap import drawn, effort, undefined
from sci_statistics.config import PairedBootstrapConfig
from sci_statistics.limits import percentile
from sci_statistics.pairing import UNPAIRED, check_same_rows, detectable, nothing, standardized
from sci_statistics.resampling import resampler


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
        check_same_rows(a, b)
        reason = undefined(a) if a.paired and b.paired else UNPAIRED
        if reason:
            return nothing(math.nan, confidence, reason)
        sampler = resampler(metric, a, b)
        sign = 1.0 if metric.higher_is_better else -1.0
        value = sign * float(np.subtract(*sampler.estimates()))
        if not math.isfinite(value):
            return nothing(math.nan, confidence, "not defined: the metric has no value for these rows")
        resamples = effort(sampler, self.config.resamples)
        values = sign * np.subtract(*sampler.draw(resamples, seed))
        defined = values[np.isfinite(values)]
        if len(defined) < 2:
            return nothing(value, confidence, "not defined: the metric has no value in the resamples")
        low, high = percentile(defined, confidence)
        error = float(np.std(defined, ddof=1))
        method = f"paired bootstrap, percentile, {drawn(sampler, resamples, resamples - len(defined))}"
        effect = _effect(metric, a, b, value)
        return Difference(value, low, high, confidence, _p(defined), method, detectable(error), *effect)


def _effect(metric: Any, a: Predictions, b: Predictions, value: float) -> tuple[float, str]:
    """Cohen's d_z over rows, for a metric that is the mean of one number for each row; NaN for any other."""
    if not hasattr(metric, "statistics"):
        return math.nan, ""
    sign = 1.0 if metric.higher_is_better else -1.0
    rows = [np.asarray(metric.statistics(one), dtype=np.float64).reshape(len(one), -1) for one in (a, b)]
    found = sign * np.subtract(*rows)
    mean = found.shape[1] == 1 and math.isclose(float(found.mean()), value, rel_tol=1e-9, abs_tol=1e-12)
    return standardized(found[:, 0]) if mean else (math.nan, "")


def _p(differences: np.ndarray) -> float:
    smaller = min(np.count_nonzero(differences <= 0), np.count_nonzero(differences >= 0))
    return min(1.0, 2.0 * (1 + smaller) / (1 + len(differences)))

"""The interval of any metric, by drawing the test rows anew."""

from __future__ import annotations

import math

import numpy as np

from sci.api import Band, Curve, Metric, Predictions, Range
from sci_statistics.band import band
from sci_statistics.config import BootstrapConfig
from sci_statistics.limits import Degenerate, alike, bca, percentile
from sci_statistics.resampling import Called, Summed, resampler
from sci_statistics.units import Units

EQUAL = "not defined: all resamples are equal"


class Bootstrap:
    """Interval `bootstrap`: how much the metric would move with another test set of the same size.

    Rows are drawn with replacement; where the predictions carry a column ``group``, whole groups are (the cluster
    bootstrap: Davison and Hinkley, Bootstrap Methods and their Application, 1997, section 3.8). How much training again
    would move the metric is not in it.

    Args:
        config: number of resamples and method.
    """

    def __init__(self, config: BootstrapConfig) -> None:
        self.config = config

    def interval(self, metric: Metric, predictions: Predictions, confidence: float, seed: int) -> Range:
        """The interval; NaN at both ends, with the reason as its method, where none is defined."""
        reason = undefined(predictions)
        if reason:
            return Range(math.nan, math.nan, confidence, reason)
        sampler = resampler(metric, predictions)
        estimate = float(sampler.estimates()[0])
        if not math.isfinite(estimate):
            return Range(math.nan, math.nan, confidence, "not defined: the metric has no value for these rows")
        resamples = effort(sampler, self.config.resamples)
        values = sampler.draw(resamples, seed)[0]
        defined = values[np.isfinite(values)]
        if len(defined) < 2:
            return Range(math.nan, math.nan, confidence, "not defined: the metric has no value in the resamples")
        if alike(defined):
            return Range(math.nan, math.nan, confidence, EQUAL)
        low, high, method = self._limits(sampler, estimate, defined, confidence, seed)
        return Range(low, high, confidence, f"{method}, {drawn(sampler, resamples, resamples - len(defined))}")

    def band(self, curve: Curve, predictions: Predictions, confidence: float, seed: int) -> Band:
        """The percentile interval of each point of a curve."""
        return band(curve, predictions, confidence, seed, self.config.resamples, undefined(predictions))

    def _limits(
        self, sampler: Summed | Called, estimate: float, values: np.ndarray, confidence: float, seed: int
    ) -> tuple[float, float, str]:
        if self.config.method == "percentile":
            return *percentile(values, confidence), "percentile bootstrap"
        try:
            if not sampler.paired:
                raise Degenerate("predictions are samples, not answers to rows")
            return *bca(estimate, values, sampler.leave_one_out(seed)[0], confidence), "BCa bootstrap"
        except Degenerate as reason:
            return *percentile(values, confidence), f"percentile (BCa is degenerate: {reason}) bootstrap"


def undefined(predictions: Predictions) -> str:
    """Why these predictions cannot be resampled; empty when they can."""
    if len(predictions) < 2:
        return f"not defined for n = {len(predictions)}"
    return "" if len(Units.of(predictions)) > 1 else "not defined for a single group"


def effort(sampler: Summed | Called, resamples: int) -> int:
    """How many resamples are drawn: fewer than asked for where each is a call of the metric."""
    return resamples if sampler.most is None else min(resamples, sampler.most)


def drawn(sampler: Summed | Called, resamples: int, left_out: int) -> str:
    """What was drawn, for the method text."""
    text = f"{resamples:,} resamples of {sampler.units}"
    return f"{text}, {left_out:,} of them left out because the metric has no value there" if left_out else text

"""An interval for each point of a curve, by drawing the test rows anew."""

from __future__ import annotations

import math

import numpy as np

from sci.api import Band, Curve, Predictions
from sci_statistics.resampling import CALLS, row_counts
from sci_statistics.units import Units

PICKS = 2**25
"""Most rows that are drawn for a band, over all resamples."""

FEWEST = 200
"""Resamples that a band has at least."""


def band(
    curve: Curve, predictions: Predictions, confidence: float, seed: int, resamples: int, reason: str = ""
) -> Band:
    """The middle share `confidence` of the resampled values at each point.

    Points are looked at one by one: a curve leaves such a band somewhere more often than a value leaves its interval.
    Rows, or whole groups of them, are drawn from all rows, so that the shares of the classes vary, too. A point has no
    interval where half of the resamples have no value.

    Args:
        curve: what is computed.
        predictions: truth and answers.
        confidence: such as 0.95.
        seed: what every draw follows from.
        resamples: how often the rows are drawn at most.
        reason: why they cannot be drawn; empty when they can.
    """
    if reason:
        nothing = np.full(curve.points, math.nan)
        return Band(nothing, nothing, confidence, reason)
    rows, weighted = len(predictions), curve.weighted(predictions)
    units = Units.of(predictions)
    resamples = min(resamples, CALLS, max(FEWEST, PICKS // rows))
    drawn = (units.rows(one) for some in units.draws(resamples, seed) for one in some)
    values = np.concatenate([weighted(some) for some in row_counts(drawn, rows)])
    rare = np.isfinite(values).mean(axis=0) < 0.5
    values[:, rare] = 0.0  # a quantile of nothing would warn
    tail = (1.0 - confidence) / 2.0
    low, high = np.nanquantile(values, [tail, 1.0 - tail], axis=0)
    low[rare] = high[rare] = math.nan
    method = f"percentile bootstrap at each point, {resamples:,} resamples of {units}"
    return Band(low, high, confidence, method)

"""The ends of a bootstrap interval."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, ndtri


class Degenerate(Exception):
    """The correction for bias or skewness does not exist for these values; the text says why."""


def alike(values: np.ndarray) -> bool:
    """Whether values differ by no more than rounding: they tell nothing of how much the metric would move."""
    return bool(np.ptp(values) <= 1e-12 * np.abs(values).max())


def percentile(values: np.ndarray, confidence: float) -> tuple[float, float]:
    """The middle share `confidence` of the resampled values."""
    tail = (1.0 - confidence) / 2.0
    low, high = np.quantile(values, [tail, 1.0 - tail])
    return float(low), float(high)


def bca(estimate: float, values: np.ndarray, jackknife: np.ndarray, confidence: float) -> tuple[float, float]:
    """Percentiles corrected for bias and acceleration: Efron, Better bootstrap confidence intervals, JASA 82 (1987).

    Args:
        estimate: the metric on all rows.
        values: the metric on each resample.
        jackknife: the metric without each row (or block of rows) in turn.
        confidence: such as 0.95.

    Raises:
        Degenerate: the bias correction is infinite or the acceleration is not defined.
    """
    bias = _bias(estimate, values)
    acceleration = _acceleration(jackknife)
    tail = ndtri((1.0 - confidence) / 2.0)
    shifted = bias + np.array([tail, -tail])
    stretched = 1.0 - acceleration * shifted
    if np.any(stretched <= 0):
        raise Degenerate("the acceleration is too large")
    low, high = np.quantile(values, ndtr(bias + shifted / stretched))
    return float(low), float(high)


def _bias(estimate: float, values: np.ndarray) -> float:
    """How far the estimate lies from the median of the resamples, in normal units; ties count half."""
    share = (np.mean(values < estimate) + np.mean(values <= estimate)) / 2.0
    if share in (0.0, 1.0):
        raise Degenerate("all resamples lie on one side of the value")
    return float(ndtri(share))


def _acceleration(jackknife: np.ndarray) -> float:
    """A sixth of the skewness of the rows' influence on the metric."""
    if not np.isfinite(jackknife).all():
        raise Degenerate("without some rows the metric has no value")
    influence = jackknife.mean() - jackknife
    spread = float(np.sum(influence**2))
    if np.ptp(jackknife) == 0 or spread == 0:
        raise Degenerate("no row has an influence of its own")
    return float(np.sum(influence**3)) / (6.0 * spread**1.5)

"""Areas under curves of one score."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np


def roc_area(scores: np.ndarray, positive: np.ndarray) -> float:
    """Area under the ROC curve: the chance that a positive row scores above another one, ties counting half.

    Counted exactly in O(n log n) (Mann and Whitney 1947; Hanley and McNeil 1982, doi:10.1148/radiology.143.1.7063747).

    Args:
        scores: float [n].
        positive: bool [n].

    Returns:
        NaN where one of the two groups is empty or a score is NaN.
    """
    above, below = scores[positive], np.sort(scores[~positive])
    if not len(above) or not len(below) or np.isnan(scores).any():
        return math.nan
    ahead = np.searchsorted(below, above, side="left").sum() + np.searchsorted(below, above, side="right").sum()
    return float(ahead / (2 * len(above) * len(below)))


def weighted_roc_area(scores: np.ndarray, positive: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """`roc_area` as a function of how often each row counts, for resampling: counts float64 [b, n] to areas [b]."""
    order = np.argsort(scores, kind="stable")
    ranked, is_positive = scores[order], positive[order]
    starts = np.append(0, np.flatnonzero(ranked[1:] != ranked[:-1]) + 1)
    broken = bool(np.isnan(scores).any())

    def areas(counts: np.ndarray) -> np.ndarray:
        sorted_counts = counts[:, order]
        above = np.add.reduceat(sorted_counts * is_positive, starts, axis=1)
        below = np.add.reduceat(sorted_counts * ~is_positive, starts, axis=1)
        ahead = (above * (np.cumsum(below, axis=1) - below / 2)).sum(axis=1)
        pairs = above.sum(axis=1) * below.sum(axis=1)
        defined = (pairs > 0) & (not broken)
        return np.divide(ahead, pairs, out=np.full(len(counts), math.nan), where=defined)

    return areas


def average_precision(scores: np.ndarray, positive: np.ndarray) -> float:
    """Average precision: precision at each distinct threshold, weighted by the recall that the threshold adds.

    No interpolation, as scikit-learn; rows with one score enter together.

    Args:
        scores: float [n].
        positive: bool [n].

    Returns:
        NaN where one of the two groups is empty or a score is NaN. (scikit-learn returns 0 without positive rows, and 1
        without others, because it could be nothing else.)
    """
    if positive.all() or not positive.any() or np.isnan(scores).any():
        return math.nan
    order = np.argsort(-scores)
    falling = scores[order]
    last = np.append(np.flatnonzero(falling[1:] != falling[:-1]), len(falling) - 1)
    found = np.cumsum(positive[order])[last]
    return float(np.sum(np.diff(found, prepend=0) * found / (last + 1)) / found[-1])

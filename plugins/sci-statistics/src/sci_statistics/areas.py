"""Areas under ROC curves, from ranks.

Without SciPy, whose import takes a second: audits need them before each training.
"""

from __future__ import annotations

import numpy as np


def areas_and_covariance(scored: np.ndarray, positive: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Areas under ROC curves, float64 [k], and their covariance [k, k].

    Args:
        scored: float64 [k, n], one row for each model.
        positive: bool [n], at least two true and two false.
    """
    above, below = scored[:, positive], scored[:, ~positive]
    m, n = above.shape[1], below.shape[1]
    together = average_ranks(np.hstack([above, below]))
    of_above = (together[:, :m] - average_ranks(above)) / n
    of_below = 1.0 - (together[:, m:] - average_ranks(below)) / m
    return of_above.mean(axis=1), np.cov(of_above) / m + np.cov(of_below) / n


def average_ranks(values: np.ndarray) -> np.ndarray:
    """Ranks from 1 along the last axis, float64 in the shape of `values`; equal values share the mean of theirs.

    Args:
        values: [..., n], without NaN.
    """
    rows = values.reshape(-1, values.shape[-1])
    return np.array([_of_one(row) for row in rows], dtype=np.float64).reshape(values.shape)


def _of_one(row: np.ndarray) -> np.ndarray:
    _, place, counts = np.unique(row, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[place]

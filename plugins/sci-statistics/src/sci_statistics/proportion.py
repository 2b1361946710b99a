"""Metrics that are a share of rows."""

from __future__ import annotations

import math

import numpy as np
from scipy.stats import binomtest

from sci.api import Metric, Predictions


def hits(metric: Metric, predictions: Predictions, value: float) -> np.ndarray | None:
    """Which rows count, bool [n]: their share is the metric. None for a metric that is no share of rows.

    Args:
        metric: a share of rows has ``statistics`` of one column of 0 and 1.
        predictions: at least one row.
        value: the metric on them.
    """
    if not hasattr(metric, "statistics"):
        return None
    statistics = np.asarray(metric.statistics(predictions), dtype=np.float64).reshape(len(predictions), -1)
    binary = statistics.shape[1] == 1 and bool(np.isin(statistics, (0.0, 1.0)).all())
    return statistics[:, 0] == 1.0 if binary and math.isclose(statistics.mean(), value, abs_tol=1e-12) else None


def wilson(ones: int, n: int, confidence: float) -> tuple[float, float]:
    """Score interval of Wilson (JASA 22, 1927) for a share of n rows, n at least 1, without continuity correction."""
    low, high = binomtest(ones, n).proportion_ci(confidence, method="wilson")
    return float(low), float(high)


def named(metric: object) -> str:
    """The metric's name, for messages."""
    return str(getattr(metric, "name", type(metric).__name__))

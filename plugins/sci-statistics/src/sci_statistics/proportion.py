"""Metrics that are a share of rows."""

from __future__ import annotations

import math

import numpy as np

from sci.api import ConfigError, Metric, Predictions


def hits(metric: Metric, predictions: Predictions, value: float, user: str, instead: str) -> np.ndarray:
    """Which rows count, bool [n]: their share is the metric.

    Args:
        metric: has ``statistics`` of one column of 0 and 1.
        predictions: at least one row.
        value: the metric on them.
        user: the component that needs a proportion, for the message.
        instead: what to type for other metrics.

    Raises:
        ConfigError: the metric is not the share of ones in one column of statistics.
    """
    name = getattr(metric, "name", type(metric).__name__)
    if hasattr(metric, "statistics"):
        statistics = np.asarray(metric.statistics(predictions), dtype=np.float64).reshape(len(predictions), -1)
        binary = statistics.shape[1] == 1 and bool(np.isin(statistics, (0.0, 1.0)).all())
        if binary and math.isclose(statistics.mean(), value, abs_tol=1e-12):
            return statistics[:, 0] == 1.0
    raise ConfigError(
        f"metric `{name}` is no proportion of rows, which {user} needs",
        id=f"{user.split()[0]}.not-a-proportion",
        hint=instead,
    )

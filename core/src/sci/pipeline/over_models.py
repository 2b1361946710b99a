"""Metrics of rows that several models answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sci.api import Predictions
from sci.pipeline.joined import answered, apart

Counted = Callable[[np.ndarray], np.ndarray]
"""How often each row counts, [b, n], to values [b]."""


class MeanOverModels:
    """The mean of a metric's values for each model; predictions carry a column ``child``.

    Args:
        metric: of one model's answers.
    """

    def __init__(self, metric: Any) -> None:
        self.metric = metric
        self.higher_is_better: bool = metric.higher_is_better
        self.bounds = metric.bounds

    def __call__(self, predictions: Predictions) -> float:
        return float(np.mean([self.metric(one) for one in apart(predictions)]))


class CountedOverModels(MeanOverModels):
    """The same for a metric that can be resampled by counting rows, or by adding up what they contribute."""

    def weighted(self, predictions: Predictions) -> Counted:
        """The metric as a function of how often each row counts."""
        parts = [(rows, self._counted(predictions.take(rows))) for rows in answered(predictions)]
        return lambda counts: np.mean([counted(counts[:, rows]) for rows, counted in parts], axis=0)

    def _counted(self, predictions: Predictions) -> Counted:
        if hasattr(self.metric, "weighted"):
            found: Counted = self.metric.weighted(predictions)
            return found
        statistics = np.asarray(self.metric.statistics(predictions), dtype=np.float64).reshape(len(predictions), -1)

        def counted(counts: np.ndarray) -> np.ndarray:
            sums, sizes = counts @ statistics, np.rint(counts.sum(axis=1)).astype(np.int64)
            values = np.empty(len(sums))
            for size in np.unique(sizes):
                with np.errstate(divide="ignore", invalid="ignore"):  # NaN is the agreed answer of an undefined metric
                    values[sizes == size] = self.metric.value(sums[sizes == size], int(size))
            return values

        return counted


def over_models(metric: Any) -> MeanOverModels:
    """The mean of a metric over models, with the fastest way of resampling that the metric allows."""
    adds_up = hasattr(metric, "statistics") and hasattr(metric, "value")
    return (CountedOverModels if adds_up or hasattr(metric, "weighted") else MeanOverModels)(metric)

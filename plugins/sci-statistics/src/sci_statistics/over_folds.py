"""The interval of a metric over the folds of a study."""

from __future__ import annotations

import math
from typing import Any

from sci.api import ConfigError, Metric, Predictions, Range
from sci_statistics.limits import alike
from sci_statistics.resampled import resampled, says_folds


class CorrectedResampled:
    """Interval `corrected-resampled`: of the mean over folds or repeats whose training rows overlap, by the t
    distribution and the variance of Nadeau and Bengio (Machine Learning 52, 2003), kept within the metric's bounds.

    It says how much the mean would move with other rows to train and to test on. The predictions carry a column
    ``fold``, where several models were tested on a fold a column ``child`` (they are averaged first), and
    ``info["train_rows"]`` how many rows a fold was trained on.

    Args:
        config: no settings.
    """

    def __init__(self, config: Any = None) -> None:
        self.config = config

    def interval(self, metric: Metric, predictions: Predictions, confidence: float, seed: int) -> Range:
        """The interval; NaN at both ends, with the reason as its method, where none is defined.

        Raises:
            ConfigError: the predictions do not say which fold they are of.
        """
        if not says_folds(predictions):
            raise ConfigError(
                "interval `corrected-resampled` needs a run of several folds",
                id="interval.no-folds",
                hint="evaluation.interval: bootstrap",
            )
        found = resampled(metric, predictions)
        if found.undefined:
            return Range(math.nan, math.nan, confidence, found.undefined)
        if alike(found.values):
            return Range(math.nan, math.nan, confidence, "not defined: all folds have the same value")
        mean, half = float(found.values.mean()), found.half(confidence)
        least, most = metric.bounds
        low = mean - half if least is None else max(mean - half, least)
        high = mean + half if most is None else min(mean + half, most)
        return Range(low, high, confidence, found.method)

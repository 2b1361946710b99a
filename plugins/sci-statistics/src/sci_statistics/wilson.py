"""The interval of a proportion."""

from __future__ import annotations

import math
from typing import Any

from sci.api import ConfigError, Metric, Predictions, Range
from sci_statistics.proportion import hits, named, wilson


class Wilson:
    """Interval `wilson`: the score interval of Wilson (JASA 22, 1927), without continuity correction.

    It keeps its confidence for few rows and near 0 and 1, where an interval of plus and minus fails. It takes rows as
    independent of each other.

    Args:
        config: no settings.
    """

    def __init__(self, config: Any = None) -> None:
        self.config = config

    def interval(self, metric: Metric, predictions: Predictions, confidence: float, seed: int) -> Range:
        """The interval.

        Raises:
            ConfigError: the metric is not the share of ones in one column of statistics.
        """
        value = float(metric(predictions)) if len(predictions) else math.nan
        if not math.isfinite(value):
            why = "the metric has no value for these rows" if len(predictions) else "there are no rows"
            return Range(math.nan, math.nan, confidence, f"not defined: {why}")
        counted = hits(metric, predictions, value)
        if counted is None:
            raise ConfigError(
                f"metric `{named(metric)}` is no proportion of rows, which interval `wilson` needs",
                id="interval.not-a-proportion",
                hint="evaluation.interval: bootstrap",
            )
        low, high = wilson(int(counted.sum()), len(predictions), confidence)
        return Range(low, high, confidence, f"Wilson score{_caution(predictions)}")


def _caution(predictions: Predictions) -> str:
    if "group" not in predictions.table.column_names:
        return ""
    return ", as if rows of one group were independent; `bootstrap` resamples whole groups"

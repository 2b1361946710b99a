"""Whether two models differ over the folds of a study."""

from __future__ import annotations

import math
from typing import Any

from scipy.stats import t as student

from sci.api import ConfigError, Difference, Metric, Predictions
from sci_statistics.pairing import UNPAIRED, check_same_rows, detectable, nothing, standardized
from sci_statistics.resampled import resampled, says_folds


class CorrectedT:
    """Comparison `corrected-t`: the t test over folds whose training rows overlap, with the variance of Nadeau and
    Bengio (Machine Learning 52, 2003).

    The predictions carry a column ``fold``, and ``info["train_rows"]`` how many rows a fold was trained on. A row that
    several folds tested stands there as often, and so does one that several seeds answered: a column ``child`` says
    whose answer it is, and the mean over them is taken first. Folds are what is counted: seeds of one fold share all
    their rows.

    Args:
        config: no settings.
    """

    def __init__(self, config: Any = None) -> None:
        self.config = config

    def compare(self, metric: Metric, a: Predictions, b: Predictions, confidence: float, seed: int) -> Difference:
        """The mean over folds of the difference a - b; NaN, with the reason as its method, where none is defined.

        Raises:
            ConfigError: the predictions do not say which fold they are of.
            DataError: the two are not predictions of the same rows.
        """
        check_same_rows(a, b)
        if not (a.paired and b.paired):
            return nothing(math.nan, confidence, UNPAIRED)
        if not says_folds(a):
            raise ConfigError(
                "comparison `corrected-t` needs runs of several folds",
                id="comparison.no-folds",
                hint="evaluation.comparison: paired-bootstrap",
            )
        sign = 1.0 if metric.higher_is_better else -1.0
        one, other = resampled(metric, a), resampled(metric, b)
        found = one._replace(values=sign * (one.values - other.values))
        value = float(found.values.mean()) if len(found.values) else math.nan
        if found.undefined:
            return nothing(value, confidence, found.undefined)
        error, half = found.error, found.half(confidence)
        p = 2.0 * float(student.sf(abs(value) / error, len(found.values) - 1)) if error else 1.0 if value == 0 else 0.0
        effect = standardized(found.values)
        return Difference(value, value - half, value + half, confidence, p, found.method, detectable(error), *effect)

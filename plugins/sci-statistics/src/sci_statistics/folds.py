"""Whether two models differ over the folds of a study."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy.stats import t as student

from sci.api import ConfigError, Difference, Metric, Predictions
from sci_statistics.pairing import UNPAIRED, check_same_rows, detectable, nothing, standardized
from sci_statistics.resampled import corrected_variance
from sci_statistics.units import group_codes


class CorrectedT:
    """Comparison `corrected-t`: the t test over folds whose training rows overlap, with the variance of Nadeau and
    Bengio (Machine Learning 52, 2003).

    The predictions carry a column ``fold``, and ``info["train_rows"]`` how many rows a fold was trained on. A row that
    several folds tested stands there as often, and so does one that several seeds answered: a column ``seed`` says how
    many, and the metric is then the mean over them. Folds are what is counted: seeds of one fold share all their rows.

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
        if "fold" not in a.table.column_names or "train_rows" not in a.info:
            raise ConfigError(
                "comparison `corrected-t` needs runs of several folds",
                id="comparison.no-folds",
                hint="evaluation.comparison: paired-bootstrap",
            )
        codes = group_codes(a.table.column("fold"))
        parts = [np.flatnonzero(codes == code) for code in range(int(codes.max(initial=-1)) + 1)]
        sign = 1.0 if metric.higher_is_better else -1.0
        values = np.array([sign * (float(metric(a.take(rows))) - float(metric(b.take(rows)))) for rows in parts])
        value = float(values.mean()) if len(values) else math.nan
        if len(values) < 2 or not np.isfinite(values).all():
            why = "the metric has no value in some fold" if len(values) > 1 else "it needs two folds"
            return nothing(value, confidence, f"not defined: {why}")
        seeds = len(np.unique(np.asarray(a.table.column("seed")))) if "seed" in a.table.column_names else 1
        share = len(a) / len(parts) / seeds / float(a.info["train_rows"])
        error = math.sqrt(corrected_variance(values, share))
        half = float(student.ppf((1.0 + confidence) / 2.0, len(values) - 1)) * error
        p = 2.0 * float(student.sf(abs(value) / error, len(values) - 1)) if error else 1.0 if value == 0 else 0.0
        method = f"corrected resampled t over {len(values)} folds" + (f", means of {seeds} seeds" if seeds > 1 else "")
        return Difference(
            value, value - half, value + half, confidence, p, method, detectable(error), *standardized(values)
        )

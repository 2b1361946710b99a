"""Whether two models order the same rows differently well."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri

from sci.api import ConfigError, Difference, Metric, Predictions
from sci_statistics.areas import areas_and_covariance
from sci_statistics.pairing import UNPAIRED, check_same_rows, detectable, nothing


class DeLong:
    """Comparison `delong`: two areas under ROC curves (DeLong, DeLong and Clarke-Pearson, Biometrics 44, 1988).

    Computed from midranks in O(n log n) (Sun and Xu, IEEE Signal Processing Letters 21, 2014). Rows are taken as
    independent of each other.

    Args:
        config: no settings.
    """

    def __init__(self, config: Any = None) -> None:
        self.config = config

    def compare(self, metric: Metric, a: Predictions, b: Predictions, confidence: float, seed: int) -> Difference:
        """The difference a - b of two areas; NaN, with the reason as its method, where none is defined.

        Raises:
            ConfigError: the metric has no ``scores``, or is not the area under their ROC curve.
            DataError: the two are not predictions of the same rows.
        """
        check_same_rows(a, b)
        if not (a.paired and b.paired):
            return nothing(math.nan, confidence, UNPAIRED)
        if not len(a):
            return nothing(math.nan, confidence, "not defined for n = 0")
        scored = [scores(metric, one) for one in (a, b)]
        positive = scored[0][1]
        if min(np.count_nonzero(positive), np.count_nonzero(~positive)) < 2:
            return nothing(math.nan, confidence, "not defined: DeLong needs two rows of either class")
        stacked = np.stack([one for one, _ in scored])
        if not np.isfinite(stacked).all():
            return nothing(math.nan, confidence, "not defined: some scores are not finite")
        areas, covariance = areas_and_covariance(stacked, positive)
        _same_area(metric, (a, b), areas)
        value = float(areas[0] - areas[1])
        error = math.sqrt(max(float(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]), 0.0))
        half = float(-ndtri((1.0 - confidence) / 2.0)) * error
        p = 2.0 * float(ndtr(-abs(value) / error)) if error else 1.0 if value == 0 else 0.0
        counts = f"{np.count_nonzero(positive):,} positive and {np.count_nonzero(~positive):,} other rows"
        return Difference(value, value - half, value + half, confidence, p, f"DeLong, {counts}", detectable(error))


def scores(metric: Any, predictions: Predictions) -> tuple[np.ndarray, np.ndarray]:
    """What a metric orders the rows by, float64 [n], and which rows should come first, bool [n].

    Raises:
        ConfigError: the metric has no ``scores``.
    """
    if not hasattr(metric, "scores"):
        raise _no_area(metric)
    found, positive = metric.scores(predictions)
    return np.asarray(found, dtype=np.float64), np.asarray(positive, dtype=bool)


def _same_area(metric: Metric, sets: tuple[Predictions, ...], areas: np.ndarray) -> None:
    if not np.allclose([float(metric(one)) for one in sets], areas, rtol=0, atol=1e-9):
        raise _no_area(metric)


def _no_area(metric: object) -> ConfigError:
    name = getattr(metric, "name", type(metric).__name__)
    return ConfigError(
        f"metric `{name}` is no area under a ROC curve, which comparison `delong` needs",
        id="comparison.not-an-area",
        hint="evaluation.comparison: paired-bootstrap",
    )

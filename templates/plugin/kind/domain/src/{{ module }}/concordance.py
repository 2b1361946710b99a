"""Lin's concordance correlation coefficient."""

from __future__ import annotations

from typing import Any

import numpy as np
from sci.api import Predictions


class Concordance:
    """Twice the covariance, divided by both variances and the squared difference of the means.

    It is 1 for predictions equal to the reference, and falls with noise and with a shift alike; NaN where nothing
    varies. Everything follows from sums over rows, so that resampling for intervals is a product of matrices.
    """

    higher_is_better = True
    bounds = (-1.0, 1.0)

    def __init__(self, config: Any) -> None:
        self.config = config

    def __call__(self, predictions: Predictions) -> float:
        if not len(predictions):
            return float("nan")
        return float(self.value(self.statistics(predictions).sum(axis=0), len(predictions)))

    def statistics(self, predictions: Predictions) -> np.ndarray:
        """Reference x, prediction y, their squares and their product: float64 [n, 5].

        Both are shifted by one number, which changes nothing but the rounding.
        """
        target = np.asarray(predictions.target(), dtype=np.float64)
        middle = target.mean() if len(target) else 0.0
        x, y = target - middle, np.asarray(predictions.prediction("value"), dtype=np.float64) - middle
        return np.stack([x, y, x * x, y * y, x * y], axis=1)

    def value(self, sums: np.ndarray, n: Any) -> np.ndarray:
        """From sums [..., 5] over `n` rows: [...]."""
        x, y, xx, yy, xy = np.moveaxis(sums / np.asarray(n)[..., None], -1, 0)
        shared = 2 * (xy - x * y)
        whole = (xx - x * x) + (yy - y * y) + (x - y) ** 2
        return np.divide(shared, whole, out=np.full(np.shape(whole), np.nan), where=whole > 0)

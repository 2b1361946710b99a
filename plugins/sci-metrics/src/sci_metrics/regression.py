"""How far predicted numbers are from true ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from sci.api import Predictions
from sci_metrics.sums import Summed

NEGLIGIBLE = 1e-12
"""Share of the sum of squares below which a variance is rounding."""


class Error(Summed):
    """The mean of an error of each row, in one column."""

    higher_is_better = False
    bounds = (0.0, None)

    def value(self, sums: np.ndarray, n: Any) -> np.ndarray:
        return sums[..., 0] / n


class Mae(Error):
    """Mean absolute error, in the unit of the target."""

    def statistics(self, predictions: Predictions) -> np.ndarray:
        """One column: the absolute error."""
        return np.abs(errors(predictions))[:, None]


class Mse(Error):
    """Mean squared error, in the squared unit of the target."""

    def statistics(self, predictions: Predictions) -> np.ndarray:
        """One column: the squared error."""
        return squares(errors(predictions))[:, None]


class Rmse(Mse):
    """Root of the mean squared error, in the unit of the target."""

    def value(self, sums: np.ndarray, n: Any) -> np.ndarray:
        return np.sqrt(super().value(sums, n))


class R2(Summed):
    """Coefficient of determination: 1 - squared errors / squared distances of the targets from their mean.

    0 is what the mean of these very targets would reach, and worse predictions go below. NaN where the targets do not
    differ, one row included (scikit-learn returns 1 or 0 there).
    """

    bounds = (None, 1.0)

    def statistics(self, predictions: Predictions) -> np.ndarray:
        """Three columns: the squared error, the target and its square, the target as distance from a middle row.

        R2 does not depend on where the targets are counted from; a middle one keeps the difference of sums exact.
        """
        target = targets(predictions)
        middle = np.partition(target, (len(target) - 1) // 2)[(len(target) - 1) // 2] if len(target) else 0.0
        with np.errstate(over="ignore", invalid="ignore"):
            distance = target - middle
        return np.stack([squares(errors(predictions)), distance, squares(distance)], axis=1)

    def value(self, sums: np.ndarray, n: Any) -> np.ndarray:
        error, distance, square = sums[..., 0], sums[..., 1], sums[..., 2]
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            total = square - distance**2 / n
            return np.where(total > NEGLIGIBLE * square, 1 - error / total, np.nan)


def targets(predictions: Predictions) -> np.ndarray:
    """float64 [n]."""
    return np.asarray(predictions.target(), dtype=np.float64)


def errors(predictions: Predictions) -> np.ndarray:
    """Predicted minus true, float64 [n]; infinite where the difference is too large."""
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(predictions.prediction("value"), dtype=np.float64) - targets(predictions)


def squares(values: np.ndarray) -> np.ndarray:
    """Element by element; infinite where the square is too large."""
    with np.errstate(over="ignore"):
        return values**2

"""Metrics that depend on sums over rows only."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sci.api import Predictions


class Summed:
    """A metric whose value follows from sums over rows, so that resampling is one matrix product.

    Final classes say what is summed (`statistics`) and what follows from the sums (`value`).
    """

    higher_is_better: bool = True
    bounds: tuple[float | None, float | None] = (0.0, 1.0)

    def __init__(self, config: Any) -> None:
        self.config = config

    def statistics(self, predictions: Predictions) -> np.ndarray:
        """What is summed: float64 [n, k]."""
        raise NotImplementedError

    def value(self, sums: np.ndarray, n: Any) -> np.ndarray:
        """The metric from sums [..., k] over `n` rows (a number, or an array [...]); NaN where it is not defined."""
        raise NotImplementedError

    def sums(self, predictions: Predictions) -> np.ndarray:
        """The sums over all rows, float64 [k]."""
        return self.statistics(predictions).sum(axis=0)

    def describe(self, predictions: Predictions) -> dict[str, Any]:
        """Facts to print beside the value."""
        return {}

    def __call__(self, predictions: Predictions) -> float:
        with np.errstate(over="ignore", invalid="ignore"):
            sums = self.sums(predictions)
            return float(self.value(sums, len(predictions))) if len(predictions) else math.nan


def ratio(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """Element by element, with 0 / 0 = 0: the convention of scikit-learn's ``zero_division=0``."""
    return _divided(numerator, denominator, 0.0)


def defined(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """Element by element, with NaN where the denominator is 0."""
    return _divided(numerator, denominator, np.nan)


def _divided(numerator: np.ndarray, denominator: np.ndarray, otherwise: float) -> np.ndarray:
    found = np.full(np.broadcast_shapes(np.shape(numerator), np.shape(denominator)), otherwise)
    return np.divide(numerator, denominator, out=found, where=np.asarray(denominator) != 0)

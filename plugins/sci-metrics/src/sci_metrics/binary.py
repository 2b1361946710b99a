"""Precision, recall and F1 of the positive class."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from sci.api import Predictions
from sci_metrics.positive import positive_code
from sci_metrics.sums import Summed, ratio


class Binary(Summed):
    """A metric of one of two classes, from its rows that are found, predicted and real.

    Where the denominator is 0 (no row is called positive, or none is positive) the value is 0, as with scikit-learn's
    ``zero_division=0``. `describe` names the class and how many rows it has.
    """

    name: ClassVar[str]

    def _positive(self, predictions: Predictions) -> int:
        return positive_code(predictions, self.config.positive, self.name, f"{self.name}-macro")

    def statistics(self, predictions: Predictions) -> np.ndarray:
        """Three columns of 0 and 1: found (both), predicted positive, really positive."""
        code = self._positive(predictions)
        predicted, actual = predictions.codes("label") == code, predictions.codes("target") == code
        return np.stack([predicted & actual, predicted, actual], axis=1).astype(np.float64)

    def describe(self, predictions: Predictions) -> dict[str, Any]:
        code = self._positive(predictions)
        rows = int((predictions.codes("target") == code).sum())
        return {"positive": predictions.info["classes"][code], "positives": rows}


class Precision(Binary):
    """Of the rows that are called positive, the share that is."""

    name = "precision"

    def value(self, sums: np.ndarray, n: Any) -> np.ndarray:
        return ratio(sums[..., 0], sums[..., 1])


class Recall(Binary):
    """Of the positive rows, the share that is found (sensitivity)."""

    name = "recall"

    def value(self, sums: np.ndarray, n: Any) -> np.ndarray:
        return ratio(sums[..., 0], sums[..., 2])


class F1(Binary):
    """The harmonic mean of precision and recall: twice what is found, over what is predicted and what is real."""

    name = "f1"

    def value(self, sums: np.ndarray, n: Any) -> np.ndarray:
        return ratio(2 * sums[..., 0], sums[..., 1] + sums[..., 2])

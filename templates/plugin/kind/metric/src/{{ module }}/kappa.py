"""Cohen's kappa."""

from __future__ import annotations

from typing import Any

import numpy as np
from sci.api import Predictions

from {{ module }}.config import KappaConfig


class Kappa:
    """One minus the disagreement that was found, divided by the one that chance would give.

    Chance is what two independent raters with the same shares of classes would come to. With `weights` the
    disagreement of two classes grows with their distance in ``info["classes"]``. NaN where no disagreement was
    possible. A row without a known class counts as the worst miss.

    Everything follows from a table of counts, so that resampling for intervals is a product of matrices.
    """

    higher_is_better = True
    bounds = (-1.0, 1.0)

    def __init__(self, config: KappaConfig) -> None:
        self.config = config

    def __call__(self, predictions: Predictions) -> float:
        return float(self.value(self.statistics(predictions).sum(axis=0), len(predictions)))

    def statistics(self, predictions: Predictions) -> np.ndarray:
        """One column for each pair of a true and a predicted class: float64 [n, k * k], of 0 and 1."""
        classes = len(predictions.info["classes"])
        known = predictions.codes("target")
        label = _or_farthest(predictions.codes("label"), known, classes)
        truth = _or_farthest(known, label, classes)
        pairs = np.zeros((len(truth), classes * classes))
        pairs[np.arange(len(truth)), truth * classes + label] = 1.0
        return pairs

    def value(self, sums: np.ndarray, n: Any) -> np.ndarray:
        """Kappa from counts of pairs [..., k * k]: [...]."""
        classes = round(float(np.sqrt(sums.shape[-1])))
        counts = sums.reshape(*sums.shape[:-1], classes, classes)
        cost = self._cost(classes)
        found = (cost * counts).sum(axis=(-2, -1))
        rows, columns, total = counts.sum(axis=-1), counts.sum(axis=-2), counts.sum(axis=(-2, -1))
        chance = (cost * rows[..., :, None] * columns[..., None, :]).sum(axis=(-2, -1))
        ratio = np.divide(found * total, chance, out=np.full(np.shape(chance), np.nan), where=chance > 0)
        return np.asarray(1.0 - ratio)

    def _cost(self, classes: int) -> np.ndarray:
        """What it costs to take one class for another: float64 [k, k], 0 on the diagonal."""
        place = np.arange(classes, dtype=np.float64)
        distance = np.abs(place[:, None] - place[None, :])
        if self.config.weights == "none":
            return np.sign(distance)
        return distance if self.config.weights == "linear" else distance**2


def _or_farthest(codes: np.ndarray, others: np.ndarray, classes: int) -> np.ndarray:
    """The codes, and where there is none (-1) that of the class farthest from the other one."""
    farthest = np.where(2 * others < classes - 1, classes - 1, 0)
    return np.where(codes < 0, farthest, codes)

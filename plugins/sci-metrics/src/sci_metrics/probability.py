"""How good the probabilities themselves are: proper scoring rules (Gneiting and Raftery 2007)."""

from __future__ import annotations

from typing import Any

import numpy as np

from sci.api import Predictions
from sci_metrics.ranking import probabilities
from sci_metrics.sums import Summed

SMALLEST = float(np.finfo(np.float64).eps)


class PerRow(Summed):
    """The mean of a loss of each row; NaN where a row's target is a class that the model does not know."""

    higher_is_better = False

    def value(self, sums: np.ndarray, n: Any) -> np.ndarray:
        return sums[..., 0] / n


class LogLoss(PerRow):
    """Mean negative natural logarithm of the probability of the true class (cross-entropy), in nats.

    A probability below 2.2e-16 counts as 2.2e-16, as in scikit-learn: one row can cost 36 at most.
    """

    bounds = (0.0, None)

    def statistics(self, predictions: Predictions) -> np.ndarray:
        """One column: the loss of each row."""
        truth = predictions.codes("target")
        of_truth = probabilities(predictions)[np.arange(len(truth)), truth]
        loss = -np.log(np.clip(of_truth, SMALLEST, 1.0))
        return np.where(truth >= 0, loss, np.nan)[:, None]


class Brier(PerRow):
    """Mean squared distance between probabilities and truth (Brier 1950).

    With two classes it is the square for one of them, from 0 to 1; with more it is the sum over classes, from 0 to 2.
    Both as in scikit-learn.
    """

    bounds = (0.0, 2.0)

    def statistics(self, predictions: Predictions) -> np.ndarray:
        """One column: the score of each row."""
        truth, probability = predictions.codes("target"), probabilities(predictions)
        classes = np.arange(probability.shape[1])
        distance = ((probability - (truth[:, None] == classes)) ** 2).sum(axis=1)
        halved = distance / 2 if len(classes) == 2 else distance
        return np.where(truth >= 0, halved, np.nan)[:, None]

    def describe(self, predictions: Predictions) -> dict[str, Any]:
        """The range, which depends on the number of classes."""
        return {"range": [0, 1] if len(predictions.info["classes"]) == 2 else [0, 2]}

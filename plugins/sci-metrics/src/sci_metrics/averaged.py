"""Precision, recall and F1 of all classes, averaged.

The averages are scikit-learn's with ``zero_division=0``: a class's value is 0 where the denominator is 0.
A class that is neither the target nor the label of any row is left out, and `describe` names it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sci.api import Predictions
from sci_metrics.classes import PerClass, blocks
from sci_metrics.sums import defined, ratio

NAMED = 10
"""How many classes that are left out `describe` names."""


class Averaged(PerClass):
    """A metric of each class, averaged over the classes."""

    def score(self, sums: np.ndarray) -> np.ndarray:
        """The metric of each class, [..., classes]."""
        raise NotImplementedError

    def weight(self, sums: np.ndarray) -> np.ndarray:
        """How much each class counts, [..., classes]; 0 where it is left out."""
        raise NotImplementedError

    def value(self, sums: np.ndarray, n: Any) -> np.ndarray:
        weight = self.weight(sums)
        return defined((self.score(sums) * weight).sum(axis=-1), weight.sum(axis=-1))

    def describe(self, predictions: Predictions) -> dict[str, Any]:
        """Which classes the average leaves out, where it does: the first of them, and over how many it is taken."""
        classes = predictions.info["classes"]
        weight = self.weight(self.sums(predictions))[: len(classes)]
        left_out = [name for name, share in zip(classes, weight, strict=True) if share == 0]
        if not left_out:
            return {}
        return {"averaged_over": len(classes) - len(left_out), "left_out": left_out[:NAMED]}


class Macro(Averaged):
    """Every class that occurs, as target or as label, counts the same."""

    def weight(self, sums: np.ndarray) -> np.ndarray:
        _, predicted, actual = blocks(sums)
        return (predicted + actual > 0).astype(np.float64)


class Weighted(Averaged):
    """A class counts as often as it occurs as target."""

    def weight(self, sums: np.ndarray) -> np.ndarray:
        return blocks(sums)[2]


class PrecisionMacro(Macro):
    """Mean precision over classes."""

    def score(self, sums: np.ndarray) -> np.ndarray:
        return precision(sums)


class RecallMacro(Macro):
    """Mean recall over classes; one that is predicted but never real counts as 0 (balanced accuracy leaves it out)."""

    def score(self, sums: np.ndarray) -> np.ndarray:
        return recall(sums)


class F1Macro(Macro):
    """Mean F1 over classes (not the F1 of the mean precision and recall)."""

    def score(self, sums: np.ndarray) -> np.ndarray:
        return f1(sums)


class PrecisionWeighted(Weighted):
    """Precision, weighted by class frequency."""

    def score(self, sums: np.ndarray) -> np.ndarray:
        return precision(sums)


class RecallWeighted(Weighted):
    """Recall, weighted by class frequency: the accuracy again."""

    def score(self, sums: np.ndarray) -> np.ndarray:
        return recall(sums)


class F1Weighted(Weighted):
    """F1, weighted by class frequency."""

    def score(self, sums: np.ndarray) -> np.ndarray:
        return f1(sums)


class BalancedAccuracy(Averaged):
    """Mean recall over the classes that occur as target (Brodersen et al. 2010)."""

    def score(self, sums: np.ndarray) -> np.ndarray:
        return recall(sums)

    def weight(self, sums: np.ndarray) -> np.ndarray:
        return (blocks(sums)[2] > 0).astype(np.float64)


def precision(sums: np.ndarray) -> np.ndarray:
    """Of the rows called this class, the share that is; 0 where there is none. [..., classes]."""
    hit, predicted, _ = blocks(sums)
    return ratio(hit, predicted)


def recall(sums: np.ndarray) -> np.ndarray:
    """Of the rows of this class, the share that is found; 0 where there is none. [..., classes]."""
    hit, _, actual = blocks(sums)
    return ratio(hit, actual)


def f1(sums: np.ndarray) -> np.ndarray:
    """The harmonic mean of both; 0 where the class is neither called nor real. [..., classes]."""
    hit, predicted, actual = blocks(sums)
    return ratio(2 * hit, predicted + actual)

"""How well probabilities order the rows, whatever the threshold."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from sci.api import Predictions
from sci_metrics.areas import average_precision, roc_area, weighted_roc_area
from sci_metrics.averaged import NAMED
from sci_metrics.membership import true_classes
from sci_metrics.positive import positive_code


class Ranking:
    """An area under a curve. NaN where the rows have one class only."""

    higher_is_better: bool = True
    bounds: tuple[float | None, float | None] = (0.0, 1.0)

    def __init__(self, config: Any) -> None:
        self.config = config

    def area(self, scores: np.ndarray, positive: np.ndarray) -> float:
        """The area for one class: scores float [n], positive bool [n]."""
        raise NotImplementedError


class OfPositive(Ranking):
    """By the probability of the positive class."""

    name: ClassVar[str]

    def _positive(self, predictions: Predictions) -> int:
        return positive_code(predictions, self.config.positive, self.name, f"{self.name}-ovr")

    def __call__(self, predictions: Predictions) -> float:
        code = self._positive(predictions)
        return self.area(probabilities(predictions)[:, code], predictions.codes("target") == code)

    def describe(self, predictions: Predictions) -> dict[str, Any]:
        """The positive class and how many rows it has."""
        code = self._positive(predictions)
        rows = int((predictions.codes("target") == code).sum())
        return {"positive": predictions.info["classes"][code], "positives": rows}


class OneVersusRest(Ranking):
    """The mean over classes, each against all others; classes without rows, or without others, are left out."""

    def __call__(self, predictions: Predictions) -> float:
        probability, truth = probabilities(predictions), true_classes(predictions)
        codes = np.flatnonzero(separable(predictions))
        areas = [self.area(probability[:, code], truth[:, code]) for code in codes]
        return float(np.mean(areas)) if areas else math.nan

    def describe(self, predictions: Predictions) -> dict[str, Any]:
        """Which classes the mean leaves out, where it does: the first of them, and over how many it is taken."""
        kept = separable(predictions)
        left_out = [name for name, keep in zip(predictions.info["classes"], kept, strict=True) if not keep]
        return {"averaged_over": int(kept.sum()), "left_out": left_out[:NAMED]} if left_out else {}


class RocAuc(OfPositive):
    """Area under the ROC curve of the positive class."""

    name = "roc-auc"
    comparison = "delong"

    def scores(self, predictions: Predictions) -> tuple[np.ndarray, np.ndarray]:
        """Probability of the positive class, float64 [n], and which rows are of it, bool [n]."""
        code = self._positive(predictions)
        return probabilities(predictions)[:, code], predictions.codes("target") == code

    def area(self, scores: np.ndarray, positive: np.ndarray) -> float:
        return roc_area(scores, positive)

    def weighted(self, predictions: Predictions) -> Callable[[np.ndarray], np.ndarray]:
        """The area as a function of how often each row counts: [b, n] to [b]."""
        return weighted_roc_area(*self.scores(predictions))


class PrAuc(OfPositive):
    """Average precision of the positive class; its level by chance is the share of positive rows."""

    name = "pr-auc"

    def area(self, scores: np.ndarray, positive: np.ndarray) -> float:
        return average_precision(scores, positive)


class RocAucOvr(OneVersusRest):
    """Mean area under the ROC curves of all classes."""

    def area(self, scores: np.ndarray, positive: np.ndarray) -> float:
        return roc_area(scores, positive)


class PrAucOvr(OneVersusRest):
    """Mean average precision of all classes."""

    def area(self, scores: np.ndarray, positive: np.ndarray) -> float:
        return average_precision(scores, positive)


def probabilities(predictions: Predictions) -> np.ndarray:
    """float64 [n, classes]."""
    return np.asarray(predictions.prediction("probability"), dtype=np.float64)


def separable(predictions: Predictions) -> np.ndarray:
    """Whether a class has rows and others have rows too: bool [classes]."""
    truth = true_classes(predictions)
    rows = truth.sum(axis=0)
    found: np.ndarray = (rows > 0) & (rows < len(truth))
    return found

"""ROC and precision-recall curves as functions of how often each row counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sci.api import Predictions
from sci_report.weighted import Weighted

GRID = np.linspace(0.0, 1.0, 101)
"""The places at which bands are made."""

Steps = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


def scored(predictions: Predictions, code: int) -> tuple[np.ndarray, np.ndarray]:
    """The probability of one class, float64 [n], and whether it is true, bool [n]."""
    probability = np.asarray(predictions.prediction("probability"), dtype=np.float64)[:, code]
    return probability, predictions.codes("target") == code


def found(scores: np.ndarray, positive: np.ndarray) -> Steps:
    """Rows with at least each score, the largest first: counts [b, n] to positive and other ones [b, scores].

    Rows with one score enter together, so that their order does not matter.
    """
    order = np.argsort(-scores, kind="stable")
    ranked, true = scores[order], positive[order]
    starts = np.append(0, np.flatnonzero(ranked[1:] != ranked[:-1]) + 1)

    def at(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        sorted_counts = counts[:, order]
        parts = (np.add.reduceat(sorted_counts * chosen, starts, axis=1) for chosen in (true, ~true))
        right, wrong = (np.cumsum(part, axis=1) for part in parts)
        return right, wrong

    return at


def rates(right: np.ndarray, wrong: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """False and true positive rate from (0, 0) to (1, 1), each float64 [b, scores + 1]; NaN where a group is empty."""
    with np.errstate(invalid="ignore"):
        parts = (np.insert(part, 0, 0.0, axis=1) / part[:, -1:] for part in (wrong, right))
        false_rate, true_rate = parts
    return false_rate, true_rate


def precisions(right: np.ndarray, wrong: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Recall and precision, each float64 [b, scores]; a precision of no rows counts as 0."""
    called = right + wrong
    with np.errstate(invalid="ignore"):
        recall = right / right[:, -1:]
    return recall, np.divide(right, called, out=np.zeros_like(right), where=called > 0)


def roc_area(scores: np.ndarray, positive: np.ndarray) -> Weighted:
    """Area under the ROC curve by the trapezoidal rule, ties counting half; NaN where a group is empty."""
    steps = found(scores, positive)

    def areas(counts: np.ndarray) -> np.ndarray:
        false_rate, true_rate = rates(*steps(counts))
        return np.asarray((np.diff(false_rate) * (true_rate[:, 1:] + true_rate[:, :-1]) / 2).sum(axis=1))

    return areas


def average_precision(scores: np.ndarray, positive: np.ndarray) -> Weighted:
    """Precision at each threshold, weighted by the recall that the threshold adds; NaN where a group is empty."""
    steps = found(scores, positive)

    def areas(counts: np.ndarray) -> np.ndarray:
        right, wrong = steps(counts)
        recall, precision = precisions(right, wrong)
        area = (np.diff(recall, prepend=0.0, axis=1) * precision).sum(axis=1)
        return np.where(wrong[:, -1] > 0, area, np.nan)

    return areas


@dataclass(frozen=True)
class Roc:
    """True positive rate at each false positive rate of `GRID`, between thresholds on the straight line that joins
    them.

    Args:
        code: position of the class.
    """

    code: int
    points = len(GRID)

    def weighted(self, predictions: Predictions) -> Weighted:
        """For bands."""
        steps = found(*scored(predictions, self.code))

        def heights(counts: np.ndarray) -> np.ndarray:
            pairs = zip(*rates(*steps(counts)), strict=True)
            return np.stack([np.interp(GRID, *pair) for pair in pairs])

        return heights


@dataclass(frozen=True)
class PrecisionRecall:
    """Precision at each recall of `GRID` above 0: that of the highest threshold with at least this recall.

    Nothing is interpolated, because points between two thresholds cannot be reached (Davis and Goadrich 2006,
    doi:10.1145/1143844.1143874). At recall 0 it is that of the highest threshold that finds a row.

    Args:
        code: position of the class.
    """

    code: int
    points = len(GRID)

    def weighted(self, predictions: Predictions) -> Weighted:
        """For bands."""
        steps = found(*scored(predictions, self.code))
        least = np.maximum(GRID - 1e-12, 1e-12)

        def heights(counts: np.ndarray) -> np.ndarray:
            pairs = zip(*precisions(*steps(counts)), strict=True)
            return np.stack([_at(least, *pair) for pair in pairs])

        return heights


def _at(least: np.ndarray, recall: np.ndarray, precision: np.ndarray) -> np.ndarray:
    if np.isnan(recall[-1]):
        return np.full(len(least), np.nan)
    return np.asarray(precision[np.searchsorted(recall, least, side="left")])

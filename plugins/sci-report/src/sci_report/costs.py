"""What wrong answers cost at each threshold between two classes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sci.api import Predictions
from sci_report.curves import GRID, found, scored
from sci_report.weighted import Weighted


@dataclass(frozen=True)
class Costs:
    """Costs of the two kinds of wrong answers, in any unit.

    Args:
        false_positive: of calling a row positive that is not.
        false_negative: of missing a positive row.
    """

    false_positive: float
    false_negative: float

    def of(self, called: np.ndarray, positive: np.ndarray) -> np.ndarray:
        """The cost of each answer, of the shape of both together.

        Args:
            called: which rows are called positive.
            positive: which are.
        """
        return self.false_positive * (called & ~positive) + self.false_negative * (~called & positive)

    def cheapest(self, scores: np.ndarray, positive: np.ndarray) -> float:
        """The threshold at which the answers to these rows cost least; of equal ones the nearest to 0.5.

        Thresholds lie halfway between neighbouring scores, with one below all and one above all of them.

        Args:
            scores: probability of the positive class, float64 [n], n at least 1.
            positive: whether it is true, bool [n].
        """
        right, wrong = (part[0] for part in found(scores, positive)(np.ones((1, len(scores)))))
        values = np.unique(scores)[::-1]
        total = self.false_positive * np.append(0, wrong) + self.false_negative * (right[-1] - np.append(0, right))
        thresholds = np.concatenate([[np.nextafter(1.0, 2.0)], (values[:-1] + values[1:]) / 2, [0.0]])
        best = np.flatnonzero(total <= total.min() + 1e-12 * max(1.0, total.min()))
        return float(thresholds[best[np.argmin(np.abs(thresholds[best] - 0.5))]])


@dataclass(frozen=True)
class CostCurve:
    """Mean cost of a row at each threshold of `GRID`.

    Args:
        costs: of wrong answers.
        code: position of the positive class.
    """

    costs: Costs
    code: int
    points: int = len(GRID)

    def weighted(self, predictions: Predictions) -> Weighted:
        """For bands."""
        scores, positive = scored(predictions, self.code)
        each = self.costs.of(scores[:, None] >= GRID, positive[:, None])
        return lambda counts: np.asarray((counts @ each) / counts.sum(axis=1, keepdims=True))

"""Risk against coverage as a function of how often each row counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sci.api import Predictions
from sci_report.curves import found
from sci_report.weighted import Weighted

COVERAGES = np.arange(1, 101) / 100
"""Shares of rows that are answered, at which bands are made."""

Answered = Callable[[Predictions], tuple[np.ndarray, np.ndarray]]
"""Predictions to how sure each answer is, float64 [n], and whether it is wrong, bool [n]."""


def risks(sure: np.ndarray, wrong: np.ndarray, coverages: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """The share of wrong answers among the surest ones: counts [b, n] to float64 [b, coverages].

    Rows of one sureness are taken in no order: each stands for the mean of them all.

    Args:
        sure: float64 [n].
        wrong: bool [n].
        coverages: shares of rows above 0 that are answered.
    """
    steps = found(sure, wrong)

    def at(counts: np.ndarray) -> np.ndarray:
        errors, others = (np.insert(part, 0, 0.0, axis=1) for part in steps(counts))
        answered = errors + others
        places = answered[:, -1:] * coverages
        rows = zip(places, answered, errors, strict=True)
        return np.stack([np.interp(*row) for row in rows]) / places

    return at


@dataclass(frozen=True)
class RiskCoverage:
    """The risk at each of `COVERAGES`.

    Args:
        answered: what is known of each row.
    """

    answered: Answered
    points: int = len(COVERAGES)

    def weighted(self, predictions: Predictions) -> Weighted:
        """For bands."""
        return risks(*self.answered(predictions), COVERAGES)


def area(sure: np.ndarray, wrong: np.ndarray) -> Weighted:
    """Area under the risk-coverage curve (AURC): the mean risk over the coverages 1/n, 2/n, ..., 1.

    Geifman, Uziel, El-Yaniv, Bias-reduced uncertainty estimation for deep neural classifiers (2019), arXiv:1805.08206.
    """
    at = risks(sure, wrong, np.arange(1, len(sure) + 1) / len(sure))
    return lambda counts: np.asarray(at(counts).mean(axis=1))


def smallest_area(wrong: int, n: int) -> float:
    """The area where every wrong answer is less sure than every right one."""
    answered = np.arange(1, n + 1)
    return float((np.maximum(answered - (n - wrong), 0) / answered).mean())

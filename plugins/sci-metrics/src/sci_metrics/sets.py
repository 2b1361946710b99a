"""Rows with any number of labels, judged row by row."""

from __future__ import annotations

from typing import Any

import numpy as np

from sci.api import Predictions
from sci_metrics.membership import label_sets
from sci_metrics.sums import Summed, ratio


class PerSet(Summed):
    """The mean over rows of what each row's labels are worth."""

    def of(self, truth: np.ndarray, said: np.ndarray) -> np.ndarray:
        """The worth of each row [n], from the labels that apply and those that are said to, bool [n, k] each."""
        raise NotImplementedError

    def statistics(self, predictions: Predictions) -> np.ndarray:
        """One column: the worth of each row."""
        return self.of(*label_sets(predictions)).astype(np.float64)[:, None]

    def value(self, sums: np.ndarray, n: Any) -> np.ndarray:
        return sums[..., 0] / n


class SubsetAccuracy(PerSet):
    """The share of rows with exactly their labels."""

    interval = "wilson"
    comparison = "mcnemar"

    def of(self, truth: np.ndarray, said: np.ndarray) -> np.ndarray:
        found: np.ndarray = (truth == said).all(axis=1)
        return found


class HammingLoss(PerSet):
    """The share of labels, over all rows, that are wrong: said and not real, or real and not said."""

    higher_is_better = False

    def of(self, truth: np.ndarray, said: np.ndarray) -> np.ndarray:
        found: np.ndarray = (truth != said).mean(axis=1)
        return found


class PrecisionSamples(PerSet):
    """Of the labels that a row is said to have, the share that it has; 0 for a row that is said to have none."""

    def of(self, truth: np.ndarray, said: np.ndarray) -> np.ndarray:
        return ratio((truth & said).sum(axis=1), said.sum(axis=1))


class RecallSamples(PerSet):
    """Of the labels that a row has, the share that is found; 0 for a row that has none."""

    def of(self, truth: np.ndarray, said: np.ndarray) -> np.ndarray:
        return ratio((truth & said).sum(axis=1), truth.sum(axis=1))


class F1Samples(PerSet):
    """The harmonic mean of both in each row; 0 for a row without labels that is said to have none, as in scikit-learn
    with ``zero_division=0``."""

    def of(self, truth: np.ndarray, said: np.ndarray) -> np.ndarray:
        return ratio(2 * (truth & said).sum(axis=1), truth.sum(axis=1) + said.sum(axis=1))

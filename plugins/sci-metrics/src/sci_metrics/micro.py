"""Precision, recall and F1 over all rows and classes at once."""

from __future__ import annotations

from typing import Any

import numpy as np

from sci.api import Predictions
from sci_metrics.classes import PerClass, blocks
from sci_metrics.membership import has_label_sets
from sci_metrics.sums import ratio


class Micro(PerClass):
    """Of what is found, said and real over all classes; 0 where the denominator is 0.

    Where a row has one class, every wrong row is one false positive and one false negative, so that all three are the
    accuracy (Sokolova and Lapalme 2009, doi:10.1016/j.ipm.2009.03.002).
    """

    def describe(self, predictions: Predictions) -> dict[str, Any]:
        return {} if has_label_sets(predictions) else {"equals": "accuracy"}


class PrecisionMicro(Micro):
    """Of all labels that are said to apply, the share that does."""

    def value(self, sums: np.ndarray, n: Any) -> np.ndarray:
        hit, predicted, _ = totals(sums)
        return ratio(hit, predicted)


class RecallMicro(Micro):
    """Of all labels that apply, the share that is found."""

    def value(self, sums: np.ndarray, n: Any) -> np.ndarray:
        hit, _, actual = totals(sums)
        return ratio(hit, actual)


class F1Micro(Micro):
    """The harmonic mean of both."""

    def value(self, sums: np.ndarray, n: Any) -> np.ndarray:
        hit, predicted, actual = totals(sums)
        return ratio(2 * hit, predicted + actual)


def totals(sums: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Found, said and real over all classes, [...] each."""
    hit, predicted, actual = (block.sum(axis=-1) for block in blocks(sums))
    return hit, predicted, actual

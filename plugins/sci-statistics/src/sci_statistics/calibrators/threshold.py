"""From which probability on a row is called positive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sci.api import Batch, Predictions, State
from sci_statistics.calibrators.answers import chances, labels, positive, probabilities, two_classes
from sci_statistics.config import ThresholdConfig


class Threshold:
    """Calibrator `threshold`: the cheapest, or by a metric the best, threshold on the validation rows.

    Thresholds lie halfway between neighbouring probabilities, with one below all and one above all of them; of several
    equally good ones the one nearest to 0.5 is taken. Probabilities stay as they are; labels follow the threshold.
    Elkan, The Foundations of Cost-Sensitive Learning (2001): for calibrated probabilities the best threshold is
    ``false_positive / (false_positive + false_negative)``; this one does not need them calibrated.

    Args:
        config: a cost or a metric.
    """

    def __init__(self, config: ThresholdConfig) -> None:
        self.config = config
        self.threshold = 0.5

    def check(self, info: Mapping[str, Any]) -> None:
        """Refuse more than two classes before training."""
        two_classes(info, "threshold")

    def fit(self, validation: Predictions) -> None:
        """Find the threshold.

        Raises:
            ConfigError: the model gives no probabilities, or there are not two classes.
            DataError: no validation row has a known answer.
        """
        two_classes(validation.info, "threshold")
        probability, truth = chances(validation, "threshold")
        code = positive(validation.info)
        thresholds, counts = candidates(probability[:, code], truth == code)
        worth = self._worth(counts)
        best = np.flatnonzero(worth >= worth.max() - 1e-12 * max(1.0, abs(worth.max())))
        self.threshold = float(thresholds[best[np.argmin(np.abs(thresholds[best] - 0.5))]])

    def _worth(self, counts: Counts) -> np.ndarray:
        if self.config.cost is not None:
            return -(self.config.cost.false_positive * counts.fp + self.config.cost.false_negative * counts.fn)
        return WORTH[self.config.metric or "f1"](counts)

    def transform(self, predictions: Batch, info: Mapping[str, Any]) -> Batch:
        """The same outputs with labels by the threshold; a row without probabilities keeps its label."""
        code = positive(info)
        chance = probabilities(predictions["probability"])[:, code]
        found = labels(np.where(chance >= self.threshold, code, 1 - code), list(info["classes"]), predictions)
        known = pa.array(np.isfinite(chance))
        return {**predictions, "label": pc.if_else(known, found, predictions["label"])}

    def info(self) -> dict[str, Any]:
        """The threshold on the probability of the positive class."""
        return {"threshold": self.threshold}

    def state(self) -> State:
        return State(meta={"threshold": self.threshold})

    def load_state(self, state: State) -> None:
        self.threshold = float(state.meta["threshold"])


class Counts(NamedTuple):
    """Right and wrong answers at each threshold, float64 [thresholds]."""

    tp: np.ndarray
    fp: np.ndarray
    fn: np.ndarray
    tn: np.ndarray


def candidates(scores: np.ndarray, truth: np.ndarray) -> tuple[np.ndarray, Counts]:
    """Thresholds that answer differently, rising, and what each comes to.

    Args:
        scores: probability of the positive class, float64 [n].
        truth: whether it is true, bool [n].
    """
    values, inverse = np.unique(scores, return_inverse=True)
    found, all_ = (
        np.bincount(inverse, weights=weights, minlength=len(values)) for weights in (truth, np.ones(len(truth)))
    )
    below = np.concatenate([[0.0], np.cumsum(found)])
    fn, tn = below, np.concatenate([[0.0], np.cumsum(all_ - found)])
    middles = np.concatenate([[0.0], (values[1:] + values[:-1]) / 2, [np.nextafter(1.0, 2.0)]])
    return middles, Counts(fn[-1] - fn, tn[-1] - tn, fn, tn)


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0)


def _mcc(c: Counts) -> np.ndarray:
    spread = np.sqrt((c.tp + c.fp) * (c.tp + c.fn) * (c.tn + c.fp) * (c.tn + c.fn))
    return _ratio(c.tp * c.tn - c.fp * c.fn, spread)


WORTH = {
    "f1": lambda c: _ratio(2 * c.tp, 2 * c.tp + c.fp + c.fn),
    "balanced-accuracy": lambda c: (_ratio(c.tp, c.tp + c.fn) + _ratio(c.tn, c.tn + c.fp)) / 2,
    "accuracy": lambda c: _ratio(c.tp + c.tn, c.tp + c.tn + c.fp + c.fn),
    "mcc": _mcc,
}
"""Metric to its value at each threshold; 0 where it is not defined."""

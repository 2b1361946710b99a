"""How far off a fitted model is: a mean over rows in which each counts by its ``weight``.

A model of this engine minimises a criterion of its own; these figures stand in the history and beside the validation
rows. They are called as ``(outputs, batch)`` and return a number.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sci.api import Feature, only_head
from sci_sklearn.config import CrossEntropyConfig
from sci_sklearn.network import Arrays

LEAST = float(np.log(np.finfo(np.float64).eps))
"""A log-probability counts as this much at least, as in scikit-learn's `log_loss`: a tree may rule a class out."""


class CrossEntropy:
    """Mean of the negative log-probability of the true class; no probability counts as less than 2.2e-16."""

    def __init__(self, config: CrossEntropyConfig, heads: Mapping[str, Feature]) -> None:
        self.head, _ = only_head(heads, 1, "cross-entropy")
        self.smoothing = config.label_smoothing

    def __call__(self, outputs: Arrays, batch: Arrays) -> float:
        logits = outputs[self.head]
        logits = logits - logits.max(axis=1, keepdims=True)
        sure = np.maximum(logits - np.log(np.exp(logits).sum(axis=1, keepdims=True)), LEAST)
        chosen = sure[np.arange(len(sure)), batch["target"]]
        return average(-((1 - self.smoothing) * chosen + self.smoothing * sure.mean(axis=1)), batch)


class MeanSquaredError:
    """Mean of the squared errors."""

    def __init__(self, config: object, heads: Mapping[str, Feature]) -> None:
        self.head, _ = only_head(heads, 0, "mean squared error")

    def __call__(self, outputs: Arrays, batch: Arrays) -> float:
        return average(np.square(outputs[self.head] - batch["target"]), batch)


class MeanAbsoluteError(MeanSquaredError):
    """Mean of the absolute errors."""

    def __call__(self, outputs: Arrays, batch: Arrays) -> float:
        return average(np.abs(outputs[self.head] - batch["target"]), batch)


def average(values: np.ndarray, batch: Arrays) -> float:
    """The mean of one value a row, by weight where there is one; 0 where there is nothing to average."""
    if "weight" not in batch:
        return float(values.mean()) if len(values) else 0.0
    weight = np.asarray(batch["weight"], dtype=np.float64)
    return float(weight @ values / (weight.sum() or 1.0))

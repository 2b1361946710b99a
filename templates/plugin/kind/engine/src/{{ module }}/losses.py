"""Losses of this engine: targets ``(config, heads)`` that give ``(outputs, batch) -> number``."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from sci.api import ComponentConfig, Feature, only_head

Arrays = Mapping[str, np.ndarray]


class MeanSquaredError:
    """The mean of the squared errors."""

    def __init__(self, config: ComponentConfig, heads: Mapping[str, Feature]) -> None:
        self.head, _ = only_head(heads, 0, "a loss of errors")

    def __call__(self, outputs: Arrays, batch: Arrays) -> float:
        return float(np.mean(np.square(outputs[self.head] - batch["target"])))


class CrossEntropy:
    """The mean of ``-log softmax(logits)[target]``; the target holds class codes."""

    def __init__(self, config: ComponentConfig, heads: Mapping[str, Feature]) -> None:
        self.head, _ = only_head(heads, 1, "cross-entropy")

    def __call__(self, outputs: Arrays, batch: Arrays) -> float:
        logits = outputs[self.head] - outputs[self.head].max(axis=1, keepdims=True)
        found = logits[np.arange(len(logits)), batch["target"].astype(np.int64)]
        return float(np.mean(np.log(np.exp(logits).sum(axis=1)) - found))

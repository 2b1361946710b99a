"""Models whose scores are linear in their inputs, trained by gradient steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sci.api import Feature, Initial, Schema, input_width, only_head
from sci_networks.config import LinearConfig
from sci_tensorflow.api import Linear, Network, Tensors, tf


class Scores(Network):
    """Scores ``x W^T + b`` [n, columns], from which a head follows; `weight` [columns, d] and `bias` [columns]."""

    def __init__(self, config: LinearConfig, inputs: Schema, columns: int, head: str, seed: int) -> None:
        self.head, self.l2 = head, config.l2
        self.linear = Linear(input_width(inputs, "a linear model"), columns, bias=config.intercept)
        weight = self.linear.canonical()[0]
        weight.assign(Initial(seed).normal("weight", weight.shape, config.initial_scale))

    def children(self) -> Mapping[str, Any]:
        return {"": self.linear}

    def __call__(self, batch: Tensors, training: bool = False) -> dict[str, Any]:
        return {self.head: self.emit(self.linear(batch["numbers"]))}

    def emit(self, scores: Any) -> Any:
        """The head from the scores."""
        return scores

    def penalty(self) -> Any:
        """`l2` times the sum of squared weights, the intercept left out."""
        return self.l2 * tf.reduce_sum(tf.square(self.linear.kernel.value)) if self.l2 else None


class Value(Scores):
    """One score, which is the predicted number."""

    def emit(self, scores: Any) -> Any:
        return scores[:, 0]


class BinaryLogistic(Scores):
    """One score z, the log-odds of the second of two classes; the logits are [0, z]."""

    def emit(self, scores: Any) -> Any:
        return tf.pad(scores, [[0, 0], [1, 0]])


def linear(config: LinearConfig, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> Scores:
    """Linear regression."""
    head, _ = only_head(heads, 0, "linear regression")
    return Value(config, inputs, 1, head, seed)


def logistic(config: LinearConfig, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> Scores:
    """Logistic regression: one vector of weights for two classes, `softmax` for more."""
    head, (classes,) = only_head(heads, 1, "logistic regression")
    return BinaryLogistic(config, inputs, 1, head, seed) if classes == 2 else softmax(config, inputs, heads, seed)


def softmax(config: LinearConfig, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> Scores:
    """Softmax regression: one vector of weights for each class. Without `l2` only their differences are determined."""
    head, (classes,) = only_head(heads, 1, "softmax regression")
    return Scores(config, inputs, classes, head, seed)

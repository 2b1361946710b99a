"""Models whose scores are linear in their inputs, trained by gradient steps."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import nn
from torch.nn import functional

from sci.api import Feature, Initial, Schema, input_width, only_head
from sci_networks.config import LinearConfig
from sci_torch.api import Tensors, fill


class Linear(nn.Module):
    """Scores ``x W^T + b`` [n, columns], from which a head follows; `weight` [columns, d] and `bias` [columns]."""

    def __init__(self, config: LinearConfig, inputs: Schema, columns: int, head: str, seed: int) -> None:
        super().__init__()
        self.head, self.l2 = head, config.l2
        shape = (columns, input_width(inputs, "a linear model"))
        self.weight = nn.Parameter(torch.empty(shape))
        self.bias = nn.Parameter(torch.zeros(columns)) if config.intercept else None
        fill(self.weight, Initial(seed).normal("weight", shape, config.initial_scale))

    def forward(self, batch: Tensors) -> dict[str, torch.Tensor]:
        return {self.head: self.emit(functional.linear(batch["numbers"], self.weight, self.bias))}

    def emit(self, scores: torch.Tensor) -> torch.Tensor:
        """The head from the scores."""
        return scores

    def penalty(self) -> torch.Tensor | None:
        """`l2` times the sum of squared weights, the intercept left out."""
        return self.l2 * self.weight.square().sum() if self.l2 else None


class Value(Linear):
    """One score, which is the predicted number."""

    def emit(self, scores: torch.Tensor) -> torch.Tensor:
        return scores[:, 0]


class BinaryLogistic(Linear):
    """One score z, the log-odds of the second of two classes; the logits are [0, z]."""

    def emit(self, scores: torch.Tensor) -> torch.Tensor:
        return functional.pad(scores, (1, 0))


def linear(config: LinearConfig, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> Linear:
    """Linear regression."""
    head, _ = only_head(heads, 0, "linear regression")
    return Value(config, inputs, 1, head, seed)


def logistic(config: LinearConfig, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> Linear:
    """Logistic regression: one vector of weights for two classes, `softmax` for more."""
    head, (classes,) = only_head(heads, 1, "logistic regression")
    return BinaryLogistic(config, inputs, 1, head, seed) if classes == 2 else softmax(config, inputs, heads, seed)


def softmax(config: LinearConfig, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> Linear:
    """Softmax regression: one vector of weights for each class. Without `l2` only their differences are determined."""
    head, (classes,) = only_head(heads, 1, "softmax regression")
    return Linear(config, inputs, classes, head, seed)

"""Losses: means over rows, in which each row counts by its ``weight`` where the batch has one."""

from __future__ import annotations

import abc
from collections.abc import Mapping

import torch
from torch.nn import functional

from sci.api import ComponentConfig, Feature, only_head
from sci_networks.config import HuberConfig
from sci_torch.api import Tensors, weighted_mean


class ErrorLoss(abc.ABC):
    """A loss of the error ``value - target`` of a predicted number."""

    def __init__(self, config: ComponentConfig, heads: Mapping[str, Feature]) -> None:
        self.head, _ = only_head(heads, 0, "a loss of errors")

    @abc.abstractmethod
    def of(self, error: torch.Tensor) -> torch.Tensor:
        """Loss of each error [n]."""

    def __call__(self, outputs: Tensors, batch: Tensors) -> torch.Tensor:
        value, target = outputs[self.head], batch["target"]
        return weighted_mean(self.of(value.to(target.dtype) - target), batch)


class MeanSquaredError(ErrorLoss):
    """The mean of ``e^2``."""

    def of(self, error: torch.Tensor) -> torch.Tensor:
        return error * error


class MeanAbsoluteError(ErrorLoss):
    """The mean of ``|e|``; its derivative at 0 is taken as 0."""

    def of(self, error: torch.Tensor) -> torch.Tensor:
        return error.abs()


class Huber(ErrorLoss):
    """The mean of ``e^2 / 2`` up to `delta`, and of ``delta (|e| - delta / 2)`` beyond (Huber 1964)."""

    def __init__(self, config: HuberConfig, heads: Mapping[str, Feature]) -> None:
        super().__init__(config, heads)
        self.delta = config.delta

    def of(self, error: torch.Tensor) -> torch.Tensor:
        clipped = error.clamp(-self.delta, self.delta)
        return clipped * (error - clipped / 2)


class CrossEntropy:
    """The mean of ``-log softmax(logits)[target]``, in nats; the target holds class codes (int64)."""

    def __init__(self, config: ComponentConfig, heads: Mapping[str, Feature]) -> None:
        self.head, _ = only_head(heads, 1, "cross-entropy")

    def __call__(self, outputs: Tensors, batch: Tensors) -> torch.Tensor:
        logits, target = outputs[self.head], batch["target"]
        if "weight" not in batch:
            return functional.cross_entropy(logits, target)
        return weighted_mean(functional.cross_entropy(logits, target, reduction="none"), batch)


class BinaryCrossEntropy:
    """The mean over labels of ``-log sigmoid(logit)`` where the target is 1 and ``-log sigmoid(-logit)`` where it is 0,
    in nats; logits and targets are [n, labels]."""

    def __init__(self, config: ComponentConfig, heads: Mapping[str, Feature]) -> None:
        self.head, _ = only_head(heads, 1, "binary-cross-entropy")

    def __call__(self, outputs: Tensors, batch: Tensors) -> torch.Tensor:
        logits = outputs[self.head]
        target = batch["target"].to(logits.dtype)
        losses = functional.binary_cross_entropy_with_logits(logits, target, reduction="none")
        return weighted_mean(losses.mean(dim=1), batch)

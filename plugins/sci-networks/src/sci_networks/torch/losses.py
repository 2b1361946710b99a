"""Losses: means over rows or positions, in which each row counts by its ``weight`` where the batch has one.

One may have ``mass(batch)``, what the mean is taken over where that is not the number of rows.
"""

from __future__ import annotations

import abc
from collections.abc import Mapping

import torch
from torch.nn import functional

from sci.api import ENDED, ComponentConfig, Feature, only_head
from sci_networks.config import CrossEntropyConfig, HuberConfig
from sci_networks.scores import class_scores
from sci_torch.api import Tensors, lengths_of, mass, weighted_mean


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
    """The mean of ``-log softmax(logits)[target]``, in nats; the target holds class codes (int64).

    With logits for each position, [n, L, classes], it is the mean over all positions of all rows: those before
    ``target.length`` whose code is not -1, and, where the head is `sci.api.ENDED`, the end behind them.
    """

    def __init__(self, config: CrossEntropyConfig, heads: Mapping[str, Feature]) -> None:
        self.head, self.feature = class_scores(heads, "cross-entropy")
        self.smoothing = config.label_smoothing

    def mass(self, batch: Tensors) -> torch.Tensor | float:
        """How much a batch counts beside others: its rows, or its positions, by their weights."""
        return self._weights(batch, self._codes(batch)).sum() if self.feature.ragged else mass(batch)

    def __call__(self, outputs: Tensors, batch: Tensors) -> torch.Tensor:
        logits = outputs[self.head]
        if not self.feature.ragged:
            if "weight" not in batch:
                return functional.cross_entropy(logits, batch["target"], label_smoothing=self.smoothing)
            return weighted_mean(self._losses(logits, batch["target"]), batch)
        codes = self._codes(batch)
        weights = self._weights(batch, codes).to(logits.dtype)
        total = weights.sum()
        losses = self._losses(logits.flatten(0, 1), codes.flatten())
        return (losses * weights.flatten()).sum() / torch.where(total == 0, 1, total)

    def _losses(self, logits: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
        ignored = -1 if self.feature.ragged else -100
        return functional.cross_entropy(
            logits, codes, ignore_index=ignored, reduction="none", label_smoothing=self.smoothing
        )

    def _codes(self, batch: Tensors) -> torch.Tensor:
        """The code of each position, [n, L] or, with an end, [n, L + 1]; -1 where there is nothing to learn."""
        codes, lengths = batch["target"], lengths_of(batch, "target")[:, None]
        ended = self.feature.format == ENDED
        if ended:
            codes = functional.pad(codes, (0, 1))
        place = torch.arange(codes.shape[1], device=codes.device)
        known = torch.where(place < lengths, codes, -1)
        return torch.where(place == lengths, int(self.feature.pad), known) if ended else known

    def _weights(self, batch: Tensors, codes: torch.Tensor) -> torch.Tensor:
        """How much each position counts."""
        counted = codes >= 0
        return counted * batch["weight"][:, None] if "weight" in batch else counted


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

"""Losses of engine numpy: their value, and their derivative by what the network emits.

A loss of this engine is a target ``(config, heads)`` that gives a callable
``(outputs, batch) -> (value, {head: gradient})``. The value is a mean over rows in which each row counts by its
``weight``, where the batch has one: the sum of weighted losses divided by the sum of weights. Gradient accumulation
relies on it.
"""

from __future__ import annotations

import abc
from collections.abc import Mapping

import numpy as np

from sci.api import ComponentConfig, DataError, Feature, only_head
from sci_numpy.config import CrossEntropyConfig, HuberConfig
from sci_numpy.network import Arrays, in_rows, mass, shares, weights

Slope = tuple[float, dict[str, np.ndarray]]


class ErrorLoss(abc.ABC):
    """A loss of the error ``value - target`` of a predicted number."""

    def __init__(self, config: ComponentConfig, heads: Mapping[str, Feature]) -> None:
        self.head, _ = only_head(heads, 0, "a loss of errors")

    @abc.abstractmethod
    def of(self, error: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Loss and derivative for each error [n]."""

    def __call__(self, outputs: Arrays, batch: Arrays) -> Slope:
        error = outputs[self.head] - batch["target"]
        share = shares(batch)
        loss, slope = self.of(error)
        return float(share @ loss), {self.head: (share * slope).astype(error.dtype, copy=False)}


class MeanSquaredError(ErrorLoss):
    """The mean of ``e^2``."""

    def of(self, error: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return error * error, 2 * error


class MeanAbsoluteError(ErrorLoss):
    """The mean of ``|e|``; its derivative at 0 is taken as 0."""

    def of(self, error: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return np.abs(error), np.sign(error)


class Huber(ErrorLoss):
    """The mean of ``e^2 / 2`` up to `delta`, and of ``delta (|e| - delta / 2)`` beyond (Huber 1964)."""

    def __init__(self, config: HuberConfig, heads: Mapping[str, Feature]) -> None:
        super().__init__(config, heads)
        self.delta = config.delta

    def of(self, error: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        clipped = np.clip(error, -self.delta, self.delta)
        return clipped * (error - clipped / 2), clipped


class CrossEntropy:
    """The mean of ``-log softmax(logits)[target]``, in nats; the target holds class codes (int64).

    With logits for each position, [n, L, classes], it is the mean over the positions of all rows whose code is not -1.
    The largest logit is subtracted first, so that no exponential overflows.
    """

    def __init__(self, config: CrossEntropyConfig, heads: Mapping[str, Feature]) -> None:
        self.smoothing = config.label_smoothing
        self.ragged = len(heads) == 1 and next(iter(heads.values())).ragged
        self.head, _ = only_head(in_rows(heads), 1, "cross-entropy")

    def mass(self, batch: Arrays) -> float:
        """How much a batch counts beside others: its rows, or its positions, by their weights."""
        if not self.ragged:
            return mass(batch)
        return float((weights(batch)[:, None] * (batch["target"] >= 0)).sum())

    def __call__(self, outputs: Arrays, batch: Arrays) -> Slope:
        logits, target = outputs[self.head], batch["target"]
        if not self.ragged:
            if target.min(initial=0) < 0:
                raise DataError(f"{int((target < 0).sum())} rows have no class to learn from", id="data.missing-target")
            value, slope = self._mean(logits, target, shares(batch))
            return value, {self.head: slope}
        asked = target >= 0
        share = (weights(batch)[:, None] * asked)[asked]
        gradient = np.zeros_like(logits)
        value, gradient[asked] = self._mean(logits[asked], target[asked], share / (share.sum() or 1.0))
        return value, {self.head: gradient}

    def _mean(self, logits: np.ndarray, target: np.ndarray, share: np.ndarray) -> tuple[float, np.ndarray]:
        row = np.arange(len(target))
        shifted = logits - logits.max(axis=1, keepdims=True, initial=-np.inf)
        powers = np.exp(shifted)
        sums = powers.sum(axis=1)
        asked = shifted[row, target]
        gradient = powers / sums[:, None]
        if self.smoothing:
            asked = (1 - self.smoothing) * asked + self.smoothing * shifted.mean(axis=1)
            gradient -= self.smoothing / logits.shape[1]
        gradient[row, target] -= 1 - self.smoothing
        gradient *= share[:, None]
        return float(share @ (np.log(sums) - asked)), gradient


class BinaryCrossEntropy:
    """The mean over labels of ``-log sigmoid(logit)`` where the target is 1 and ``-log sigmoid(-logit)`` where it is 0,
    in nats; logits and targets are [n, labels]. A logit may be infinite where the target agrees."""

    def __init__(self, config: ComponentConfig, heads: Mapping[str, Feature]) -> None:
        self.head, (self.labels,) = only_head(heads, 1, "binary-cross-entropy")

    def __call__(self, outputs: Arrays, batch: Arrays) -> Slope:
        logits, target = outputs[self.head], batch["target"]
        toward = np.where(target > 0.5, logits, -logits)
        small = np.exp(-np.abs(toward))
        losses = np.maximum(-toward, 0.0) + np.log1p(small)
        wrong = np.where(toward >= 0, small, 1.0) / (1.0 + small)
        share = shares(batch) / self.labels
        gradient = np.where(target > 0.5, -wrong, wrong) * share[:, None]
        return float(share @ losses.sum(axis=1)), {self.head: gradient.astype(logits.dtype, copy=False)}

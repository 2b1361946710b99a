"""Losses: means over rows, in which each row counts by its ``weight`` where the batch has one."""

from __future__ import annotations

import abc
from collections.abc import Mapping
from typing import Any

import numpy as np

from sci.api import ComponentConfig, DataError, Feature, only_head
from sci_networks.config import HuberConfig
from sci_tensorflow.api import Tensors, tf, weighted_mean


class ErrorLoss(abc.ABC):
    """A loss of the error ``value - target`` of a predicted number."""

    def __init__(self, config: ComponentConfig, heads: Mapping[str, Feature]) -> None:
        self.head, _ = only_head(heads, 0, "a loss of errors")

    @abc.abstractmethod
    def of(self, error: Any) -> Any:
        """Loss of each error [n]."""

    def __call__(self, outputs: Tensors, batch: Tensors) -> Any:
        target = batch["target"]
        return weighted_mean(self.of(tf.cast(outputs[self.head], target.dtype) - target), batch)


class MeanSquaredError(ErrorLoss):
    """The mean of ``e^2``."""

    def of(self, error: Any) -> Any:
        return error * error


class MeanAbsoluteError(ErrorLoss):
    """The mean of ``|e|``; its derivative at 0 is taken as 0."""

    def of(self, error: Any) -> Any:
        return tf.abs(error)


class Huber(ErrorLoss):
    """The mean of ``e^2 / 2`` up to `delta`, and of ``delta (|e| - delta / 2)`` beyond (Huber 1964)."""

    def __init__(self, config: HuberConfig, heads: Mapping[str, Feature]) -> None:
        super().__init__(config, heads)
        self.delta = config.delta

    def of(self, error: Any) -> Any:
        clipped = tf.clip_by_value(error, -self.delta, self.delta)
        return clipped * (error - clipped / 2)


class CrossEntropy:
    """The mean of ``-log softmax(logits)[target]``, in nats; the target holds class codes (int64)."""

    def __init__(self, config: ComponentConfig, heads: Mapping[str, Feature]) -> None:
        self.head, _ = only_head(heads, 1, "cross-entropy")

    def check(self, batch: Mapping[str, np.ndarray]) -> None:
        """Stop for rows without a class."""
        absent = int((batch["target"] < 0).sum()) if "target" in batch else 0
        if absent:
            raise DataError(f"{absent} rows have no class to learn from", id="data.missing-target")

    def __call__(self, outputs: Tensors, batch: Tensors) -> Any:
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=batch["target"], logits=outputs[self.head])
        return weighted_mean(losses, batch)


class BinaryCrossEntropy:
    """The mean over labels of ``-log sigmoid(logit)`` where the target is 1 and ``-log sigmoid(-logit)`` where it is 0,
    in nats; logits and targets are [n, labels]."""

    def __init__(self, config: ComponentConfig, heads: Mapping[str, Feature]) -> None:
        self.head, _ = only_head(heads, 1, "binary-cross-entropy")

    def __call__(self, outputs: Tensors, batch: Tensors) -> Any:
        logits = outputs[self.head]
        target = tf.cast(batch["target"], logits.dtype)
        losses = tf.nn.sigmoid_cross_entropy_with_logits(labels=target, logits=logits)
        return weighted_mean(tf.reduce_mean(losses, axis=1), batch)

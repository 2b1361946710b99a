"""Losses: means over rows or positions, in which each row counts by its ``weight`` where the batch has one.

One may have ``mass(batch)``, what the mean is taken over where that is not the number of rows.
"""

from __future__ import annotations

import abc
from collections.abc import Mapping
from typing import Any

import numpy as np

from sci.api import ENDED, ComponentConfig, DataError, Feature, only_head
from sci_networks.config import CrossEntropyConfig, HuberConfig
from sci_networks.scores import class_scores
from sci_tensorflow.api import Tensors, lengths_of, mass, tf, weighted_mean


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
    """The mean of ``-log softmax(logits)[target]``, in nats; the target holds class codes (int64).

    With logits for each position, [n, L, classes], it is the mean over all positions of all rows: those before
    ``target.length`` whose code is not -1, and, where the head is `sci.api.ENDED`, the end behind them.
    """

    def __init__(self, config: CrossEntropyConfig, heads: Mapping[str, Feature]) -> None:
        self.head, self.feature = class_scores(heads, "cross-entropy")
        self.smoothing = config.label_smoothing

    def check(self, batch: Mapping[str, np.ndarray]) -> None:
        """Stop for rows without a class."""
        absent = int((batch["target"] < 0).sum()) if "target" in batch and not self.feature.ragged else 0
        if absent:
            raise DataError(f"{absent} rows have no class to learn from", id="data.missing-target")

    def mass(self, batch: Tensors) -> Any:
        """How much a batch counts beside others, float64: its rows, or its positions, by their weights."""
        return tf.reduce_sum(self._weights(batch, self._codes(batch))) if self.feature.ragged else mass(batch)

    def __call__(self, outputs: Tensors, batch: Tensors) -> Any:
        logits = outputs[self.head]
        if not self.feature.ragged:
            return weighted_mean(self._losses(logits, batch["target"]), batch)
        codes = self._codes(batch)
        weights = tf.cast(self._weights(batch, codes), logits.dtype)
        losses = self._losses(logits, tf.maximum(codes, 0))
        return tf.math.divide_no_nan(tf.reduce_sum(losses * weights), tf.reduce_sum(weights))

    def _losses(self, logits: Any, codes: Any) -> Any:
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=codes, logits=logits)
        if not self.smoothing:
            return losses
        true = tf.gather(logits, codes, axis=-1, batch_dims=codes.shape.rank)
        return losses + self.smoothing * (true - tf.reduce_mean(logits, axis=-1))

    def _codes(self, batch: Tensors) -> Any:
        """The code of each position, [n, L] or, with an end, [n, L + 1]; -1 where there is nothing to learn."""
        codes, lengths = batch["target"], lengths_of(batch, "target")[:, None]
        ended = self.feature.format == ENDED
        if ended:
            codes = tf.pad(codes, [[0, 0], [0, 1]])
        place = tf.range(tf.shape(codes)[1])
        known = tf.where(place < lengths, codes, -1)
        return tf.where(place == lengths, tf.cast(self.feature.pad, codes.dtype), known) if ended else known

    def _weights(self, batch: Tensors, codes: Any) -> Any:
        """How much each position counts, float64."""
        counted = tf.cast(codes >= 0, tf.float64)
        return counted * tf.cast(batch["weight"], tf.float64)[:, None] if "weight" in batch else counted


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

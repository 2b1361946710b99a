"""What a network emits for the heads that its task wants."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from sci.api import ENDED, ConfigError, Feature, head_shape
from sci_tensorflow.block import Block
from sci_tensorflow.layers import Linear
from sci_tensorflow.runtime import tf


class Heads(Block):
    """One linear layer for each head: ``<name>.weight`` [size, width] and ``<name>.bias``.

    Args:
        width: length of the vectors that come.
        heads: name to feature. A head that is not ragged is emitted for each row, [n, *shape]; a ragged one for each
            position, [n, L, *shape], with ``<name>.length`` beside it.
        reader: the model, for messages.
        positions: whether the model has vectors for positions.
        layer: makes what turns vectors of one length into those of another, where that is not a linear layer.

    Raises:
        ConfigError: a shape is not known, a head is wanted for each position and there are none, or one is to end by
            itself.
    """

    def __init__(
        self,
        width: int,
        heads: Mapping[str, Feature],
        reader: str,
        *,
        positions: bool = False,
        layer: Callable[[int, int], Any] = Linear,
    ) -> None:
        self.shapes = {name: head_shape(name, feature) for name, feature in heads.items()}
        self.ragged = {name for name, feature in heads.items() if feature.ragged}
        ended = [name for name, feature in heads.items() if feature.format == ENDED]
        if ended:
            raise ConfigError(
                f"the task wants `{ended[0]}` as a sequence of its own length, and {reader} answers to what it reads",
                id="flow.head",
                hint="model: encoder-decoder",
            )
        if self.ragged and not positions:
            raise ConfigError(
                f"the task wants `{min(self.ragged)}` for each position, and {reader} has one answer for each row",
                id="flow.head",
            )
        self.layers = {name: layer(width, math.prod(shape)) for name, shape in self.shapes.items()}

    def children(self) -> Mapping[str, Any]:
        return self.layers

    def __call__(self, rows: Any, positions: Any = None, lengths: Any = None) -> dict[str, Any]:
        """`rows` [n, width]; `positions` [n, L, width] and their `lengths` [n] where heads are ragged."""
        emitted: dict[str, Any] = {}
        for name, shape in self.shapes.items():
            ragged = name in self.ragged
            found = self.layers[name](positions if ragged else rows)
            if len(shape) != 1:
                leading = tf.shape(found)[:-1]
                found = tf.reshape(found, tf.concat([leading, tf.constant(shape, tf.int32)], axis=0))
            emitted[name] = found
            if ragged and lengths is not None:
                emitted[f"{name}.length"] = lengths
        return emitted

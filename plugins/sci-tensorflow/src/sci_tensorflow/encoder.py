"""The block of a transformer encoder."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from sci_tensorflow.activation import ACTIVATIONS
from sci_tensorflow.block import Block
from sci_tensorflow.layers import Dropout, LayerNorm, Linear
from sci_tensorflow.pooling import inside
from sci_tensorflow.runtime import tf


class Attention(Block):
    """Multi-head scaled dot-product attention (Vaswani et al. 2017, section 3.2)."""

    def __init__(self, width: int, heads: int, dropout: float) -> None:
        self.heads, self.width = heads, width
        self.query = Linear(width, width)
        self.key = Linear(width, width)
        self.value = Linear(width, width)
        self.output = Linear(width, width)
        self.dropout = Dropout(dropout) if dropout else None

    def __call__(self, values: Any, seen: Any = None, training: bool = False) -> Any:
        """Positions `values` [n, L, width] look at each other; `seen` boolean [n, 1, 1, L], at which ones they may."""
        return self.look(values, self.memory(values), seen, training)

    def memory(self, values: Any) -> tuple[Any, Any]:
        """What others see of `values` [n, L, width]: keys and values [n, heads, L, width / heads]."""
        return self._split(self.key(values)), self._split(self.value(values))

    def look(self, values: Any, memory: tuple[Any, Any], seen: Any = None, training: bool = False) -> Any:
        """What `values` [n, Q, width] find in a memory of L positions; `seen` boolean, [n, 1, 1, L] or [Q, L]."""
        query, (key, value) = self._split(self.query(values)), memory
        scores = tf.matmul(query, key, transpose_b=True) / tf.constant(math.sqrt(self.width // self.heads), query.dtype)
        if seen is not None:
            scores = tf.where(seen, scores, tf.cast(float("-inf"), scores.dtype))
        looked = tf.nn.softmax(scores)
        if self.dropout is not None:
            looked = self.dropout(looked, training=training)
        found = tf.transpose(tf.matmul(looked, value), [0, 2, 1, 3])
        return self.output(tf.reshape(found, tf.shape(values)))

    def _split(self, values: Any) -> Any:
        rows, length = tf.unstack(tf.shape(values)[:2])
        split = tf.reshape(values, [rows, length, self.heads, self.width // self.heads])
        return tf.transpose(split, [0, 2, 1, 3])


class FeedForward(Block):
    """Two dense layers with an activation between them."""

    def __init__(self, width: int, units: int, activation: str) -> None:
        self.up = Linear(width, units)
        self.down = Linear(units, width)
        self.activation = ACTIVATIONS[activation]

    def __call__(self, values: Any) -> Any:
        return self.down(self.activation(self.up(values)))


class ResidualBlock(Block):
    """Sublayers of attention and a feed-forward one, each added to what came in.

    Args:
        width: length of the vector at each position.
        heads: heads of the attention, which divide `width`.
        units: units between the two dense layers.
        activation: a name of `ACTIVATIONS`.
        dropout: share of what attention looks at, and of what each sublayer adds, that is silent in training.
        norm_first: layer normalization before each sublayer; otherwise after it (Xiong et al. 2020, arXiv:2002.04745).
        epsilon: added to the variance in layer normalization.
    """

    looking: ClassVar[tuple[str, ...]] = ("attention",)
    """The names of the sublayers of attention."""

    attention: Attention
    attention_norm: LayerNorm
    attention_dropout: Dropout | None

    def __init__(
        self,
        width: int,
        heads: int,
        units: int,
        *,
        activation: str = "gelu",
        dropout: float = 0.0,
        norm_first: bool = True,
        epsilon: float = 1e-5,
    ) -> None:
        for name in self.looking:
            setattr(self, name, Attention(width, heads, dropout))
            setattr(self, f"{name}_norm", LayerNorm(width, epsilon))
            setattr(self, f"{name}_dropout", Dropout(dropout) if dropout else None)
        self.feed_forward = FeedForward(width, units, activation)
        self.feed_forward_norm = LayerNorm(width, epsilon)
        self.feed_forward_dropout = Dropout(dropout) if dropout else None
        self.norm_first = norm_first

    def _through(self, values: Any, training: bool, *looks: Callable[[Any], Any]) -> Any:
        """`values` after all sublayers; `looks` say what those of `looking` find."""
        works: tuple[Callable[[Any], Any], ...] = (*looks, self.feed_forward)
        for name, work in zip((*self.looking, "feed_forward"), works, strict=True):
            norm, dropout = getattr(self, f"{name}_norm"), getattr(self, f"{name}_dropout")
            if self.norm_first:
                values = values + silenced(dropout, work(norm(values)), training)
            else:
                values = norm(values + silenced(dropout, work(values), training))
        return values


class EncoderBlock(ResidualBlock):
    """Attention of positions to each other, and feed-forward layers."""

    def __call__(self, values: Any, seen: Any = None, training: bool = False) -> Any:
        """`values` [n, L, width], `seen` as of `seen_positions`; the same shape."""
        return self._through(values, training, lambda given: self.attention(given, seen, training))


def silenced(dropout: Any, values: Any, training: bool) -> Any:
    """Values after a dropout, if there is one."""
    return values if dropout is None else dropout(values, training=training)


def seen_positions(lengths: Any, longest: Any) -> Any:
    """Boolean [n, 1, 1, longest]: which positions hold something; of an empty row the first, so that a mean exists."""
    return inside(tf.maximum(lengths, 1), longest)[:, None, None, :]


def sinusoids(length: int, width: int) -> np.ndarray:
    """Sines at even places and cosines at odd ones (Vaswani et al. 2017, section 3.5): float64 [length, width]."""
    rates = np.exp(np.arange(0, width, 2, dtype=np.float64) * (-math.log(10_000.0) / width))
    angles = np.arange(length, dtype=np.float64)[:, None] * rates
    found = np.zeros((length, width))
    found[:, 0::2] = np.sin(angles)
    found[:, 1::2] = np.cos(angles)[:, : width // 2]
    return found

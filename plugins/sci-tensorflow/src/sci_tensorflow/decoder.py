"""The block of a transformer decoder."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sci_tensorflow.block import Block
from sci_tensorflow.encoder import Attention, FeedForward, silenced
from sci_tensorflow.layers import Dropout, LayerNorm
from sci_tensorflow.runtime import tf


class DecoderBlock(Block):
    """Attention to what came before, attention to the encoder, and feed-forward layers, each added to what came in.

    Args:
        width: length of the vector at each position.
        heads: heads of the attention, which divide `width`.
        units: units between the two dense layers.
        activation: a name of `ACTIVATIONS`.
        dropout: share of what attention looks at, and of what each sublayer adds, that is silent in training.
        norm_first: layer normalization before each sublayer; otherwise after it (Xiong et al. 2020, arXiv:2002.04745).
        epsilon: added to the variance in layer normalization.
    """

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
        self.attention = Attention(width, heads, dropout)
        self.attention_norm = LayerNorm(width, epsilon)
        self.attention_dropout = Dropout(dropout) if dropout else None
        self.cross = Attention(width, heads, dropout)
        self.cross_norm = LayerNorm(width, epsilon)
        self.cross_dropout = Dropout(dropout) if dropout else None
        self.feed_forward = FeedForward(width, units, activation)
        self.feed_forward_norm = LayerNorm(width, epsilon)
        self.feed_forward_dropout = Dropout(dropout) if dropout else None
        self.norm_first = norm_first

    def __call__(self, values: Any, source: tuple[Any, Any], seen: Any = None, training: bool = False) -> Any:
        """All positions at once; none sees a later one.

        Args:
            values: [n, L, width].
            source: what `cross.memory` made of the encoder's vectors.
            seen: as of `seen_positions`, of the source.
            training: whether dropout is on.
        """
        place = tf.range(tf.shape(values)[1])
        earlier = place[None, :] <= place[:, None]
        return self._through(
            values,
            lambda given: self.attention.look(given, self.attention.memory(given), earlier, training),
            lambda given: self.cross.look(given, source, seen, training),
            training,
        )

    def step(
        self, values: Any, past: tuple[Any, Any], source: tuple[Any, Any], seen: Any = None
    ) -> tuple[Any, tuple[Any, Any]]:
        """One position more of k sequences for each source; also what the next one is given as `past`.

        Args:
            values: [n * k, 1, width].
            past: keys and values of the positions before, [n * k, heads, t, width / heads].
            source, seen: of n sources.
        """
        kept: list[tuple[Any, Any]] = []

        def before(given: Any) -> Any:
            fresh = self.attention.memory(given)
            kept.append((tf.concat([past[0], fresh[0]], axis=2), tf.concat([past[1], fresh[1]], axis=2)))
            return self.attention.look(given, kept[0])

        def across(given: Any) -> Any:
            beams = tf.reshape(given, [tf.shape(source[0])[0], -1, given.shape[-1]])  # they look at the same source
            return tf.reshape(self.cross.look(beams, source, seen), tf.shape(given))

        return self._through(values, before, across, False), kept[0]

    def _through(self, values: Any, before: Callable[[Any], Any], across: Callable[[Any], Any], training: bool) -> Any:
        sublayers = (
            (self.attention_norm, before, self.attention_dropout),
            (self.cross_norm, across, self.cross_dropout),
            (self.feed_forward_norm, self.feed_forward, self.feed_forward_dropout),
        )
        for norm, work, dropout in sublayers:
            if self.norm_first:
                values = values + silenced(dropout, work(norm(values)), training)
            else:
                values = norm(values + silenced(dropout, work(values), training))
        return values

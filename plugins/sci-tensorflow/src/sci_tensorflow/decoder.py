"""The block of a transformer decoder."""

from __future__ import annotations

from typing import Any, ClassVar

from sci_tensorflow.encoder import Attention, ResidualBlock
from sci_tensorflow.layers import Dropout, LayerNorm
from sci_tensorflow.runtime import tf


class DecoderBlock(ResidualBlock):
    """Attention to what came before, attention to the encoder, and feed-forward layers."""

    looking: ClassVar[tuple[str, ...]] = ("attention", "cross")

    cross: Attention
    cross_norm: LayerNorm
    cross_dropout: Dropout | None

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
            training,
            lambda given: self.attention.look(given, self.attention.memory(given), earlier, training),
            lambda given: self.cross.look(given, source, seen, training),
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

        return self._through(values, False, before, across), kept[0]

"""Vectors that stand for tokens, drawn or from a file."""

from __future__ import annotations

from typing import Any

from sci.api import Feature
from sci_tensorflow.api import Embedding, fill, inside, tf
from sci_text.model_config import EmbeddedConfig
from sci_text.word_vectors import with_vectors


class TokenEmbedding(Embedding):
    """A vector for each token; canonical `weight` [vocabulary, width].

    Args:
        config: width of the vectors, and where they come from.
        feature: what the tokens are.
        size: how many different ones there are.
    """

    def __init__(self, config: EmbeddedConfig, feature: Feature, size: int) -> None:
        super().__init__(size, config.width)
        self.words = feature.values or ()
        self.vectors = config.vectors

    def begin(self) -> list[str]:
        """Take over the vectors of the file, when training begins; how many there were, in words."""
        if self.vectors is None:
            return []
        weight = self.canonical()[0]
        filled, said = with_vectors(weight.array(), self.words, self.vectors)
        fill(weight, filled)
        return [said]

    def of(self, tokens: Any, lengths: Any) -> Any:
        """`tokens` [n, L], `lengths` [n]; [n, L, width], 0 where a sequence has ended."""
        values = self(tokens)
        return tf.where(inside(lengths, tf.shape(tokens)[1])[:, :, None], values, tf.zeros_like(values))

"""LSTM in both directions over tokens, on engine tensorflow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sci.api import Feature, Feed, Schema
from sci_tensorflow.api import (
    POOLING,
    Block,
    Dropout,
    Heads,
    Linear,
    Network,
    RecurrentLayer,
    Tensors,
    initialize,
    lengths_of,
    seen_positions,
    silenced,
    tf,
)
from sci_text.model_config import BilstmConfig
from sci_text.reading import tokens_input
from sci_text.tensorflow.embedding import TokenEmbedding
from sci_text.word_vectors import SPREAD


class Bilstm(Network):
    """Tokens read from both ends of a text (Graves and Schmidhuber 2005), and what stands for the whole.

    Weights: ``embedding.weight`` [vocabulary, size]; ``layer.<i>.onward`` and ``layer.<i>.reverse`` with ``weight_ih``,
    ``weight_hh`` and ``bias``; ``attention.dense`` and ``attention.score`` where that pools; ``head.<name>``.
    """

    def __init__(self, config: BilstmConfig, inputs: Schema, heads: Mapping[str, Feature]) -> None:
        self.name, feature, size = tokens_input(inputs, "bilstm")
        self.embedding = TokenEmbedding(config, feature, size)
        if config.static:
            self.frozen.add("embedding.weight")
        units = config.hidden_size
        self.layer = [
            RecurrentLayer("lstm", 2 * units if place else config.width, units, bidirectional=True)
            for place in range(config.layers)
        ]
        self.attention = AttentionPooling(2 * units) if config.pooling == "attention" else None
        self.pooling, self.units = config.pooling, units
        self.head = Heads(2 * units, heads, "bilstm", positions=True)
        self.dropout = [Dropout(config.dropout) if config.dropout else None for _ in range(config.layers + 2)]

    def begin(self, feed: Feed) -> Sequence[str]:
        """Take over word vectors."""
        return self.embedding.begin()

    def __call__(self, batch: Tensors, training: bool = False) -> dict[str, Any]:
        lengths = lengths_of(batch, self.name)
        values = self.embedding.of(batch[self.name], lengths)
        for layer, dropout in zip(self.layer, self.dropout[2:], strict=True):
            values = layer(silenced(dropout, values, training), lengths)
        rows = silenced(self.dropout[0], self._pooled(values, lengths), training)
        return self.head(rows, silenced(self.dropout[1], values, training) if self.head.ragged else None, lengths)

    def _pooled(self, values: Any, lengths: Any) -> Any:
        if self.attention is not None:
            return self.attention(values, lengths)
        if self.pooling != "last":
            return POOLING[self.pooling](values, lengths)
        ends = POOLING["last"](values[..., : self.units], lengths), POOLING["first"](values[..., self.units :], lengths)
        return tf.concat(ends, axis=1)


class AttentionPooling(Block):
    """A mean of positions by learned weights: ``softmax(score(tanh(dense(x))))`` (Yang et al. 2016)."""

    def __init__(self, width: int) -> None:
        self.dense = Linear(width, width)
        self.score = Linear(width, 1, bias=False)

    def __call__(self, values: Any, lengths: Any) -> Any:
        """`values` [n, L, width], `lengths` [n]; [n, width], 0 for an empty row."""
        scores = self.score(tf.tanh(self.dense(values)))[..., 0]
        seen = seen_positions(lengths, tf.shape(values)[1])[:, 0, 0]
        weights = tf.nn.softmax(tf.where(seen, scores, tf.cast(float("-inf"), scores.dtype)))
        found = tf.reduce_sum(weights[:, :, None] * values, axis=1)
        return tf.where((lengths > 0)[:, None], found, tf.zeros_like(found))


def build(config: BilstmConfig, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> Bilstm:
    """A network with its first weights."""
    network = Bilstm(config, inputs, heads)
    initialize(network, seed, {"embedding": SPREAD})
    return network

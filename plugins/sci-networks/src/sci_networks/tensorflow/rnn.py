"""Recurrent network for sequences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sci.api import Feature, Schema, sequence_input
from sci_networks.config import RnnConfig
from sci_networks.tensorflow.sequence import vectors
from sci_tensorflow.api import (
    POOLING,
    Dropout,
    Embedding,
    Heads,
    Network,
    RecurrentLayer,
    Tensors,
    initialize,
    lengths_of,
    silenced,
    tf,
)


class Rnn(Network):
    """Stacked recurrent layers over tokens or over series, and what stands for the whole.

    Weights: ``embedding.weight`` [vocabulary, size] for tokens; ``layer.<i>.onward`` and, in two directions,
    ``layer.<i>.reverse`` with ``weight_ih``, ``weight_hh`` and ``bias`` (LSTM) or ``bias_ih`` and ``bias_hh`` (GRU);
    ``head.<name>``.
    """

    def __init__(self, config: RnnConfig, inputs: Schema, heads: Mapping[str, Feature]) -> None:
        self.name, vocabulary, width = sequence_input(inputs, "rnn")
        self.embedding = Embedding(vocabulary, config.embedding_size) if vocabulary is not None else None
        if vocabulary is not None:
            width = config.embedding_size
        self.pooling, self.units = config.pooling, config.hidden_size
        self.layer: list[RecurrentLayer] = []
        for _ in range(config.layers):
            self.layer.append(
                RecurrentLayer(config.cell, width, config.hidden_size, bidirectional=config.bidirectional)
            )
            width = config.hidden_size * (2 if config.bidirectional else 1)
        self.head = Heads(width, heads, "rnn", positions=True)
        self.dropout = [Dropout(config.dropout) if config.dropout else None for _ in range(config.layers + 1)]

    def __call__(self, batch: Tensors, training: bool = False) -> dict[str, Any]:
        values = vectors(batch[self.name], self.embedding, self.layer[0].onward.compute_dtype)
        lengths = lengths_of(batch, self.name)
        for position, layer in enumerate(self.layer):
            values = layer(silenced(self.dropout[position - 1], values, training) if position else values, lengths)
        pooled = silenced(self.dropout[-2], self._pooled(values, lengths), training)
        return self.head(pooled, silenced(self.dropout[-1], values, training) if self.head.ragged else None, lengths)

    def _pooled(self, values: Any, lengths: Any) -> Any:
        pooled = POOLING[self.pooling](values, lengths)
        if self.pooling == "last" and values.shape[-1] > self.units:  # read from the end, the start comes last
            pooled = tf.concat([pooled[:, : self.units], POOLING["first"](values, lengths)[:, self.units :]], axis=1)
        return pooled


def build(config: RnnConfig, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> Rnn:
    """A recurrent network with its first weights."""
    network = Rnn(config, inputs, heads)
    initialize(network, seed)
    return network

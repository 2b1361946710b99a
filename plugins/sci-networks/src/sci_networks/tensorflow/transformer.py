"""Transformer encoder for sequences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sci.api import Feature, Schema, sequence_input
from sci_networks.config import TransformerConfig
from sci_networks.limits import too_long
from sci_networks.tensorflow.sequence import places, vectors
from sci_tensorflow.api import (
    POOLING,
    Dropout,
    Embedding,
    EncoderBlock,
    Heads,
    LayerNorm,
    Linear,
    Network,
    Tensors,
    initialize,
    lengths_of,
    seen_positions,
    silenced,
    sinusoids,
    tf,
)


class Transformer(Network):
    """Embedded tokens, or projected series, with positions added, through encoder blocks (arXiv:1706.03762).

    Weights: ``embedding.weight`` [vocabulary, size] or ``projection``; ``position.weight`` [max_length, size] where
    learned; ``layer.<i>.attention.{query,key,value,output}``, ``layer.<i>.attention_norm``,
    ``layer.<i>.feed_forward.{up,down}``, ``layer.<i>.feed_forward_norm``; ``norm`` after the last block where
    normalization comes first; ``head.<name>``.
    """

    def __init__(self, config: TransformerConfig, inputs: Schema, heads: Mapping[str, Feature]) -> None:
        size = config.hidden_size
        self.name, vocabulary, width = sequence_input(inputs, "transformer")
        self.embedding = Embedding(vocabulary, size) if vocabulary is not None else None
        self.projection = Linear(width, size) if vocabulary is None else None
        self.longest, self.pooling = config.max_length, config.pooling
        learned = config.position == "learned"
        self.position = Embedding(config.max_length, size) if learned else None
        self.place = None if learned else sinusoids(config.max_length, size)
        self.dropout = Dropout(config.dropout) if config.dropout else None
        self.layer = [EncoderBlock(size, config.heads, config.units, **config.block()) for _ in range(config.layers)]
        self.norm = LayerNorm(size, config.epsilon) if config.norm == "first" else None
        self.head = Heads(size, heads, "transformer", positions=True)

    def check(self, batch: Mapping[str, np.ndarray]) -> None:
        """Stop for a sequence that is longer than what the encoder was built for."""
        if self.name not in batch:
            return
        lengths = batch.get(f"{self.name}.length")
        found = batch[self.name].shape[1] if lengths is None else int(lengths.max(initial=0))
        if found > self.longest:
            raise too_long(found, self.longest, "transformer")

    def __call__(self, batch: Tensors, training: bool = False) -> dict[str, Any]:
        lengths = lengths_of(batch, self.name)
        values = vectors(batch[self.name], self.embedding, self.layer[0].attention.query.compute_dtype)
        if self.projection is not None:
            values = self.projection(values)
        length = tf.shape(values)[1]
        table = self.place if self.position is None else self.position.embeddings.value
        values = silenced(self.dropout, values + places(table, length, values.dtype), training)
        seen = seen_positions(lengths, length)
        for layer in self.layer:
            values = layer(values, seen, training)
        if self.norm is not None:
            values = self.norm(values)
        return self.head(POOLING[self.pooling](values, lengths), values, lengths)


def build(config: TransformerConfig, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> Transformer:
    """An encoder with its first weights."""
    network = Transformer(config, inputs, heads)
    initialize(network, seed, {"layer.*.feed_forward.up": "he_uniform"})
    return network

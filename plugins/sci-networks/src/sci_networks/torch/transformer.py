"""Transformer encoder for sequences."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import nn
from torch.nn import functional

from sci.api import Feature, Schema, sequence_input
from sci_networks.config import TransformerConfig
from sci_networks.torch.sequence import places, vectors
from sci_torch.api import POOLING, EncoderBlock, Heads, Tensors, initialize, lengths_of, seen_positions, sinusoids


class Transformer(nn.Module):
    """Embedded tokens, or projected series, with positions added, through encoder blocks (arXiv:1706.03762).

    Weights: ``embedding.weight`` [vocabulary, size] or ``projection``; ``position.weight`` [max_length, size] where
    learned; ``layer.<i>.attention.{query,key,value,output}``, ``layer.<i>.attention_norm``,
    ``layer.<i>.feed_forward.{up,down}``, ``layer.<i>.feed_forward_norm``; ``norm`` after the last block where
    normalization comes first; ``head.<name>``.
    """

    place: torch.Tensor

    def __init__(self, config: TransformerConfig, inputs: Schema, heads: Mapping[str, Feature]) -> None:
        super().__init__()
        size = config.hidden_size
        self.name, vocabulary, width = sequence_input(inputs, "transformer")
        self.embedding = nn.Embedding(vocabulary, size) if vocabulary is not None else None
        self.projection = nn.Linear(width, size) if vocabulary is None else None
        self.pooling, self.dropout = config.pooling, config.dropout
        learned = config.position == "learned"
        self.position = nn.Embedding(config.max_length, size) if learned else None
        if not learned:
            self.register_buffer("place", sinusoids(config.max_length, size), persistent=False)
        self.layer = nn.ModuleList(
            EncoderBlock(size, config.heads, config.units, **config.block()) for _ in range(config.layers)
        )
        self.norm = nn.LayerNorm(size, eps=config.epsilon) if config.norm == "first" else None
        self.head = Heads(size, heads, "transformer", positions=True)

    def forward(self, batch: Tensors) -> dict[str, torch.Tensor]:
        lengths = lengths_of(batch, self.name)
        values = vectors(batch[self.name], self.embedding, next(self.parameters()).dtype)
        if self.projection is not None:
            values = self.projection(values)
        table = self.place if self.position is None else self.position.weight
        values = self._silenced(values + places(table, values.shape[1], lengths, "transformer").to(values.dtype))
        seen = seen_positions(lengths, values.shape[1])
        for layer in self.layer:
            values = layer(values, seen)
        if self.norm is not None:
            values = self.norm(values)
        emitted: dict[str, torch.Tensor] = self.head(POOLING[self.pooling](values, lengths), values, lengths)
        return emitted

    def _silenced(self, values: torch.Tensor) -> torch.Tensor:
        return functional.dropout(values, self.dropout, self.training) if self.dropout else values


def build(config: TransformerConfig, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> Transformer:
    """An encoder with its first weights."""
    network = Transformer(config, inputs, heads)
    initialize(network, seed, {"layer.*.feed_forward.up": "he_uniform"})
    return network

"""Recurrent network for sequences."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import nn
from torch.nn import functional

from sci.api import Feature, Schema, sequence_input
from sci_networks.config import RnnConfig
from sci_networks.torch.sequence import vectors
from sci_torch.api import POOLING, Heads, RecurrentLayer, Tensors, initialize, lengths_of


class Rnn(nn.Module):
    """Stacked recurrent layers over tokens or over series, and what stands for the whole.

    Weights: ``embedding.weight`` [vocabulary, size] for tokens; ``layer.<i>.onward`` and, in two directions,
    ``layer.<i>.reverse`` with ``weight_ih``, ``weight_hh`` and ``bias`` (LSTM) or ``bias_ih`` and ``bias_hh`` (GRU);
    ``head.<name>``.
    """

    def __init__(self, config: RnnConfig, inputs: Schema, heads: Mapping[str, Feature]) -> None:
        super().__init__()
        self.name, vocabulary, width = sequence_input(inputs, "rnn")
        self.embedding = nn.Embedding(vocabulary, config.embedding_size) if vocabulary is not None else None
        if vocabulary is not None:
            width = config.embedding_size
        self.pooling, self.dropout, self.units = config.pooling, config.dropout, config.hidden_size
        layers = []
        for _ in range(config.layers):
            layers.append(RecurrentLayer(config.cell, width, config.hidden_size, bidirectional=config.bidirectional))
            width = config.hidden_size * (2 if config.bidirectional else 1)
        self.layer = nn.ModuleList(layers)
        self.head = Heads(width, heads, "rnn", positions=True)

    def forward(self, batch: Tensors) -> dict[str, torch.Tensor]:
        values = vectors(batch[self.name], self.embedding, next(self.parameters()).dtype)
        lengths = lengths_of(batch, self.name)
        for position, layer in enumerate(self.layer):
            values = layer(self._silenced(values) if position else values, lengths)
        emitted: dict[str, torch.Tensor] = self.head(
            self._silenced(self._pooled(values, lengths)), self._silenced(values), lengths
        )
        return emitted

    def _pooled(self, values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        pooled = POOLING[self.pooling](values, lengths)
        if self.pooling == "last" and values.shape[-1] > self.units:  # read from the end, the start comes last
            pooled = torch.cat([pooled[:, : self.units], POOLING["first"](values, lengths)[:, self.units :]], dim=1)
        return pooled

    def _silenced(self, values: torch.Tensor) -> torch.Tensor:
        return functional.dropout(values, self.dropout, self.training) if self.dropout else values


def build(config: RnnConfig, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> Rnn:
    """A recurrent network with its first weights."""
    network = Rnn(config, inputs, heads)
    initialize(network, seed)
    return network

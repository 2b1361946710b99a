"""LSTM in both directions over tokens, on engine torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import nn
from torch.nn import functional

from sci.api import Feature, Feed, Schema
from sci_text.model_config import BilstmConfig
from sci_text.reading import tokens_input
from sci_text.torch.embedding import TokenEmbedding
from sci_text.word_vectors import SPREAD
from sci_torch.api import POOLING, Heads, RecurrentLayer, Tensors, initialize, lengths_of, seen_positions


class Bilstm(nn.Module):
    """Tokens read from both ends of a text (Graves and Schmidhuber 2005), and what stands for the whole.

    Weights: ``embedding.weight`` [vocabulary, size]; ``layer.<i>.onward`` and ``layer.<i>.reverse`` with ``weight_ih``,
    ``weight_hh`` and ``bias``; ``attention.dense`` and ``attention.score`` where that pools; ``head.<name>``.
    """

    def __init__(self, config: BilstmConfig, inputs: Schema, heads: Mapping[str, Feature]) -> None:
        super().__init__()
        self.name, feature, size = tokens_input(inputs, "bilstm")
        self.embedding = TokenEmbedding(config, feature, size)
        units = config.hidden_size
        self.layer = nn.ModuleList(
            RecurrentLayer("lstm", 2 * units if place else config.width, units, bidirectional=True)
            for place in range(config.layers)
        )
        self.attention = AttentionPooling(2 * units) if config.pooling == "attention" else None
        self.pooling, self.units, self.dropout = config.pooling, units, config.dropout
        self.head = Heads(2 * units, heads, "bilstm", positions=True)

    def begin(self, feed: Feed) -> Sequence[str]:
        """Take over word vectors."""
        return self.embedding.begin()

    def forward(self, batch: Tensors) -> dict[str, torch.Tensor]:
        lengths = lengths_of(batch, self.name)
        values = self.embedding.of(batch[self.name], lengths)
        for layer in self.layer:
            values = layer(self._silenced(values), lengths)
        emitted: dict[str, torch.Tensor] = self.head(
            self._silenced(self._pooled(values, lengths)), self._silenced(values), lengths
        )
        return emitted

    def _pooled(self, values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        if self.attention is not None:
            looked: torch.Tensor = self.attention(values, lengths)
            return looked
        if self.pooling != "last":
            return POOLING[self.pooling](values, lengths)
        ends = POOLING["last"](values[..., : self.units], lengths), POOLING["first"](values[..., self.units :], lengths)
        return torch.cat(ends, dim=1)

    def _silenced(self, values: torch.Tensor) -> torch.Tensor:
        return functional.dropout(values, self.dropout, self.training) if self.dropout else values


class AttentionPooling(nn.Module):
    """A mean of positions by learned weights: ``softmax(score(tanh(dense(x))))`` (Yang et al. 2016)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.dense = nn.Linear(width, width)
        self.score = nn.Linear(width, 1, bias=False)

    def forward(self, values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """`values` [n, L, width], `lengths` [n]; [n, width], 0 for an empty row."""
        scores = self.score(torch.tanh(self.dense(values)))[..., 0]
        seen = seen_positions(lengths, values.shape[1])[:, 0, 0]
        weights = torch.where(seen, scores, -torch.inf).softmax(dim=1)
        return torch.where((lengths > 0)[:, None], (weights[:, :, None] * values).sum(dim=1), 0)


def build(config: BilstmConfig, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> Bilstm:
    """A network with its first weights."""
    network = Bilstm(config, inputs, heads)
    initialize(network, seed, {"embedding": SPREAD})
    return network

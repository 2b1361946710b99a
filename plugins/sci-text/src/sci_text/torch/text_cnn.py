"""Convolutions over tokens, on engine torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import torch
from torch import nn
from torch.nn import functional

from sci.api import Feature, Feed, Schema
from sci_text.model_config import TextCnnConfig
from sci_text.reading import tokens_input
from sci_text.torch.embedding import TokenEmbedding
from sci_text.word_vectors import SPREAD
from sci_torch.api import POOLING, Heads, Tensors, initialize, lengths_of


class TextCnn(nn.Module):
    """The largest answer of each filter to any stretch of a text (Kim 2014, arXiv:1408.5882).

    Stretches reach beyond both ends of a text, by zeros. Weights: ``embedding.weight`` [vocabulary, size],
    ``filters.<i>`` for the i-th width, over the vectors of its tokens one behind the other; ``head.<name>``.
    """

    def __init__(self, config: TextCnnConfig, inputs: Schema, heads: Mapping[str, Feature]) -> None:
        super().__init__()
        self.name, feature, size = tokens_input(inputs, "text-cnn")
        self.embedding = TokenEmbedding(config, feature, size)
        self.widths, self.dropout = config.widths, config.dropout
        self.filters = nn.ModuleList(nn.Linear(width * config.width, config.filters) for width in config.widths)
        layer = nn.Linear if config.max_norm is None else partial(BoundedLinear, config.max_norm)
        self.head = Heads(config.filters * len(config.widths), heads, "text-cnn", layer=layer)

    def begin(self, feed: Feed) -> Sequence[str]:
        """Take over word vectors."""
        return self.embedding.begin()

    def forward(self, batch: Tensors) -> dict[str, torch.Tensor]:
        lengths = lengths_of(batch, self.name)
        values = self.embedding.of(batch[self.name], lengths)
        found = torch.cat(
            [
                largest(filters, values, lengths, width)
                for filters, width in zip(self.filters, self.widths, strict=True)
            ],
            dim=1,
        )
        if self.dropout:
            found = functional.dropout(found, self.dropout, self.training)
        emitted: dict[str, torch.Tensor] = self.head(found)
        return emitted


def largest(filters: nn.Module, values: torch.Tensor, lengths: torch.Tensor, width: int) -> torch.Tensor:
    """The largest answer of each filter to the stretches of `width` positions that touch a sequence: [n, filters].

    `values` [n, L, size] are 0 where a sequence has ended; an empty one has the answer 0.
    """
    around = functional.pad(values, (0, 0, width - 1, width - 1))
    stretches = around.unfold(1, width, 1).transpose(2, 3).flatten(2)
    return POOLING["max"](torch.relu(filters(stretches)), torch.where(lengths > 0, lengths + width - 1, 0))


class BoundedLinear(nn.Linear):
    """A linear layer whose vector of weights of each output counts as no longer than `bound`."""

    def __init__(self, bound: float, inputs: int, outputs: int) -> None:
        super().__init__(inputs, outputs)
        self.bound = bound

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        lengths = self.weight.square().sum(dim=1, keepdim=True)
        longer = lengths > self.bound**2
        scale = torch.where(longer, self.bound * torch.where(longer, lengths, 1).rsqrt(), 1)
        return functional.linear(values, self.weight * scale, self.bias)


def build(config: TextCnnConfig, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> TextCnn:
    """A network with its first weights."""
    network = TextCnn(config, inputs, heads)
    initialize(network, seed, {"embedding": SPREAD, "filters.*": "he_uniform"})
    return network

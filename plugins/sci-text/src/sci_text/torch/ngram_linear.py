"""Linear scores of n-grams, on engine torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import nn
from torch.nn import functional

from sci.api import Feature, Feed, Schema
from sci_text.model_config import NgramLinearConfig
from sci_text.ngram_weights import Weighing, weighing
from sci_text.ngrams import TINY, hashed
from sci_text.reading import tokens_input
from sci_torch.api import Tensors, fill, lengths_of


class NgramLinear(nn.Module):
    """The sum of the weights of the n-grams that occur in a text (Wang and Manning 2012).

    An n-gram counts once, however often it occurs, times its `weighting` in the training rows; rows are divided by
    their length. Only the buckets of a row are looked up. Weights: ``head.<name>.weight`` [buckets + 1, outputs],
    ``head.<name>.bias`` [outputs], and ``head.<name>.weighting`` [buckets + 1, 1 or outputs], counted, not learned.
    """

    def __init__(self, config: NgramLinearConfig, inputs: Schema, heads: Mapping[str, Feature]) -> None:
        super().__init__()
        self.config = config
        self.name, _, _ = tokens_input(inputs, "ngram-linear")
        self.weighing = weighing(config, heads)
        scores = Scores(config.buckets, self.weighing)
        self.head = nn.ModuleDict({self.weighing.head: scores})

    def begin(self, feed: Feed) -> Sequence[str]:
        """Count the n-grams of the training rows."""
        fill(self.scores.weighting, self.weighing.of_rows(feed, self.name, self.config))
        return ()

    @property
    def scores(self) -> Scores:
        """The weights of the only head."""
        return self.head[self.weighing.head]  # type: ignore[return-value]

    def forward(self, batch: Tensors) -> dict[str, torch.Tensor]:
        lengths = lengths_of(batch, self.name)
        found = different(batch[self.name], lengths, self.config.orders, self.config.buckets)
        scores = self.scores(found)
        return {self.weighing.head: scores[:, 0] if self.weighing.scalar else scores}

    def penalty(self) -> torch.Tensor | None:
        """`l2` times the sum of squared distances from the prior, the intercepts left out."""
        if not self.config.l2:
            return None
        return self.config.l2 * (self.scores.weight - self.weighing.prior).square().sum()


class Scores(nn.Module):
    """A weight of each bucket for each output, times what was counted in the training rows."""

    weighting: torch.Tensor

    def __init__(self, buckets: int, weighing: Weighing) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.full((buckets + 1, weighing.outputs), weighing.prior))
        self.bias = nn.Parameter(torch.zeros(weighing.outputs))
        self.register_buffer("weighting", torch.zeros(buckets + 1, weighing.width))

    def forward(self, found: torch.Tensor) -> torch.Tensor:
        """`found` [n, K] buckets; [n, outputs]."""
        weighting = functional.embedding(found, self.weighting)
        length = weighting.square().sum(dim=1).clamp(min=TINY).sqrt()
        return (functional.embedding(found, self.weight) * weighting).sum(dim=1) / length + self.bias


def different(tokens: torch.Tensor, lengths: torch.Tensor, orders: Sequence[int], buckets: int) -> torch.Tensor:
    """The different buckets of each row in ascending order [n, K]; what fills a row up is `buckets`."""
    longest = tokens.shape[1]
    place = torch.arange(longest, device=tokens.device)
    codes = hashed(functional.pad(tokens, (0, max(orders) - 1)), longest, orders, buckets)
    inside = [place < lengths[:, None] - (order - 1) for order in orders]
    found = torch.cat([torch.where(kept, code, buckets) for kept, code in zip(inside, codes, strict=True)], dim=1)
    ordered = found.sort(dim=1).values
    again = functional.pad(ordered[:, 1:] == ordered[:, :-1], (1, 0))
    return torch.where(again, buckets, ordered)


def build(config: NgramLinearConfig, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> NgramLinear:
    """A model whose weights are those of the prior: the loss has one minimum, and nothing is drawn."""
    return NgramLinear(config, inputs, heads)

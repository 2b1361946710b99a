"""Vectors that stand for tokens, drawn or from a file."""

from __future__ import annotations

import torch
from torch import nn

from sci.api import Feature
from sci_text.model_config import EmbeddedConfig
from sci_text.word_vectors import with_vectors
from sci_torch.api import fill, inside


class TokenEmbedding(nn.Embedding):
    """A vector for each token: ``weight`` [vocabulary, width].

    Args:
        config: width of the vectors, where they come from, and whether they learn.
        feature: what the tokens are.
        size: how many different ones there are.
    """

    def __init__(self, config: EmbeddedConfig, feature: Feature, size: int) -> None:
        super().__init__(size, config.width)
        self.words = feature.values or ()
        self.vectors = config.vectors
        self.weight.requires_grad_(not config.static)

    def begin(self) -> list[str]:
        """Take over the vectors of the file, when training begins; how many there were, in words."""
        if self.vectors is None:
            return []
        filled, said = with_vectors(self.weight.detach().cpu().numpy(), self.words, self.vectors)
        fill(self.weight, filled)
        return [said]

    def of(self, tokens: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """`tokens` [n, L], `lengths` [n]; [n, L, width], 0 where a sequence has ended."""
        return torch.where(inside(lengths, tokens.shape[1])[:, :, None], self(tokens), 0)

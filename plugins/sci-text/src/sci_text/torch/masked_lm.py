"""What predicts the tokens at positions."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

from sci_torch.api import ACTIVATIONS


class MaskedLmHead(nn.Module):
    """Dense layer, activation, layer normalization, and a score for each token (Devlin et al. 2019).

    The score of a token is the product with its embedding, plus a bias: the embeddings are weights of the encoder
    (Press and Wolf 2017, arXiv:1608.05859).

    Args:
        embedding: vectors of the tokens, of which the first `size` are scored.
        size: number of tokens.
        activation: a name of `ACTIVATIONS`.
        epsilon: added to the variance in layer normalization.
    """

    def __init__(self, embedding: nn.Embedding, size: int, activation: str, epsilon: float) -> None:
        super().__init__()
        width = embedding.embedding_dim
        self.transform = nn.ModuleDict(
            {"dense": nn.Linear(width, width), "LayerNorm": nn.LayerNorm(width, eps=epsilon)}
        )
        self.bias = nn.Parameter(torch.zeros(size))
        self.activation = ACTIVATIONS[activation]
        self._shared = (embedding,)  # in a tuple, because a module would be saved here again

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """`values` [..., width]; [..., size]."""
        values = self.transform["LayerNorm"](self.activation(self.transform["dense"](values)))
        return functional.linear(values, self._shared[0].weight[: len(self.bias)], self.bias)

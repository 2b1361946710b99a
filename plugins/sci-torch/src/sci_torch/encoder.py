"""The block of a transformer encoder."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import ClassVar, TypeAlias

import torch
from torch import nn
from torch.nn import functional

from sci_torch.activation import ACTIVATIONS

Memory: TypeAlias = tuple[torch.Tensor, torch.Tensor]
"""Keys and values [n, heads, L, width / heads] of positions that are looked at."""


class Attention(nn.Module):
    """Multi-head scaled dot-product attention (Vaswani et al. 2017, section 3.2)."""

    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.output = nn.Linear(width, width)

    def forward(self, values: torch.Tensor, seen: torch.Tensor | None) -> torch.Tensor:
        """Positions `values` [n, L, width] look at each other; `seen` boolean [n, 1, 1, L], at which ones they may."""
        return self.look(values, self.memory(values), seen)

    def memory(self, values: torch.Tensor) -> Memory:
        """What others see of `values` [n, L, width]."""
        return self._split(self.key(values)), self._split(self.value(values))

    def look(
        self, values: torch.Tensor, memory: Memory, seen: torch.Tensor | None = None, *, causal: bool = False
    ) -> torch.Tensor:
        """What `values` [n, Q, width] find in a memory of L positions; `causal` hides from each all later ones."""
        silent = self.dropout if self.training else 0.0
        found = functional.scaled_dot_product_attention(
            self._split(self.query(values)), *memory, attn_mask=seen, dropout_p=silent, is_causal=causal
        )
        merged: torch.Tensor = self.output(found.transpose(1, 2).flatten(2))
        return merged

    def _split(self, values: torch.Tensor) -> torch.Tensor:
        return values.unflatten(-1, (self.heads, -1)).transpose(1, 2)


class FeedForward(nn.Module):
    """Two dense layers with an activation between them."""

    def __init__(self, width: int, units: int, activation: str) -> None:
        super().__init__()
        self.up = nn.Linear(width, units)
        self.down = nn.Linear(units, width)
        self.activation = ACTIVATIONS[activation]

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        found: torch.Tensor = self.down(self.activation(self.up(values)))
        return found


class ResidualBlock(nn.Module):
    """Sublayers of attention and a feed-forward one, each added to what came in.

    Args:
        width: length of the vector at each position.
        heads: heads of the attention, which divide `width`.
        units: units between the two dense layers.
        activation: a name of `ACTIVATIONS`.
        dropout: share of what attention looks at, and of what each sublayer adds, that is silent in training.
        norm_first: layer normalization before each sublayer; otherwise after it (Xiong et al. 2020, arXiv:2002.04745).
        epsilon: added to the variance in layer normalization.
    """

    looking: ClassVar[tuple[str, ...]] = ("attention",)
    """The names of the sublayers of attention."""

    attention: Attention
    attention_norm: nn.LayerNorm

    def __init__(
        self,
        width: int,
        heads: int,
        units: int,
        *,
        activation: str = "gelu",
        dropout: float = 0.0,
        norm_first: bool = True,
        epsilon: float = 1e-5,
    ) -> None:
        super().__init__()
        for name in self.looking:
            self.add_module(name, Attention(width, heads, dropout))
            self.add_module(f"{name}_norm", nn.LayerNorm(width, eps=epsilon))
        self.feed_forward = FeedForward(width, units, activation)
        self.feed_forward_norm = nn.LayerNorm(width, eps=epsilon)
        self.norm_first, self.dropout = norm_first, dropout

    def _through(self, values: torch.Tensor, *looks: Callable[[torch.Tensor], torch.Tensor]) -> torch.Tensor:
        """`values` after all sublayers; `looks` say what those of `looking` find."""
        works: tuple[Callable[[torch.Tensor], torch.Tensor], ...] = (*looks, self.feed_forward)
        for name, work in zip((*self.looking, "feed_forward"), works, strict=True):
            norm = getattr(self, f"{name}_norm")
            if self.norm_first:
                values = values + self._silenced(work(norm(values)))
            else:
                values = norm(values + self._silenced(work(values)))
        return values

    def _silenced(self, values: torch.Tensor) -> torch.Tensor:
        return functional.dropout(values, self.dropout, self.training) if self.dropout else values


class EncoderBlock(ResidualBlock):
    """Attention of positions to each other, and feed-forward layers."""

    def forward(self, values: torch.Tensor, seen: torch.Tensor | None = None) -> torch.Tensor:
        """`values` [n, L, width], `seen` as of `seen_positions`; the same shape."""
        return self._through(values, lambda given: self.attention(given, seen))


def seen_positions(lengths: torch.Tensor, longest: int) -> torch.Tensor:
    """Boolean [n, 1, 1, longest]: which positions hold something; of an empty row the first, so that a mean exists."""
    place = torch.arange(longest, device=lengths.device)
    return (place < lengths.clamp(min=1)[:, None])[:, None, None, :]


def sinusoids(length: int, width: int) -> torch.Tensor:
    """Sines at even places and cosines at odd ones (Vaswani et al. 2017, section 3.5): float64 [length, width]."""
    rates = torch.exp(torch.arange(0, width, 2, dtype=torch.float64) * (-math.log(10_000.0) / width))
    angles = torch.arange(length, dtype=torch.float64)[:, None] * rates
    found = torch.zeros(length, width, dtype=torch.float64)
    found[:, 0::2] = torch.sin(angles)
    found[:, 1::2] = torch.cos(angles)[:, : width // 2]
    return found

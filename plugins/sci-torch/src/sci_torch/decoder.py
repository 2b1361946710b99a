"""The block of a transformer decoder."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import nn
from torch.nn import functional

from sci_torch.encoder import Attention, FeedForward, Memory


class DecoderBlock(nn.Module):
    """Attention to what came before, attention to the encoder, and feed-forward layers, each added to what came in.

    Args:
        width: length of the vector at each position.
        heads: heads of the attention, which divide `width`.
        units: units between the two dense layers.
        activation: a name of `ACTIVATIONS`.
        dropout: share of what attention looks at, and of what each sublayer adds, that is silent in training.
        norm_first: layer normalization before each sublayer; otherwise after it (Xiong et al. 2020, arXiv:2002.04745).
        epsilon: added to the variance in layer normalization.
    """

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
        self.attention = Attention(width, heads, dropout)
        self.attention_norm = nn.LayerNorm(width, eps=epsilon)
        self.cross = Attention(width, heads, dropout)
        self.cross_norm = nn.LayerNorm(width, eps=epsilon)
        self.feed_forward = FeedForward(width, units, activation)
        self.feed_forward_norm = nn.LayerNorm(width, eps=epsilon)
        self.norm_first, self.dropout = norm_first, dropout

    def forward(self, values: torch.Tensor, source: Memory, seen: torch.Tensor | None = None) -> torch.Tensor:
        """All positions at once; none sees a later one.

        Args:
            values: [n, L, width].
            source: what `cross.memory` made of the encoder's vectors.
            seen: as of `seen_positions`, of the source.
        """

        def before(given: torch.Tensor) -> torch.Tensor:
            return self.attention.look(given, self.attention.memory(given), causal=True)

        return self._through(values, before, lambda given: self.cross.look(given, source, seen))

    def step(
        self, values: torch.Tensor, past: Memory, source: Memory, seen: torch.Tensor | None = None
    ) -> tuple[torch.Tensor, Memory]:
        """One position more of k sequences for each source; also what the next one is given as `past`.

        Args:
            values: [n * k, 1, width].
            past: keys and values of the positions before, [n * k, heads, t, width / heads].
            source, seen: of n sources.
        """
        kept: list[Memory] = []

        def before(given: torch.Tensor) -> torch.Tensor:
            fresh = self.attention.memory(given)
            kept.append((torch.cat([past[0], fresh[0]], dim=2), torch.cat([past[1], fresh[1]], dim=2)))
            return self.attention.look(given, kept[0])

        def across(given: torch.Tensor) -> torch.Tensor:
            beams = given.reshape(len(source[0]), -1, given.shape[-1])  # they all look at the same source
            return self.cross.look(beams, source, seen).reshape(given.shape)

        return self._through(values, before, across), kept[0]

    def _through(
        self,
        values: torch.Tensor,
        before: Callable[[torch.Tensor], torch.Tensor],
        across: Callable[[torch.Tensor], torch.Tensor],
    ) -> torch.Tensor:
        sublayers = (
            (self.attention_norm, before),
            (self.cross_norm, across),
            (self.feed_forward_norm, self.feed_forward),
        )
        for norm, work in sublayers:
            if self.norm_first:
                values = values + self._silenced(work(norm(values)))
            else:
                values = norm(values + self._silenced(work(values)))
        return values

    def _silenced(self, values: torch.Tensor) -> torch.Tensor:
        return functional.dropout(values, self.dropout, self.training) if self.dropout else values

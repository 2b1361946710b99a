"""The block of a transformer decoder."""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import nn

from sci_torch.encoder import Attention, Memory, ResidualBlock


class DecoderBlock(ResidualBlock):
    """Attention to what came before, attention to the encoder, and feed-forward layers."""

    looking: ClassVar[tuple[str, ...]] = ("attention", "cross")

    cross: Attention
    cross_norm: nn.LayerNorm

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

"""What a network emits for the heads that its task wants."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import torch
from torch import nn

from sci.api import ENDED, ConfigError, Feature, head_shape


class Heads(nn.Module):
    """One linear layer for each head: ``<name>.weight`` [size, width] and ``<name>.bias``.

    Args:
        width: length of the vectors that come.
        heads: name to feature. A head that is not ragged is emitted for each row, [n, *shape]; a ragged one for each
            position, [n, L, *shape], with ``<name>.length`` beside it.
        reader: the model, for messages.
        positions: whether the model has vectors for positions.
        layer: makes what turns vectors of one length into those of another, where that is not a linear layer.

    Raises:
        ConfigError: a shape is not known, a head is wanted for each position and there are none, or one is to end by
            itself.
    """

    def __init__(
        self,
        width: int,
        heads: Mapping[str, Feature],
        reader: str,
        *,
        positions: bool = False,
        layer: Callable[[int, int], nn.Module] = nn.Linear,
    ) -> None:
        super().__init__()
        self.shapes = {name: head_shape(name, feature) for name, feature in heads.items()}
        self.ragged = {name for name, feature in heads.items() if feature.ragged}
        ended = [name for name, feature in heads.items() if feature.format == ENDED]
        if ended:
            raise ConfigError(
                f"the task wants `{ended[0]}` as a sequence of its own length, and {reader} answers to what it reads",
                id="flow.head",
                hint="model: encoder-decoder",
            )
        if self.ragged and not positions:
            raise ConfigError(
                f"the task wants `{min(self.ragged)}` for each position, and {reader} has one answer for each row",
                id="flow.head",
            )
        for name, shape in self.shapes.items():
            self.add_module(name, layer(width, math.prod(shape)))

    def forward(
        self, rows: torch.Tensor, positions: torch.Tensor | None = None, lengths: torch.Tensor | None = None
    ) -> dict[str, torch.Tensor]:
        """`rows` [n, width]; `positions` [n, L, width] and their `lengths` [n] where heads are ragged."""
        emitted: dict[str, torch.Tensor] = {}
        for name, shape in self.shapes.items():
            ragged = name in self.ragged
            source = positions if ragged and positions is not None else rows
            found: torch.Tensor = self._modules[name](source)  # type: ignore[misc]  # never None
            if len(shape) != 1:
                found = found.reshape(*found.shape[:-1], *shape)
            emitted[name] = found
            if ragged and lengths is not None:
                emitted[f"{name}.length"] = lengths
        return emitted

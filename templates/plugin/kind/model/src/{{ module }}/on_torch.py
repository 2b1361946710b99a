"""Gated linear units for engine torch."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from sci.api import Feature, Schema
from torch import nn

from {{ module }}.config import GatedConfig
from {{ module }}.first import first_weights, head_of


class GatedNetwork(nn.Module):
    """As the network for engine numpy, with the same names of weights."""

    def __init__(self, config: GatedConfig, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> None:
        super().__init__()
        self.wanted = head_of(heads)
        first = first_weights(config, inputs, self.wanted, seed)
        for layer in ("value", "gate", "head"):
            units, width = first[f"{layer}.weight"].shape
            self.add_module(layer, nn.Linear(width, units))
        with torch.no_grad():
            for name, parameter in self.named_parameters():
                parameter.copy_(torch.from_numpy(first[name]))

    def forward(self, batch: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        """The head, from ``numbers`` [n, d]."""
        numbers = batch["numbers"]
        scores = self.head(self.value(numbers) * torch.sigmoid(self.gate(numbers)))
        return {self.wanted.name: scores.reshape(len(scores), *self.wanted.shape)}


def build(config: GatedConfig, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> GatedNetwork:
    """A network with its first weights."""
    return GatedNetwork(config, inputs, heads, seed)

"""The network for engine torch."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from sci.api import Feature, Schema, input_width
from sci_torch.api import Heads, Tensors, initialize
from torch import nn

from {{ module }}.config import BandNetworkConfig


class BandNetwork(nn.Module):
    """``h = tanh(W (x * sigmoid(G x + g)) + w)``, and one linear layer from h to each head.

    Weights: ``gate`` [inputs, inputs], ``hidden`` [hidden, inputs], ``head.<name>``, each with its bias.
    """

    def __init__(self, config: BandNetworkConfig, inputs: Schema, heads: Mapping[str, Feature]) -> None:
        super().__init__()
        width = input_width(inputs, "band-network")
        self.gate = nn.Linear(width, width)
        self.hidden = nn.Linear(width, config.hidden)
        self.head = Heads(config.hidden, heads, "band-network")

    def forward(self, batch: Tensors) -> dict[str, torch.Tensor]:
        """The heads, from ``numbers`` [n, inputs]."""
        numbers = batch["numbers"]
        emitted: dict[str, torch.Tensor] = self.head(
            torch.tanh(self.hidden(numbers * torch.sigmoid(self.gate(numbers))))
        )
        return emitted


def build(config: BandNetworkConfig, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> BandNetwork:
    """A network with its first weights."""
    network = BandNetwork(config, inputs, heads)
    initialize(network, seed)
    return network

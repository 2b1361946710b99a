"""The network for engine tensorflow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sci.api import Feature, Schema, input_width
from sci_tensorflow.api import Heads, Linear, Network, Tensors, initialize, tf

from {{ module }}.config import BandNetworkConfig


class BandNetwork(Network):
    """As the network for engine torch, with the same names of weights."""

    def __init__(self, config: BandNetworkConfig, inputs: Schema, heads: Mapping[str, Feature]) -> None:
        width = input_width(inputs, "band-network")
        self.gate = Linear(width, width)
        self.hidden = Linear(width, config.hidden)
        self.head = Heads(config.hidden, heads, "band-network")

    def __call__(self, batch: Tensors, training: bool = False) -> dict[str, Any]:
        """The heads, from ``numbers`` [n, inputs]."""
        numbers = batch["numbers"]
        emitted: dict[str, Any] = self.head(tf.tanh(self.hidden(numbers * tf.sigmoid(self.gate(numbers)))))
        return emitted


def build(config: BandNetworkConfig, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> BandNetwork:
    """A network with its first weights."""
    network = BandNetwork(config, inputs, heads)
    initialize(network, seed)
    return network

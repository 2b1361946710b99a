"""Multilayer perceptron."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sci.api import Feature, Schema, scalar_inputs
from sci_networks.config import MlpConfig
from sci_tensorflow.api import Categories, Heads, Network, Tensors, dense_stack, hidden_rule, initialize, tf


class Mlp(Network):
    """Numbers, and embedded categories after them, through dense layers.

    Weights: ``embedding.<i>.weight`` [classes + 1, size] for the i-th category, whose row 0 stands for a missing one;
    ``hidden.<i>.linear``, ``hidden.<i>.norm``; ``head.<name>``.
    """

    def __init__(self, config: MlpConfig, inputs: Schema, heads: Mapping[str, Feature]) -> None:
        numbers, categories = scalar_inputs(inputs, "mlp")
        self.numbers = numbers > 0
        self.embedding = Categories(categories, config.embedding_size) if categories else None
        self.hidden, width = dense_stack(
            numbers + len(categories) * config.embedding_size,
            config.hidden,
            config.activation,
            normalize=config.normalization,
            dropout=config.dropout,
        )
        self.head = Heads(width, heads, "mlp")

    def __call__(self, batch: Tensors, training: bool = False) -> dict[str, Any]:
        values = self._inputs(batch)
        for layer in self.hidden:
            values = layer(values, training)
        return self.head(values)

    def _inputs(self, batch: Tensors) -> Any:
        if self.embedding is None:
            return batch["numbers"]
        embedded = self.embedding(batch["categories"])
        return tf.concat([tf.cast(batch["numbers"], embedded.dtype), embedded], axis=1) if self.numbers else embedded


def build(config: MlpConfig, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> Mlp:
    """A perceptron with its first weights."""
    network = Mlp(config, inputs, heads)
    initialize(network, seed, {"hidden.*": hidden_rule(config.activation)})
    return network

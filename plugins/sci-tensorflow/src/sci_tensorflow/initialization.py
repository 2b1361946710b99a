"""First weights, from the seed and the weights' names alone."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

import numpy as np

from sci.api import Initial
from sci_tensorflow.block import Block
from sci_tensorflow.layers import Convolution, Dropout, Embedding, Linear
from sci_tensorflow.recurrent import Lstm, Recurrent

HIDDEN = {"tanh": "glorot_uniform"}
"""Activations before which weights are not drawn by He's rule."""


def initialize(network: Block, seed: int, rules: Mapping[str, str | float] | None = None) -> None:
    """Draw the weights of linear layers, convolutions, embeddings and recurrent layers of a network in place.

    Linear layers, convolutions and embeddings are drawn by the first of `rules` (pattern of a layer's name to a rule of
    `Initial.draw`) that fits; where none does, `glorot_uniform`, and embeddings from the standard normal distribution.
    Biases are 0. Weights of recurrent layers are drawn uniformly up to ``units ** -0.5``, their biases are 0, but 1 at
    an LSTM's forget gate. Dropout is seeded by its name.
    """
    initial = Initial(seed)
    for name, layer in network.named_layers():
        if isinstance(layer, Linear | Convolution | Embedding):
            usual = 1.0 if isinstance(layer, Embedding) else "glorot_uniform"
            rule = next((rule for pattern, rule in (rules or {}).items() if fnmatchcase(name, pattern)), usual)
            weight = layer.canonical()[0]
            weight.assign(initial.draw(rule, f"{name}.weight", weight.shape))
        elif isinstance(layer, Recurrent):
            _recurrent(layer, name, initial)
        elif isinstance(layer, Dropout):
            layer.seed_generator.state.assign([seed_of(seed, name), 0])


def _recurrent(layer: Recurrent, name: str, initial: Initial) -> None:
    for weight in layer.canonical():
        if weight.name.startswith("weight"):
            weight.assign(initial.uniform(f"{name}.{weight.name}", weight.shape, layer.units**-0.5))
        elif isinstance(layer, Lstm):
            weight.assign(np.repeat([0.0, 1.0, 0.0, 0.0], layer.units))


def hidden_rule(activation: str) -> str:
    """The method of `Initial` for a layer before this activation."""
    return HIDDEN.get(activation, "he_uniform")


def seed_of(seed: int, name: str) -> int:
    """A seed of its own for the random numbers of one layer."""
    return int.from_bytes(hashlib.blake2b(f"{seed}|{name}".encode(), digest_size=4).digest(), "little") >> 1


def fill(weight: Any, values: np.ndarray) -> None:
    """Write drawn values into a weight of `Network.weights`, in its own precision."""
    weight.assign(values)

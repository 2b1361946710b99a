"""First weights, from the seed and the weights' names alone."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase

import numpy as np
import torch
from torch import nn

from sci.api import Initial
from sci_torch.normalization import BatchNorm
from sci_torch.recurrent import Lstm, Recurrent

HIDDEN = {"tanh": "glorot_uniform"}
"""Activations before which weights are not drawn by He's rule."""


def initialize(network: nn.Module, seed: int, rules: Mapping[str, str | float] | None = None) -> None:
    """Draw the weights of linear layers, convolutions, embeddings and recurrent layers of a network in place.

    Linear layers, convolutions and embeddings are drawn by the first of `rules` (pattern of a layer's name to a rule of
    `Initial.draw`) that fits; where none does, `glorot_uniform`, and embeddings from the standard normal distribution.
    Biases are 0. Weights of recurrent layers are drawn uniformly up to ``units ** -0.5``, their biases are 0, but 1 at
    an LSTM's forget gate.
    """
    initial = Initial(seed)
    for name, module in network.named_modules():
        prefix = f"{name}." if name else ""
        if isinstance(module, nn.Linear | nn.Conv2d | nn.Embedding):
            usual = 1.0 if isinstance(module, nn.Embedding) else "glorot_uniform"
            rule = next((rule for pattern, rule in (rules or {}).items() if fnmatchcase(name, pattern)), usual)
            fill(module.weight, initial.draw(rule, f"{prefix}weight", tuple(module.weight.shape)))
            if getattr(module, "bias", None) is not None:
                nn.init.zeros_(module.bias)  # type: ignore[arg-type]
        elif isinstance(module, Recurrent):
            _recurrent(module, prefix, initial)
        elif isinstance(module, BatchNorm | nn.LayerNorm):
            nn.init.ones_(module.weight)
            nn.init.zeros_(module.bias)


def _recurrent(layer: Recurrent, prefix: str, initial: Initial) -> None:
    for name, weight in layer.named_parameters(recurse=False):
        if name.startswith("weight"):
            fill(weight, initial.uniform(f"{prefix}{name}", tuple(weight.shape), layer.units**-0.5))
        else:
            nn.init.zeros_(weight)
    if isinstance(layer, Lstm):
        with torch.no_grad():
            layer.bias[layer.units : 2 * layer.units] = 1.0


def hidden_rule(activation: str) -> str:
    """The method of `Initial` for a layer before this activation."""
    return HIDDEN.get(activation, "he_uniform")


def fill(weight: torch.Tensor, values: np.ndarray) -> None:
    """Write drawn values into a weight, in its own precision."""
    with torch.no_grad():
        weight.copy_(torch.from_numpy(np.ascontiguousarray(values)))

"""The first weights, the same on every engine."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from sci.api import Feature, Initial, Schema, input_width, only_head

from {{ module }}.config import GatedConfig


class Head(NamedTuple):
    """What the task wants: a number for each row (shape ``()``), or a vector (``(k,)``)."""

    name: str
    shape: tuple[int, ...]

    @property
    def size(self) -> int:
        """Numbers for each row."""
        return math.prod(self.shape)


def head_of(heads: Mapping[str, Feature]) -> Head:
    """The single head; `ConfigError` where the task wants something else."""
    rank = max((len(feature.shape) for feature in heads.values()), default=0)
    return Head(*only_head(heads, min(rank, 1), "a gated network"))


def first_weights(config: GatedConfig, inputs: Schema, head: Head, seed: int) -> dict[str, np.ndarray]:
    """Weights [units, inputs] by the rule of Glorot and Bengio, and biases of 0, in float64."""
    width = input_width(inputs, "a gated network")
    shapes = {"value": (config.hidden, width), "gate": (config.hidden, width), "head": (head.size, config.hidden)}
    initial, found = Initial(seed), {}
    for layer, shape in shapes.items():
        found[f"{layer}.weight"] = initial.glorot_uniform(f"{layer}.weight", shape)
        found[f"{layer}.bias"] = np.zeros(shape[0])
    return found

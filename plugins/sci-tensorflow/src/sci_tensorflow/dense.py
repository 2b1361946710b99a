"""Dense layers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sci_tensorflow.activation import ACTIVATIONS
from sci_tensorflow.block import Block
from sci_tensorflow.layers import BatchNorm, Dropout, Linear, normalization


class Dense(Block):
    """Linear layer, normalization, activation, dropout.

    Args:
        inputs, units: length of the vectors that come and go.
        activation: a name of `ACTIVATIONS`.
        normalize: `none`, `batch` or `layer`; batch normalization takes the place of the bias.
        dropout: share of the units that is silent in training.
    """

    def __init__(
        self, inputs: int, units: int, activation: str, *, normalize: str = "none", dropout: float = 0.0
    ) -> None:
        self.linear = Linear(inputs, units, bias=normalize != "batch")
        self.norm = normalization(normalize, units)
        self.activation = ACTIVATIONS[activation]
        self.dropout = Dropout(dropout) if dropout else None

    def __call__(self, values: Any, training: bool = False) -> Any:
        """`values` [n, inputs]; [n, units]."""
        values = normalized(self.norm, self.linear(values), training)
        values = self.activation(values)
        return self.dropout(values, training=training) if self.dropout is not None else values


def normalized(norm: Any, values: Any, training: bool) -> Any:
    """Values after a normalization, if there is one."""
    if norm is None:
        return values
    return norm(values, training=training) if isinstance(norm, BatchNorm) else norm(values)


def dense_stack(
    inputs: int, units: Sequence[int], activation: str, *, normalize: str = "none", dropout: float = 0.0
) -> tuple[list[Dense], int]:
    """Dense layers one after the other, and the length of the vectors that leave the last."""
    widths = [inputs, *units]
    layers = [
        Dense(before, after, activation, normalize=normalize, dropout=dropout)
        for before, after in zip(widths, units, strict=False)
    ]
    return layers, widths[-1]

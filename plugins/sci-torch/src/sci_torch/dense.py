"""Dense layers."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn
from torch.nn import functional

from sci_torch.activation import ACTIVATIONS
from sci_torch.normalization import normalization


class Dense(nn.Module):
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
        super().__init__()
        self.linear = nn.Linear(inputs, units, bias=normalize != "batch")
        self.norm = normalization(normalize, units)
        self.activation = ACTIVATIONS[activation]
        self.dropout = dropout

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """`values` [n, inputs]; [n, units]."""
        values = self.linear(values)
        if self.norm is not None:
            values = self.norm(values)
        values = self.activation(values)
        return functional.dropout(values, self.dropout, self.training) if self.dropout else values


def dense_stack(
    inputs: int, units: Sequence[int], activation: str, *, normalize: str = "none", dropout: float = 0.0
) -> tuple[nn.ModuleList, int]:
    """Dense layers one after the other, and the length of the vectors that leave the last."""
    widths = [inputs, *units]
    layers = [
        Dense(before, after, activation, normalize=normalize, dropout=dropout)
        for before, after in zip(widths, units, strict=False)
    ]
    return nn.ModuleList(layers), widths[-1]

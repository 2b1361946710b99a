"""Convolution over images."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

from sci_torch.activation import ACTIVATIONS
from sci_torch.normalization import BatchNorm


class ConvBlock(nn.Module):
    """Convolution with stride 1, batch normalization, activation, and the largest value of each square.

    Args:
        inputs, channels: channels that come and go.
        kernel: side of the kernels; ``(kernel - 1) // 2`` zeros stand on each side of the image.
        activation: a name of `ACTIVATIONS`.
        normalize: `none` or `batch`, which takes the place of the bias.
        pool: side of the squares, 1 for none; what does not fill a square is left out.
    """

    def __init__(
        self, inputs: int, channels: int, *, kernel: int, activation: str, normalize: str = "batch", pool: int = 1
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, channels, kernel, padding=(kernel - 1) // 2, bias=normalize != "batch")
        self.norm = BatchNorm(channels) if normalize == "batch" else None
        self.activation = ACTIVATIONS[activation]
        self.pool = pool

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """`values` [n, inputs, H, W]; [n, channels, H', W']."""
        values = self.conv(values)
        if self.norm is not None:
            values = self.norm(values)
        values = self.activation(values)
        return functional.max_pool2d(values, self.pool) if self.pool > 1 else values


def side_after(side: int, kernel: int, pool: int) -> int:
    """How many pixels of `side` a block leaves; 0 or less when the image is too small."""
    return (side + 2 * ((kernel - 1) // 2) - kernel + 1) // pool

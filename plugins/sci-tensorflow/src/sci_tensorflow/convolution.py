"""Convolution over images."""

from __future__ import annotations

from typing import Any

from sci_tensorflow.activation import ACTIVATIONS
from sci_tensorflow.block import Block
from sci_tensorflow.dense import normalized
from sci_tensorflow.layers import BatchNorm, Convolution
from sci_tensorflow.runtime import tf


class ConvBlock(Block):
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
        self.conv = Convolution(inputs, channels, kernel, bias=normalize != "batch")
        self.norm = BatchNorm(channels) if normalize == "batch" else None
        self.activation = ACTIVATIONS[activation]
        self.pool = pool

    def __call__(self, values: Any, training: bool = False) -> Any:
        """`values` [n, H, W, inputs]; [n, H', W', channels]."""
        values = self.activation(normalized(self.norm, self.conv(values), training))
        return tf.nn.max_pool2d(values, self.pool, self.pool, "VALID") if self.pool > 1 else values


def side_after(side: int, kernel: int, pool: int) -> int:
    """How many pixels of `side` a block leaves; 0 or less when the image is too small."""
    return (side + 2 * ((kernel - 1) // 2) - kernel + 1) // pool

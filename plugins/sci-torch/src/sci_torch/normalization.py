"""Batch and layer normalization, with every number that engines choose differently written down."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

MOMENTUM = 0.1
EPSILON = 1e-5


class BatchNorm(nn.Module):
    """Normalization over the rows (and positions) of a batch (Ioffe and Szegedy 2015, arXiv:1502.03167).

    In training the mean and the biased variance of the batch are used, and the running statistics move towards the
    mean and the unbiased variance by `MOMENTUM`. A batch with one value in each channel, which has no variance, is
    normalized with the running statistics and leaves them alone. Channels are axis 1.
    """

    running_mean: torch.Tensor
    running_var: torch.Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """`values` [n, channels, ...]; the same shape."""
        varies = self.training and values.numel() > values.shape[1]
        return functional.batch_norm(
            values, self.running_mean, self.running_var, self.weight, self.bias, varies, MOMENTUM, EPSILON
        )


def normalization(name: str, width: int) -> nn.Module | None:
    """`batch`, `layer` or `none` over vectors [n, width]."""
    if name == "batch":
        return BatchNorm(width)
    return nn.LayerNorm(width, eps=EPSILON) if name == "layer" else None

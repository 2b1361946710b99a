"""Convolutional network for images."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import nn

from sci.api import ConfigError, Feature, Schema, image_input
from sci_networks.config import CnnConfig
from sci_torch.api import ConvBlock, Heads, Tensors, dense_stack, hidden_rule, initialize, side_after


class Cnn(nn.Module):
    """Blocks of convolution and pooling, then dense layers on the pixels in the order height, width, channel.

    Whole-number pixels are divided by 255. Weights: ``block.<i>.conv``, ``block.<i>.norm``, ``hidden.<i>.linear``,
    ``head.<name>``.
    """

    def __init__(self, config: CnnConfig, inputs: Schema, heads: Mapping[str, Feature]) -> None:
        super().__init__()
        self.name, height, width, channels = image_input(inputs, "cnn")
        blocks = []
        for number in config.channels:
            blocks.append(
                ConvBlock(
                    channels,
                    number,
                    kernel=config.kernel_size,
                    activation=config.activation,
                    normalize=config.normalization,
                    pool=config.pool,
                )
            )
            height = side_after(height, config.kernel_size, config.pool)
            width = side_after(width, config.kernel_size, config.pool)
            channels = number
            if min(height, width) < 1:
                raise ConfigError(
                    f"the images are too small for block {len(blocks)} of {len(config.channels)}: nothing is left",
                    id="flow.size",
                    hint="model: {name: cnn, channels: [...]} with fewer blocks, or pool: 1",
                )
        self.block = nn.ModuleList(blocks)
        self.hidden, size = dense_stack(
            height * width * channels, config.hidden, config.activation, dropout=config.dropout
        )
        self.head = Heads(size, heads, "cnn")

    def forward(self, batch: Tensors) -> dict[str, torch.Tensor]:
        values = pixels(batch[self.name], next(self.parameters()).dtype).permute(0, 3, 1, 2)
        for block in self.block:
            values = block(values)
        values = values.permute(0, 2, 3, 1).flatten(1)
        for layer in self.hidden:
            values = layer(values)
        emitted: dict[str, torch.Tensor] = self.head(values)
        return emitted


def pixels(image: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    """Images as numbers [n, height, width, channels]."""
    values = image.to(dtype) if image.is_floating_point() else image.to(dtype) / 255
    return values if values.dim() == 4 else values[..., None]


def build(config: CnnConfig, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> Cnn:
    """A convolutional network with its first weights."""
    network = Cnn(config, inputs, heads)
    rule = hidden_rule(config.activation)
    initialize(network, seed, {"block.*": rule, "hidden.*": rule})
    return network

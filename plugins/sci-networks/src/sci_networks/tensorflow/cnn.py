"""Convolutional network for images."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sci.api import ConfigError, Feature, Schema, image_input
from sci_networks.config import CnnConfig
from sci_tensorflow.api import ConvBlock, Heads, Network, Tensors, dense_stack, hidden_rule, initialize, side_after, tf


class Cnn(Network):
    """Blocks of convolution and pooling, then dense layers on the pixels in the order height, width, channel.

    Whole-number pixels are divided by 255. Weights: ``block.<i>.conv``, ``block.<i>.norm``, ``hidden.<i>.linear``,
    ``head.<name>``.
    """

    def __init__(self, config: CnnConfig, inputs: Schema, heads: Mapping[str, Feature]) -> None:
        self.name, height, width, channels = image_input(inputs, "cnn")
        self.block: list[ConvBlock] = []
        for number in config.channels:
            self.block.append(
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
                    f"the images are too small for block {len(self.block)} of {len(config.channels)}: nothing is left",
                    id="flow.size",
                    hint="model: {name: cnn, channels: [...]} with fewer blocks, or pool: 1",
                )
        self.size = height * width * channels
        self.hidden, size = dense_stack(self.size, config.hidden, config.activation, dropout=config.dropout)
        self.head = Heads(size, heads, "cnn")

    def __call__(self, batch: Tensors, training: bool = False) -> dict[str, Any]:
        values = pixels(batch[self.name], self.block[0].conv.compute_dtype)
        for block in self.block:
            values = block(values, training)
        values = tf.reshape(values, [tf.shape(values)[0], self.size])
        for layer in self.hidden:
            values = layer(values, training)
        return self.head(values)


def pixels(image: Any, dtype: str) -> Any:
    """Images as numbers [n, height, width, channels]."""
    values = tf.cast(image, dtype) if image.dtype.is_floating else tf.cast(image, dtype) / 255
    return values if values.shape.rank == 4 else values[..., None]


def build(config: CnnConfig, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> Cnn:
    """A convolutional network with its first weights."""
    network = Cnn(config, inputs, heads)
    rule = hidden_rule(config.activation)
    initialize(network, seed, {"block.*": rule, "hidden.*": rule})
    return network

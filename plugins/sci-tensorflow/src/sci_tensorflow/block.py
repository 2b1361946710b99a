"""Layers made of layers, whose attributes give the canonical names of their weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sci_tensorflow.runtime import keras
from sci_tensorflow.weights import Weight


class Block:
    """Something made of Keras layers and other blocks, held as attributes, in lists or in mappings.

    A layer at ``self.hidden[0].linear`` has the canonical name ``hidden.0.linear``, as in PyTorch.
    """

    def children(self) -> Mapping[str, Any]:
        """What it is made of, by name."""
        return vars(self)

    def named_layers(self, prefix: str = "") -> Iterator[tuple[str, Any]]:
        """Canonical name and Keras layer of all that it is made of, in the order in which it was made."""
        for name, child in self.children().items():
            yield from _named(f"{prefix}{name}", child)


def _named(name: str, child: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(child, keras.Layer):
        yield name, child
    elif isinstance(child, Block):
        yield from child.named_layers(f"{name}.")
    elif isinstance(child, list | tuple):
        for position, one in enumerate(child):
            yield from _named(f"{name}.{position}", one)
    elif isinstance(child, dict):
        for key, one in child.items():
            yield from _named(f"{name}.{key}", one)


def weights_of(block: Block) -> list[Weight]:
    """All weights of a block under canonical names.

    Raises:
        TypeError: a layer has weights and no method ``canonical() -> [Weight]``.
    """
    return [
        Weight(f"{name}.{one.name}".lstrip("."), one.variable, one.axes, one.trainable)
        for name, layer in block.named_layers()
        for one in _canonical(layer)
    ]


def _canonical(layer: Any) -> list[Weight]:
    if hasattr(layer, "canonical"):
        return list(layer.canonical())
    if not layer.weights:
        return []
    raise TypeError(f"{type(layer).__name__} does not say the canonical names of its weights")

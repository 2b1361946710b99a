"""Low-rank adaptation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sci.api import LoraConfig, adapted_layers, first_matrix, learns_beside
from sci_tensorflow.block import Block
from sci_tensorflow.initialization import seed_of
from sci_tensorflow.layers import Dropout, Linear
from sci_tensorflow.network import Network
from sci_tensorflow.runtime import tf

_learns: ContextVar[bool] = ContextVar("learns", default=False)


@contextmanager
def learning() -> Iterator[None]:
    """Networks that are called inside learn: blocks do not tell their linear layers, which have no dropout."""
    before = _learns.set(True)
    try:
        yield
    finally:
        _learns.reset(before)


class Adapted(Block):
    """A linear layer with low-rank matrices beside it, named as `sci.api.adaptation` describes.

    Args:
        linear: the layer.
        lora: rank, scale and dropout.
    """

    def __init__(self, linear: Linear, lora: LoraConfig) -> None:
        self.linear = linear
        outputs, inputs = linear.canonical()[0].shape
        self.down, self.up = Linear(inputs, lora.rank, bias=False), Linear(lora.rank, outputs, bias=False)
        self.dropout = Dropout(lora.dropout) if lora.dropout else None
        self.scale = lora.alpha / lora.rank

    def children(self) -> Mapping[str, Any]:
        return {
            "base_layer": self.linear,
            "lora_dropout": {"default": self.dropout},
            "lora_A": {"default": self.down},
            "lora_B": {"default": self.up},
        }

    def __call__(self, values: Any) -> Any:
        """`values` [..., inputs]; [..., outputs]."""
        seen = values if self.dropout is None else self.dropout(values, training=_learns.get())
        added = self.up(self.down(seen))
        return self.linear(values) + tf.cast(self.scale, added.dtype) * added


def adapt(network: Network, lora: LoraConfig, heads: str, seed: int) -> None:
    """Put low-rank matrices beside the linear layers that `lora` names, in place, as `sci.api.adaptation` describes.

    Every other weight is frozen but those of the heads, whose names begin with `heads`.

    Raises:
        ConfigError: no linear layer has such a name.
    """
    linear = {name: layer for name, layer in network.named_layers() if isinstance(layer, Linear)}
    made = {id(linear[name]): adapted(name, linear[name], lora, seed) for name in adapted_layers(linear, lora, heads)}
    put_in_place(made, network)
    network.__dict__.pop("weights", None)  # they were listed before
    network.frozen.update(one.name for one in network.weights if not learns_beside(one.name, heads))


def adapted(name: str, linear: Linear, lora: LoraConfig, seed: int) -> Adapted:
    """A layer with its first matrices."""
    made = Adapted(linear, lora)
    [down] = made.down.canonical()
    down.assign(first_matrix(seed, name, down.shape))
    if made.dropout is not None:
        made.dropout.seed_generator.state.assign([seed_of(seed, f"{name}.lora_dropout.default"), 0])
    return made


def put_in_place(made: Mapping[int, Adapted], held: Any) -> Any:
    """What stands for something that a block holds: an adapted layer for that of its identity, blocks and mappings as
    they are, with new content, and new lists."""
    if isinstance(held, Linear):
        return made.get(id(held), held)
    if isinstance(held, Block | dict):
        content = vars(held) if isinstance(held, Block) else held
        for name, child in content.items():
            content[name] = put_in_place(made, child)
    elif type(held) in (list, tuple):
        return type(held)(put_in_place(made, child) for child in held)
    return held

"""Weights of a network that was trained before."""

from __future__ import annotations

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import nn

from sci.api import StorageError, before_adaptation, merged_adaptation, pretrained_files, said_of_weights, taken_over


def load_pretrained(network: nn.Module, name: str, heads: str) -> str:
    """Take over the weights that a folder or a hub's model holds; what was taken over, in one line.

    They have the network's own names, or those that its method `adopt` knows; low-rank matrices beside them become a
    part of them. Weights whose names begin with `heads`
    belong to the task: those that are not there, or have another shape, stay as they were drawn.

    Raises:
        ConfigError: there is no such folder or model, or its weights have other names or shapes.
        StorageError: a file is damaged.
    """
    found = merged_adaptation(name, read(name))
    own = before_adaptation(network.state_dict())
    shapes = {name: tuple(value.shape) for name, value in own.items()}
    adopt = getattr(network, "adopt", None)
    adopted: dict[str, torch.Tensor] = found if adopt is None else adopt(found, shapes)
    taken = taken_over(name, shapes, {name: tuple(value.shape) for name, value in adopted.items()}, heads)
    with torch.no_grad():
        for key in taken:
            own[key].copy_(adopted[key])
    used = {id(adopted[key]) for key in taken}
    left = [key for key, value in found.items() if id(value) not in used]
    return said_of_weights(name, taken, own, left, found.keys() - set(left))


def read(name: str) -> dict[str, torch.Tensor]:
    """All tensors of a folder or a hub's model.

    Raises:
        ConfigError: there is no such folder or model.
        StorageError: a file is damaged.
    """
    try:
        return {key: tensor for file in pretrained_files(name) for key, tensor in load_file(file).items()}
    except (SafetensorError, OSError) as error:
        raise StorageError(f"`{name}` holds a file that is no safetensors: {error}", id="model.pretrained") from error

"""Weights of a network that was trained before."""

from __future__ import annotations

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file

from sci.api import StorageError, before_adaptation, merged_adaptation, pretrained_files, said_of_weights, taken_over
from sci_tensorflow.network import Network


def load_pretrained(network: Network, name: str, heads: str) -> str:
    """Take over the weights that a folder or a hub's model holds; what was taken over, in one line.

    They have canonical names, or those that the network's method `adopt` knows; low-rank matrices beside them become a
    part of them. Weights whose names begin with `heads`
    belong to the task: those that are not there, or have another shape, stay as they were drawn.

    Raises:
        ConfigError: there is no such folder or model, or its weights have other names or shapes.
        StorageError: a file is damaged.
    """
    found = merged_adaptation(name, read(name))
    own = before_adaptation({weight.name: weight for weight in network.weights})
    shapes = {name: weight.shape for name, weight in own.items()}
    adopt = getattr(network, "adopt", None)
    adopted: dict[str, np.ndarray] = found if adopt is None else adopt(found, shapes)
    taken = taken_over(name, shapes, {name: tuple(array.shape) for name, array in adopted.items()}, heads)
    for key in taken:
        own[key].assign(adopted[key])
    used = {id(adopted[key]) for key in taken}
    left = [key for key, array in found.items() if id(array) not in used]
    return said_of_weights(name, taken, own, left, found.keys() - set(left))


def read(name: str) -> dict[str, np.ndarray]:
    """All arrays of a folder or a hub's model.

    Raises:
        ConfigError: there is no such folder or model.
        StorageError: a file is damaged.
    """
    try:
        return {key: array for file in pretrained_files(name) for key, array in load_file(file).items()}
    except (SafetensorError, OSError) as error:
        raise StorageError(f"`{name}` holds a file that is no safetensors: {error}", id="model.pretrained") from error

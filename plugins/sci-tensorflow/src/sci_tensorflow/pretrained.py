"""Weights of a network that was trained before."""

from __future__ import annotations

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file

from sci.api import StorageError, pretrained_files, taken_over
from sci_tensorflow.network import Network


def load_pretrained(network: Network, name: str, heads: str) -> None:
    """Take over the weights that a folder or a hub's model holds under canonical names.

    Weights whose names begin with `heads` belong to the task: those that are not there, or have another shape, stay as
    they were drawn.

    Raises:
        ConfigError: there is no such folder or model, or its weights have other names or shapes.
        StorageError: a file is damaged.
    """
    found = read(name)
    own = {weight.name: weight for weight in network.weights}
    shapes = {name: weight.shape for name, weight in own.items()}
    saved = {name: tuple(array.shape) for name, array in found.items()}
    for key in taken_over(name, shapes, saved, heads):
        own[key].assign(found[key])


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

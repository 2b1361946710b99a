"""Weights and the states of optimizers as arrays under stable names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn

from sci.api import ConfigError, weights_differ
from sci_torch.tensors import array

Named = Sequence[tuple[str, nn.Parameter]]


def weights(network: nn.Module) -> dict[str, np.ndarray]:
    """Parameters and persistent buffers by their names."""
    return {name: array(value) for name, value in network.state_dict().items()}


def load_weights(network: nn.Module, arrays: Mapping[str, np.ndarray]) -> None:
    """Take over weights in place, in the network's own precision.

    Raises:
        ConfigError: names or shapes are those of another model.
    """
    own = network.state_dict()
    if difference := weights_differ(
        {name: tuple(value.shape) for name, value in own.items()},
        {name: tuple(value.shape) for name, value in arrays.items()},
    ):
        raise ConfigError(f"the weights are those of another model: {difference}", id="model.weights")
    with torch.no_grad():
        for name, value in own.items():
            value.copy_(torch.from_numpy(np.array(arrays[name])))


def optimizer_state(optimizer: torch.optim.Optimizer, named: Named) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Tensors under ``<parameter>/<key>``, and what is no tensor as plain values under the same names."""
    arrays: dict[str, np.ndarray] = {}
    plain: dict[str, Any] = {}
    for name, parameter in named:
        for key, value in optimizer.state.get(parameter, {}).items():
            if isinstance(value, torch.Tensor):
                arrays[f"{name}/{key}"] = array(value)
            else:
                plain[f"{name}/{key}"] = value
    return arrays, plain


def load_optimizer_state(
    optimizer: torch.optim.Optimizer, named: Named, arrays: Mapping[str, np.ndarray], plain: Mapping[str, Any]
) -> None:
    """Go on from what `optimizer_state` returned."""
    values: dict[str, Any] = {name: torch.from_numpy(np.array(found)) for name, found in arrays.items()} | dict(plain)
    by_name: dict[str, dict[str, Any]] = {}
    for path, value in values.items():
        name, _, key = path.rpartition("/")
        by_name.setdefault(name, {})[key] = value
    names = {id(parameter): name for name, parameter in named}
    order = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    state = {
        position: by_name[names[id(parameter)]]
        for position, parameter in enumerate(order)
        if names[id(parameter)] in by_name
    }
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})

"""Low-rank adaptation, as far as it is the same on every engine (Hu et al. 2021, arXiv:2106.09685).

The weights of an adapted layer have the names that the library peft gives them: ``<layer>.base_layer.weight``, and
beside it ``<layer>.lora_A.default.weight`` [rank, inputs] and ``<layer>.lora_B.default.weight`` [outputs, rank].
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, TypeVar

from sci.api.errors import ConfigError
from sci.api.initial import Initial
from sci.api.pretrained import pretrained_folder
from sci.api.starting import LoraConfig

if TYPE_CHECKING:
    import numpy as np

BASE, BESIDE = ".base_layer.", ".lora_"
DOWN, UP = ".lora_A.default.weight", ".lora_B.default.weight"
PIPELINE = "pipeline.json"
"""The file of a run that says, beside its weights, how they were trained."""
T = TypeVar("T")


def adapted_layers(linear: Iterable[str], lora: LoraConfig, heads: str) -> list[str]:
    """The layers that get matrices.

    Args:
        linear: names of the linear layers.
        lora: what is asked for.
        heads: how the names of heads begin; they learn whole.

    Raises:
        ConfigError: no layer has such a name.
    """
    able = [name for name in linear if not name.startswith(heads)]
    chosen = [name for name in able if any(fnmatchcase(name, pattern) for pattern in lora.targets)]
    if not chosen:
        raise ConfigError(
            f"lora.targets {', '.join(f'`{pattern}`' for pattern in lora.targets)} fits no linear layer of the model",
            id="model.lora",
            note=f"linear layers: {', '.join(able[:8]) or 'none'}" + (", ..." if len(able) > 8 else ""),
        )
    return chosen


def first_matrix(seed: int, name: str, shape: tuple[int, ...]) -> np.ndarray:
    """What ``lora_A`` of a layer begins with: uniform up to ``inputs ** -0.5``, float64 [rank, inputs]. ``lora_B``
    begins with zeros, so that the network is at first what it was.

    Args:
        seed: the seed of the initialisation.
        name: the layer.
        shape: rank and inputs.
    """
    return Initial(seed).uniform(f"{name}{DOWN}", shape, shape[1] ** -0.5)


def learns_beside(name: str, heads: str) -> bool:
    """Whether a weight of an adapted network learns: the matrices and the heads do.

    Args:
        name: the weight.
        heads: how the names of heads begin.
    """
    return BESIDE in name or name.startswith(heads)


def before_adaptation(own: Mapping[str, T]) -> dict[str, T]:
    """Weights under the names that they had before layers were adapted, without the matrices.

    Args:
        own: what the network has, by name.
    """
    return {name.replace(BASE, "."): value for name, value in own.items() if BESIDE not in name}


def merged_adaptation(name: str, saved: Mapping[str, Any]) -> dict[str, Any]:
    """Saved weights in which each layer holds what the matrices beside it add, so that the network needs them no more.

    Weights without such matrices come back as they are.

    Args:
        name: the folder or the hub's model that they are of.
        saved: arrays or tensors by name; matrices have the names that this module describes.

    Raises:
        ConfigError: there are matrices, and nothing says by what they were multiplied, or they are not whole.
    """
    found = before_adaptation(saved)
    layers = [key.removesuffix(UP) for key in saved if key.endswith(UP)]
    scale = _scale(name) if layers else 0.0
    for layer in layers:
        try:
            added = scale * (saved[layer + UP] @ saved[layer + DOWN])
            found[f"{layer}.weight"] = found[f"{layer}.weight"] + added
        except (KeyError, ValueError, RuntimeError) as error:
            raise ConfigError(
                f"the low-rank matrices of `{name}` do not fit their layer `{layer}`", id="model.weights"
            ) from error
    return found


def _scale(name: str) -> float:
    """What the matrices of a run are multiplied by."""
    file = pretrained_folder(name) / PIPELINE
    try:
        lora = LoraConfig(**json.loads(file.read_text(encoding="utf-8"))["experiment"]["model"]["lora"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(
            f"the weights of `{name}` have low-rank matrices beside them, and nothing says by what they are multiplied",
            id="model.pretrained",
            note=f"{file.name} of a run directory says it",
            hint="the run directory, or weights into which the matrices were merged",
        ) from error
    return lora.alpha / lora.rank

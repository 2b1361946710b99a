"""Low-rank adaptation, as far as it is the same on every engine (Hu et al. 2021, arXiv:2106.09685).

The weights of an adapted layer have the names that the library peft gives them: ``<layer>.base_layer.weight``, and
beside it ``<layer>.lora_A.default.weight`` [rank, inputs] and ``<layer>.lora_B.default.weight`` [outputs, rank].
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, TypeVar

from sci.api.errors import ConfigError
from sci.api.initial import Initial
from sci.api.starting import LoraConfig

if TYPE_CHECKING:
    import numpy as np

BASE, BESIDE = ".base_layer.", ".lora_"
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
    return Initial(seed).uniform(f"{name}.lora_A.default.weight", shape, shape[1] ** -0.5)


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

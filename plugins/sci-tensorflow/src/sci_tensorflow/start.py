"""What a network starts from: weights of another, and frozen ones.

Settings of a model that names `pretrained`, `freeze` and `lora` are obeyed here, whoever wrote the model.
"""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Any

from sci.api import ConfigError, Feed
from sci_tensorflow.network import Network
from sci_tensorflow.pretrained import load_pretrained

HEADS = "head."
"""How the names of weights begin that belong to the task, not to what was learned before."""


def start_from(network: Network, config: Any) -> Network:
    """Freeze weights of a network as its settings ask; pretrained ones are not looked for yet.

    Raises:
        ConfigError: low-rank adaptation is asked for, which only engine torch has.
    """
    if getattr(config, "lora", None) is not None:
        raise ConfigError(
            "engine tensorflow has no low-rank adaptation, and model.lora is set",
            id="model.lora",
            note="LoRA is for engine torch only",
            hint="engine: torch, or model.freeze instead of model.lora",
        )
    network.pretrained = getattr(config, "pretrained", None)
    freeze(network, getattr(config, "freeze", None) or ())
    return network


def first_weights(network: Network, feed: Feed) -> list[str]:
    """Take over the weights that settings name, and what the network itself finds in files or counts in the training
    rows; what is worth saying of it.

    Only training needs them: what was trained is saved whole.
    """
    said = [] if network.pretrained is None else [load_pretrained(network, network.pretrained, HEADS)]
    return [*said, *network.begin(feed)] if hasattr(network, "begin") else said


def freeze(network: Network, patterns: Sequence[str]) -> None:
    """Weights whose canonical names fit a pattern do not learn.

    Raises:
        ConfigError: a pattern fits nothing.
    """
    names = [weight.name for weight in network.weights if weight.trainable]
    for pattern in patterns:
        fitting = [name for name in names if fnmatchcase(name, pattern)]
        if not fitting:
            raise ConfigError(
                f"`{pattern}` fits no weight of the model",
                id="model.freeze",
                note="weights: " + ", ".join(names[:8]) + (", ..." if len(names) > 8 else ""),
            )
        network.frozen.update(fitting)

"""What a network starts from: weights of another, frozen ones, low-rank matrices beside them.

Settings of a model that names `pretrained`, `freeze` and `lora` are obeyed here, whoever wrote the model.
"""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Any

from sci.api import ConfigError, Feed
from sci_tensorflow.adaptation import adapt
from sci_tensorflow.network import Network
from sci_tensorflow.pretrained import load_pretrained

HEADS = "head."
"""How the names of weights begin that belong to the task, not to what was learned before."""


def start_from(network: Network, config: Any, seed: int) -> Network:
    """Freeze and adapt a network as its settings ask; pretrained weights are not looked for yet."""
    network.pretrained = getattr(config, "pretrained", None)
    freeze(network, getattr(config, "freeze", None) or ())
    lora = getattr(config, "lora", None)
    if lora is not None:
        adapt(network, lora, HEADS, seed)
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

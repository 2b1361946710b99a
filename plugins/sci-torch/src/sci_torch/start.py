"""What a network starts from: weights of another, frozen ones, low-rank matrices beside them.

Settings of a model that names `pretrained`, `freeze` and `lora` are obeyed here, whoever wrote the model.
"""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Any

from torch import nn

from sci.api import ConfigError, Feed
from sci_torch.adaptation import adapt
from sci_torch.pretrained import load_pretrained

PRETRAINED = "sci_pretrained"
HEADS = "head."
"""How the names of weights begin that belong to the task, not to what was learned before."""


def start_from(network: nn.Module, config: Any, seed: int) -> nn.Module:
    """Freeze and adapt a network as its settings ask; its weights are not looked for yet."""
    setattr(network, PRETRAINED, getattr(config, "pretrained", None))
    freeze(network, getattr(config, "freeze", None) or ())
    lora = getattr(config, "lora", None)
    if lora is not None:
        adapt(network, lora, HEADS, seed)
    return network


def first_weights(network: nn.Module, feed: Feed) -> list[str]:
    """Take over the weights that settings name, and what the network itself finds in files or counts in the training
    rows; what is worth saying of it.

    Only training needs them: what was trained is saved whole.
    """
    name = getattr(network, PRETRAINED, None)
    said = [] if name is None else [load_pretrained(network, name, HEADS)]
    begin = getattr(network, "begin", None)
    return said if begin is None else [*said, *begin(feed)]


def freeze(network: nn.Module, patterns: Sequence[str]) -> None:
    """Weights whose names fit a pattern do not learn.

    Raises:
        ConfigError: a pattern fits nothing.
    """
    weights = dict(network.named_parameters())
    for pattern in patterns:
        fitting = [name for name in weights if fnmatchcase(name, pattern)]
        if not fitting:
            raise ConfigError(
                f"`{pattern}` fits no weight of the model",
                id="model.freeze",
                note="weights: " + ", ".join(list(weights)[:8]) + (", ..." if len(weights) > 8 else ""),
            )
        for name in fitting:
            weights[name].requires_grad_(False)

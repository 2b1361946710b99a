"""Low-rank adaptation, by peft."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

from torch import nn

from sci.api import ConfigError, MissingDependency


def adapt(network: nn.Module, lora: Any, heads: str) -> None:
    """Put low-rank matrices beside the linear layers that `lora` names, in place (Hu et al. 2021, arXiv:2106.09685).

    Every other weight is frozen but those of the heads, whose names begin with `heads`. Layers keep their names; the
    weight of an adapted one becomes ``<layer>.base_layer.weight``, beside ``<layer>.lora_A`` and ``<layer>.lora_B``.

    Raises:
        ConfigError: no linear layer has such a name.
        MissingDependency: peft is not installed.
    """
    linear = [
        name for name, layer in network.named_modules() if isinstance(layer, nn.Linear) and not name.startswith(heads)
    ]
    chosen = [name for name in linear if any(fnmatchcase(name, pattern) for pattern in lora.targets)]
    if not chosen:
        raise ConfigError(
            f"lora.targets {', '.join(f'`{pattern}`' for pattern in lora.targets)} fits no linear layer of the model",
            id="model.lora",
            note=f"linear layers: {', '.join(linear[:8]) or 'none'}" + (", ..." if len(linear) > 8 else ""),
        )
    try:
        import peft
    except ImportError as error:
        raise MissingDependency("peft", "sci-torch[lora]") from error
    settings = peft.LoraConfig(
        r=lora.rank, lora_alpha=lora.alpha, lora_dropout=lora.dropout, target_modules=chosen, bias="none"
    )
    peft.inject_adapter_in_model(settings, network)
    for name, weight in network.named_parameters():
        weight.requires_grad_(".lora_" in name or name.startswith(heads))

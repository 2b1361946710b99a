"""Low-rank adaptation, by peft."""

from __future__ import annotations

import torch
from torch import nn

from sci.api import LoraConfig, MissingDependency, adapted_layers, first_matrix, learns_beside


def adapt(network: nn.Module, lora: LoraConfig, heads: str, seed: int) -> None:
    """Put low-rank matrices beside the linear layers that `lora` names, in place, as `sci.api.adaptation` describes.

    Every other weight is frozen but those of the heads, whose names begin with `heads`.

    Raises:
        ConfigError: no linear layer has such a name.
        MissingDependency: peft is not installed.
    """
    linear = (name for name, layer in network.named_modules() if isinstance(layer, nn.Linear))
    chosen = adapted_layers(linear, lora, heads)
    try:
        import peft
    except ImportError as error:
        raise MissingDependency("peft", "sci-torch[lora]") from error
    settings = peft.LoraConfig(
        r=lora.rank, lora_alpha=lora.alpha, lora_dropout=lora.dropout, target_modules=chosen, bias="none"
    )
    peft.inject_adapter_in_model(settings, network)
    for name in chosen:
        matrix = network.get_submodule(f"{name}.lora_A.default").weight
        assert isinstance(matrix, torch.Tensor)
        with torch.no_grad():
            matrix.copy_(torch.from_numpy(first_matrix(seed, name, tuple(matrix.shape))))
    for name, weight in network.named_parameters():
        weight.requires_grad_(learns_beside(name, heads))

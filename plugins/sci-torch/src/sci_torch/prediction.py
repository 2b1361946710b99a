"""What a network emits when it does not learn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import nn

from sci_torch.hardware import Hardware
from sci_torch.network import Tensors


def emitted(
    network: nn.Module, batch: Tensors, options: Mapping[str, Any], hardware: Hardware
) -> dict[str, torch.Tensor]:
    """One tensor for each head, in the precision of the weights; dropout is off."""
    if network.training:
        network.eval()
    with torch.no_grad(), hardware.lowered():
        own = getattr(network, "predict_step", None)
        found = network(batch) if own is None else own(batch, options)
    return {name: value.to(hardware.dtype) if value.is_floating_point() else value for name, value in found.items()}

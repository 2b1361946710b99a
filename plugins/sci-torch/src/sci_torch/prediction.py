"""What a network emits when it does not learn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import nn

from sci.api import without_targets
from sci_torch.hardware import Hardware
from sci_torch.network import Tensors, rows


def emitted(
    network: nn.Module, batch: Tensors, options: Mapping[str, Any], hardware: Hardware
) -> dict[str, torch.Tensor]:
    """One tensor for each head, in the precision of the weights; dropout is off. Some networks cannot count the rest of
    a shape where there is no row: they are shown one, and its answer is left out."""
    if not rows(batch):
        one = {key: value.new_zeros((1, *value.shape[1:])) for key, value in batch.items()}
        return {head: value[:0] for head, value in emitted(network, one, options, hardware).items()}
    own = getattr(network, "predict_step", None)
    if own is None:
        return called(network, batch, hardware)
    return _calm(network, lambda: own(without_targets(batch), options), hardware)


def called(network: nn.Module, batch: Tensors, hardware: Hardware) -> dict[str, torch.Tensor]:
    """What the network emits when it is called, as in training, with the targets that the batch has; dropout is off."""
    return _calm(network, lambda: network(batch), hardware)


def _calm(
    network: nn.Module, work: Callable[[], Mapping[str, torch.Tensor]], hardware: Hardware
) -> dict[str, torch.Tensor]:
    if network.training:
        network.eval()
    with torch.no_grad(), hardware.lowered():
        found = work()
    return {name: value.to(hardware.dtype) if value.is_floating_point() else value for name, value in found.items()}

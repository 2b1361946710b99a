"""What the optimizers of engine torch share: groups by weight decay, and the fastest kernels that a device has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from sci_optim.config import DecayConfig

Parameters = Sequence[tuple[str, torch.Tensor]]

FUSED = frozenset({"cpu", "cuda"})
"""Devices on which SGD, Adam and AdamW are one kernel."""


def decay_groups(config: DecayConfig, parameters: Parameters) -> list[dict[str, Any]]:
    """Parameter groups, one for each weight decay: all parameters in one where `no_decay` makes no difference."""
    groups: dict[float, list[torch.Tensor]] = {}
    for name, parameter in parameters:
        groups.setdefault(config.decay_of(name), []).append(parameter)
    return [{"params": members, "weight_decay": decay} for decay, members in groups.items()]


def kernels(parameters: Parameters, fused: frozenset[str] = FUSED) -> dict[str, bool]:
    """Which implementation PyTorch shall use: one kernel where it has one, otherwise one call for many tensors."""
    one = all(parameter.device.type in fused and parameter.is_floating_point() for _, parameter in parameters)
    return {"fused": True} if one else {"foreach": True}

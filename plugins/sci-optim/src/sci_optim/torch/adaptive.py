"""Optimizers that divide the gradient by a measure of its own size."""

from __future__ import annotations

import torch

from sci_optim.config import AdagradConfig, RmspropConfig
from sci_optim.torch.groups import Parameters, decay_groups, kernels


def adagrad(config: AdagradConfig, parameters: Parameters) -> torch.optim.Adagrad:
    """Adagrad; PyTorch has one kernel for it on the CPU only."""
    return torch.optim.Adagrad(
        decay_groups(config, parameters),
        lr=config.learning_rate,
        eps=config.epsilon,
        initial_accumulator_value=config.initial_accumulator,
        **kernels(parameters, fused=frozenset({"cpu"})),
    )


def rmsprop(config: RmspropConfig, parameters: Parameters) -> torch.optim.RMSprop:
    """RMSprop; PyTorch has no single kernel for it."""
    return torch.optim.RMSprop(
        decay_groups(config, parameters),
        lr=config.learning_rate,
        alpha=config.alpha,
        eps=config.epsilon,
        momentum=config.momentum,
        foreach=True,
    )

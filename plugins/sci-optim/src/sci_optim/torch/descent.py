"""Gradient descent, plain and with momentum."""

from __future__ import annotations

import torch

from sci_optim.config import GradientDescentConfig, VelocityConfig
from sci_optim.torch.groups import Parameters, decay_groups, kernels


def gradient_descent(config: GradientDescentConfig, parameters: Parameters) -> torch.optim.SGD:
    """Gradient descent without momentum and decay."""
    return torch.optim.SGD([tensor for _, tensor in parameters], lr=config.learning_rate, **kernels(parameters))


def sgd(config: VelocityConfig, parameters: Parameters) -> torch.optim.SGD:
    """Gradient descent with momentum; also `momentum` and `nesterov`."""
    return torch.optim.SGD(
        decay_groups(config, parameters),
        lr=config.learning_rate,
        momentum=config.momentum,
        dampening=config.dampening,
        nesterov=config.nesterov,
        **kernels(parameters),
    )

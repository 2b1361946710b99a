"""Adam, and AdamW with its decay apart from the gradient."""

from __future__ import annotations

from sci_optim.config import AdamConfig, AdamWConfig
from sci_optim.torch.direct import Adam, AdamW
from sci_optim.torch.groups import Parameters, decay_groups, kernels


def adam(config: AdamConfig, parameters: Parameters) -> Adam:
    """Adam; the decay is part of the gradient."""
    return Adam(
        decay_groups(config, parameters),
        lr=config.learning_rate,
        betas=config.betas,
        eps=config.epsilon,
        **kernels(parameters),
    )


def adamw(config: AdamWConfig, parameters: Parameters) -> AdamW:
    """AdamW; the decay acts on the weights."""
    return AdamW(
        decay_groups(config, parameters),
        lr=config.learning_rate,
        betas=config.betas,
        eps=config.epsilon,
        **kernels(parameters),
    )

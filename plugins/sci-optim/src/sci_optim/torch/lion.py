"""Lion, which PyTorch lacks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from sci_optim.config import LionConfig
from sci_optim.torch.groups import Parameters, decay_groups


class Lion(torch.optim.Optimizer):
    """Algorithm 2 of Chen et al. 2023 (arXiv:2302.06675), in calls that take all tensors of a group at once.

    Args:
        config: its settings.
        parameters: names and tensors; those without a gradient are left alone.
    """

    def __init__(self, config: LionConfig, parameters: Parameters) -> None:
        super().__init__(decay_groups(config, parameters), {"lr": config.learning_rate, "betas": config.betas})

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """One update; `closure`, if given, computes the loss and the gradients anew, and its result is returned."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            self._update(group)
        return loss

    def _update(self, group: dict[str, Any]) -> None:
        weights = [weight for weight in group["params"] if weight.grad is not None]
        if not weights:
            return
        gradients = [weight.grad for weight in weights]
        means = [self._mean(weight) for weight in weights]
        first, second = group["betas"]
        if group["weight_decay"]:
            torch._foreach_mul_(weights, 1 - group["lr"] * group["weight_decay"])
        directions = torch._foreach_lerp(means, gradients, 1 - first)
        torch._foreach_sign_(directions)
        torch._foreach_add_(weights, directions, alpha=-group["lr"])
        torch._foreach_lerp_(means, gradients, 1 - second)

    def _mean(self, weight: torch.Tensor) -> torch.Tensor:
        state = self.state[weight]
        if "mean" not in state:
            state["mean"] = torch.zeros_like(weight)
        mean: torch.Tensor = state["mean"]
        return mean

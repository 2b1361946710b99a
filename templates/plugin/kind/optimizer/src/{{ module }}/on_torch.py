"""AdaBelief for engine torch: an optimizer of PyTorch like its own."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch

from {{ module }}.config import AdaBeliefConfig


class AdaBelief(torch.optim.Optimizer):
    """As the optimizer for engine numpy.

    Args:
        config: its settings.
        parameters: names and tensors; those without a gradient are left alone.
    """

    def __init__(self, config: AdaBeliefConfig, parameters: Sequence[tuple[str, torch.Tensor]]) -> None:
        super().__init__(
            [parameter for _, parameter in parameters],
            {"lr": config.learning_rate, "betas": config.betas, "eps": config.epsilon},
        )

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """One update; `closure`, if given, computes the loss and the gradients anew, and its result is returned."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            for weight in group["params"]:
                if weight.grad is not None:
                    self._update(weight, group)
        return loss

    def _update(self, weight: torch.Tensor, group: dict[str, Any]) -> None:
        state = self.state[weight]
        if not state:
            state.update(step=torch.tensor(0.0), mean=torch.zeros_like(weight), spread=torch.zeros_like(weight))
        state["step"] += 1
        steps = int(state["step"])
        first, second = group["betas"]
        mean, spread = state["mean"], state["spread"]
        mean.lerp_(weight.grad, 1 - first)
        astray = weight.grad - mean
        spread.mul_(second).addcmul_(astray, astray, value=1 - second).add_(group["eps"])
        divisor = spread.sqrt().div_(math.sqrt(1 - second**steps)).add_(group["eps"])
        weight.addcdiv_(mean, divisor, value=-group["lr"] / (1 - first**steps))

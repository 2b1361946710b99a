"""PyTorch's Adam and AdamW with less work around the kernel, which for small models is most of an update."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

import torch


class Gathered(NamedTuple):
    """One parameter group as the kernel takes it."""

    group: dict[str, Any]
    weights: list[torch.Tensor]
    means: list[torch.Tensor]
    squares: list[torch.Tensor]
    steps: list[torch.Tensor]


class Direct(torch.optim.Optimizer):
    """Gathers the tensors of each group once, not at every update; whatever is unusual is left to PyTorch's own step.

    Unusual are the first update, which makes the state, a closure, a loss scale that is still to be taken out, a
    parameter without a gradient, and tensors that do not share a device and a dtype.
    """

    kernel: ClassVar[Callable[..., None]]
    gathered: list[Gathered] | None = None

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """One update; `closure`, if given, computes the loss and the gradients anew, and its result is returned."""
        if self.gathered is None:
            self.gathered = self._gather()
        usual = closure is None and getattr(self, "grad_scale", None) is None
        gradients = self._gradients() if usual and self.gathered is not None else None
        if gradients is None:
            return super().step(closure)
        left = getattr(self, "found_inf", None)  # where a loss scaler says on the device that nothing may change
        for (group, weights, means, squares, steps), slopes in zip(self.gathered or (), gradients, strict=True):
            torch._foreach_add_(steps, 1)
            first, second = group["betas"]
            type(self).kernel(
                weights,
                slopes,
                means,
                squares,
                [],
                steps,
                lr=group["lr"],
                beta1=first,
                beta2=second,
                weight_decay=group["weight_decay"],
                eps=group["eps"],
                amsgrad=False,
                maximize=False,
                found_inf=left,
            )
            if left is not None:
                torch._foreach_sub_(steps, [left] * len(steps))
        return None

    def _gradients(self) -> list[list[torch.Tensor]] | None:
        """The gradients of each group, or None when one is missing."""
        found = [[weight.grad for weight in part.weights] for part in self.gathered or ()]
        return None if any(slope is None for slopes in found for slope in slopes) else found  # type: ignore[return-value]

    def _gather(self) -> list[Gathered] | None:
        """The tensors of each group, or None while one has no state or where there is no kernel for all of them."""
        weights = [weight for group in self.param_groups for weight in group["params"]]
        if len({(weight.device, weight.dtype) for weight in weights}) != 1:
            return None
        if not all(group["fused"] for group in self.param_groups) or not all(
            weight in self.state for weight in weights
        ):
            return None
        return [self._parts(group) for group in self.param_groups]

    def _parts(self, group: dict[str, Any]) -> Gathered:
        states = [self.state[weight] for weight in group["params"]]
        means, squares, steps = ([state[key] for state in states] for key in ("exp_avg", "exp_avg_sq", "step"))
        return Gathered(group, group["params"], means, squares, steps)

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on from a state; its tensors are gathered anew."""
        super().load_state_dict(state_dict)
        self.gathered = self._gather()

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Take in more parameters, which have no state yet."""
        super().add_param_group(param_group)
        self.gathered = None


class Adam(Direct, torch.optim.Adam):
    """PyTorch's Adam."""

    kernel = staticmethod(torch._fused_adam_)


class AdamW(Direct, torch.optim.AdamW):
    """PyTorch's AdamW."""

    kernel = staticmethod(torch._fused_adamw_)

"""What is done with the gradients of one update, and when it is left undone.

After the first loss or gradient that is not finite no weight changes any more. On the CPU a look at the loss is cheap;
an accelerator would have to wait for it, and there the decision stays on the device: fused optimizers leave the weights
alone where they find ``found_inf`` set.
"""

from __future__ import annotations

import abc
import math
from collections.abc import Sequence

import torch

FIRST_SCALE = 2.0**16
GROWTH_STEPS = 2000

Losses = torch.Tensor | float


class Update(abc.ABC):
    """Clips gradients and calls the optimizers.

    Args:
        optimizers: all of them.
        clip: longest gradient, over all weights together, or None.
        scaled: whether the loss was multiplied by `scale`, as half precision needs (Micikevicius et al. 2018,
            arXiv:1710.03740). A gradient that is not finite then skips the update and halves the scale; it counts as
            divergence only where the scale has fallen to 1.
        device: where the gradients are.
    """

    def __init__(
        self,
        optimizers: Sequence[torch.optim.Optimizer],
        clip: float | None,
        scaled: bool,
        device: torch.device,
    ) -> None:
        self.optimizers = list(optimizers)
        self.clip = clip
        self.scaled = scaled
        self.scale = torch.tensor(FIRST_SCALE, dtype=torch.float32, device=device)
        self.grown = torch.zeros((), dtype=torch.int64, device=device)
        self.halted = torch.zeros((), dtype=torch.bool, device=device)
        self.parameters = [p for one in self.optimizers for group in one.param_groups for p in group["params"]]

    @abc.abstractmethod
    def __call__(self, loss: torch.Tensor) -> Losses:
        """Update the weights from the gradients that they hold; the loss, not finite once training has diverged."""

    @property
    def stopped(self) -> bool:
        """Whether a loss or gradient was not finite."""
        return bool(self.halted)

    def clear(self) -> None:
        """Forget the gradients."""
        for parameter in self.parameters:
            parameter.grad = None

    def gradients(self) -> list[torch.Tensor]:
        """Those that the loss has."""
        return [parameter.grad for parameter in self.parameters if parameter.grad is not None]

    def state(self) -> dict[str, torch.Tensor]:
        """What the next update depends on, beside weights and optimizers."""
        return {"scale": self.scale, "grown": self.grown, "halted": self.halted}

    def load_state(self, state: dict[str, torch.Tensor]) -> None:
        """Go on from a state that `state` returned."""
        for name, value in self.state().items():
            value.copy_(state[name])

    def _shrunk(self, wrong: torch.Tensor) -> None:
        """Halve the scale after a gradient that is not finite; double it after many that were."""
        grown = torch.where(wrong, 0, self.grown + 1)
        doubled = torch.where(grown == GROWTH_STEPS, self.scale * 2, self.scale)
        self.scale.copy_(torch.where(wrong, (self.scale / 2).clamp(min=1), doubled))
        self.grown.copy_(torch.where(grown == GROWTH_STEPS, 0, grown))


class Looking(Update):
    """Looks at loss and gradients before each update."""

    def __call__(self, loss: torch.Tensor) -> float:
        value = loss.item()
        gradients = self.gradients()
        if not math.isfinite(value):
            self.halted.fill_(True)
            return value
        if self.scaled:
            torch._foreach_mul_(gradients, 1 / self.scale.item())
        if not self._usable(gradients):
            lost = not self.scaled or self.scale.item() <= 1
            self._shrunk(torch.tensor(True, device=self.scale.device))
            if lost:
                self.halted.fill_(True)
                return math.nan
            return value
        for optimizer in self.optimizers:
            optimizer.step()
        if self.scaled:
            self._shrunk(torch.tensor(False, device=self.scale.device))
        return value

    def _usable(self, gradients: list[torch.Tensor]) -> bool:
        """Whether all gradients are finite; then they are clipped."""
        if not gradients:
            return True
        if self.clip is None and gradients[0].device.type == "cpu":
            return finite(gradients)
        norm = norm_of(gradients).item()
        if self.clip is not None and math.isfinite(norm) and norm > self.clip:
            torch._foreach_mul_(gradients, self.clip / norm)
        return math.isfinite(norm)


class Blind(Update):
    """Decides on the device, without waiting for it; every optimizer is a fused one."""

    def __call__(self, loss: torch.Tensor) -> torch.Tensor:
        gradients = self.gradients()
        good = torch.isfinite(loss)
        if self.scaled:
            torch._foreach_mul_(gradients, 1 / self.scale)
        norm = norm_of(gradients) if gradients else torch.zeros_like(loss)
        wrong = ~torch.isfinite(norm)
        if self.clip is not None:
            torch._foreach_mul_(gradients, torch.where(norm > self.clip, self.clip / norm, 1.0))
        lost = wrong & (self.scale <= 1) if self.scaled else wrong
        self.halted.logical_or_(~good | lost)
        left = (self.halted | wrong).to(torch.float32)
        if self.scaled:
            self._shrunk(wrong)
        for optimizer in self.optimizers:
            optimizer.found_inf = left  # type: ignore[attr-defined]  # how torch's own loss scaler tells it
            optimizer.step()
        return torch.where(self.halted & good, torch.nan, loss)


def update(
    optimizers: Sequence[torch.optim.Optimizer], clip: float | None, scaled: bool, device: torch.device
) -> Update:
    """The update that suits the device and the optimizers."""
    fused = all(getattr(one, "_step_supports_amp_scaling", False) for one in optimizers)
    kind = Blind if fused and device.type != "cpu" else Looking
    return kind(optimizers, clip, scaled, device)


def finite(gradients: list[torch.Tensor]) -> bool:
    """Whether every element is finite: one pass over all of them, in a fifth of the time of their norm."""
    found = torch.zeros(1)
    torch._amp_foreach_non_finite_check_and_unscale_(gradients, found, torch.ones(1))
    return found.item() == 0


def norm_of(gradients: list[torch.Tensor]) -> torch.Tensor:
    """The length of all gradients together."""
    return torch.linalg.vector_norm(torch.stack(torch._foreach_norm(gradients)))

"""Lion."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from sci_optim.config import LionConfig
from sci_optim.optimizer import DecayOptimizer


class Lion(DecayOptimizer[LionConfig]):
    """A step of size `rate` in the sign of a mean gradient, after ``w <- w - rate weight_decay w``.

    Algorithm 2 of Chen et al. 2023 (arXiv:2302.06675): the mean that gives the direction forgets faster (the first
    beta) than the one that is kept (the second).
    """

    buffers: ClassVar[tuple[str, ...]] = ("mean",)

    def update(self, name: str, parameter: np.ndarray, gradient: np.ndarray, rate: float) -> None:
        first, second = self.config.betas
        mean = self.kept["mean"][name]
        parameter *= 1 - rate * self.decay[name]
        parameter -= rate * np.sign(first * mean + (1 - first) * gradient)
        mean *= second
        mean += (1 - second) * gradient

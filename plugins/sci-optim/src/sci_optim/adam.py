"""Adam, and AdamW with its decay apart from the gradient."""

from __future__ import annotations

import math
from typing import ClassVar, TypeVar

import numpy as np

from sci_optim.config import AdamConfig, AdamWConfig
from sci_optim.optimizer import DecayOptimizer

Moments = TypeVar("Moments", bound=AdamConfig)


class _Adam(DecayOptimizer[Moments]):
    buffers: ClassVar[tuple[str, ...]] = ("mean", "square")

    def descend(self, name: str, parameter: np.ndarray, gradient: np.ndarray, rate: float) -> None:
        """Algorithm 1 of Kingma and Ba 2015, with epsilon added after the bias correction, as there."""
        mean, square = self.kept["mean"][name], self.kept["square"][name]
        first, second = self.config.betas
        mean *= first
        mean += (1 - first) * gradient
        square *= second
        square += (1 - second) * gradient * gradient
        size = np.sqrt(square) / math.sqrt(1 - second**self.steps)
        parameter -= (rate / (1 - first**self.steps)) * mean / (size + self.config.epsilon)


class Adam(_Adam[AdamConfig]):
    """Adam; weight decay is added to the gradient and so divided by its size (use `AdamW` to keep it apart)."""

    def update(self, name: str, parameter: np.ndarray, gradient: np.ndarray, rate: float) -> None:
        self.descend(name, parameter, self.decayed(name, parameter, gradient), rate)


class AdamW(_Adam[AdamWConfig]):
    """Adam after ``w <- w - rate weight_decay w``; the schedule multiplies both (Loshchilov and Hutter 2019)."""

    def update(self, name: str, parameter: np.ndarray, gradient: np.ndarray, rate: float) -> None:
        parameter *= 1 - rate * self.decay[name]
        self.descend(name, parameter, gradient, rate)

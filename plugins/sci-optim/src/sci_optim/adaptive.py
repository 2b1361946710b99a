"""Optimizers that divide the gradient by a measure of its own size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from sci_optim.config import AdagradConfig, RmspropConfig
from sci_optim.optimizer import DecayOptimizer


class Adagrad(DecayOptimizer[AdagradConfig]):
    """``s <- s + g^2;  w <- w - rate g / (sqrt(s) + epsilon)`` (Duchi, Hazan and Singer 2011, diagonal form)."""

    buffers: ClassVar[tuple[str, ...]] = ("sum",)

    def __init__(self, config: AdagradConfig, parameters: Sequence[tuple[str, np.ndarray]]) -> None:
        super().__init__(config, parameters)
        for array in self.kept["sum"].values():
            array.fill(config.initial_accumulator)

    def update(self, name: str, parameter: np.ndarray, gradient: np.ndarray, rate: float) -> None:
        gradient = self.decayed(name, parameter, gradient)
        total = self.kept["sum"][name]
        total += gradient * gradient
        parameter -= rate * gradient / (np.sqrt(total) + self.config.epsilon)


class Rmsprop(DecayOptimizer[RmspropConfig]):
    """``s <- alpha s + (1 - alpha) g^2;  v <- momentum v + g / (sqrt(s) + epsilon);  w <- w - rate v``.

    Tieleman and Hinton 2012, with the settings and the place of epsilon of PyTorch; Keras calls `alpha` rho, takes 0.9,
    and puts epsilon inside the root.
    """

    buffers: ClassVar[tuple[str, ...]] = ("square", "velocity")

    def update(self, name: str, parameter: np.ndarray, gradient: np.ndarray, rate: float) -> None:
        gradient = self.decayed(name, parameter, gradient)
        square, velocity = self.kept["square"][name], self.kept["velocity"][name]
        square *= self.config.alpha
        square += (1 - self.config.alpha) * gradient * gradient
        velocity *= self.config.momentum
        velocity += gradient / (np.sqrt(square) + self.config.epsilon)
        parameter -= rate * velocity

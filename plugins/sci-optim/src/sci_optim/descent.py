"""Gradient descent, plain and with momentum."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from sci_optim.config import GradientDescentConfig, SgdConfig
from sci_optim.optimizer import DecayOptimizer, Optimizer


class GradientDescent(Optimizer[GradientDescentConfig]):
    """``w <- w - rate g``."""

    def update(self, name: str, parameter: np.ndarray, gradient: np.ndarray, rate: float) -> None:
        parameter -= rate * gradient


class Sgd(DecayOptimizer[SgdConfig]):
    """``v <- momentum v + (1 - dampening) g;  w <- w - rate v``, with ``v = g`` at the first update.

    With `nesterov` the step is along ``g + momentum v``. The rate multiplies the velocity when it is applied, so that a
    change of rate acts at once on the whole step (PyTorch's form; Sutskever et al. 2013 and Keras scale the gradient as
    it enters).
    """

    buffers: ClassVar[tuple[str, ...]] = ("velocity",)

    def update(self, name: str, parameter: np.ndarray, gradient: np.ndarray, rate: float) -> None:
        gradient = self.decayed(name, parameter, gradient)
        momentum = self.config.momentum
        if momentum:
            velocity = self.kept["velocity"][name]
            velocity *= momentum
            velocity += gradient if self.steps == 1 else (1 - self.config.dampening) * gradient
            gradient = gradient + momentum * velocity if self.config.nesterov else velocity
        parameter -= rate * gradient

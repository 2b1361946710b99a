"""AdaBelief for engine numpy."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from sci.api import State

from {{ module }}.config import AdaBeliefConfig


class AdaBelief:
    """Algorithm 2 of Zhuang et al. 2020, without weight decay.

    Args:
        config: its settings.
        parameters: names and arrays; the arrays are updated in place and keep their dtype.
    """

    def __init__(self, config: AdaBeliefConfig, parameters: Sequence[tuple[str, np.ndarray]]) -> None:
        self.config = config
        self.parameters = dict(parameters)
        self.steps = 0
        self.mean = {name: np.zeros_like(array) for name, array in parameters}
        self.spread = {name: np.zeros_like(array) for name, array in parameters}

    def step(self, gradients: Mapping[str, np.ndarray], rate: float) -> None:
        """One update of every parameter; `rate` multiplies the learning rate. The gradients are left as they are."""
        self.steps += 1
        first, second = self.config.betas
        small = self.config.epsilon
        size = rate * self.config.learning_rate / (1 - first**self.steps)
        root = math.sqrt(1 - second**self.steps)
        for name, parameter in self.parameters.items():
            gradient, mean, spread = gradients[name], self.mean[name], self.spread[name]
            mean += (1 - first) * (gradient - mean)
            spread *= second
            spread += (1 - second) * (gradient - mean) ** 2 + small
            parameter -= size * mean / (np.sqrt(spread) / root + small)

    def state(self) -> State:
        """Everything that the next update depends on, but the parameters."""
        arrays = {f"mean/{name}": array.copy() for name, array in self.mean.items()}
        arrays |= {f"spread/{name}": array.copy() for name, array in self.spread.items()}
        return State(arrays, {"steps": self.steps})

    def load_state(self, state: State) -> None:
        """Go on from a state that `state` returned, bit for bit."""
        for name in self.parameters:
            np.copyto(self.mean[name], state.arrays[f"mean/{name}"])
            np.copyto(self.spread[name], state.arrays[f"spread/{name}"])
        self.steps = int(state.meta["steps"])

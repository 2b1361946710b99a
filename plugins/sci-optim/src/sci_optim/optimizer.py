"""What the optimizers of engine numpy share: parameters updated in place, and buffers beside them."""

from __future__ import annotations

import abc
from collections.abc import Mapping, Sequence
from typing import ClassVar, Generic, TypeVar

import numpy as np

from sci.api import State
from sci_optim.config import DecayConfig, OptimizerConfig

Config = TypeVar("Config", bound=OptimizerConfig)


class Optimizer(abc.ABC, Generic[Config]):
    """A native optimizer of engine numpy.

    Args:
        config: its settings.
        parameters: names and arrays; the arrays are updated in place and keep their dtype.
    """

    buffers: ClassVar[tuple[str, ...]] = ()
    """Names of the arrays kept beside each parameter; they start at zero."""

    def __init__(self, config: Config, parameters: Sequence[tuple[str, np.ndarray]]) -> None:
        self.config = config
        self.parameters = dict(parameters)
        self.steps = 0
        self.kept = {
            buffer: {name: np.zeros_like(parameter) for name, parameter in self.parameters.items()}
            for buffer in self.buffers
        }

    def step(self, gradients: Mapping[str, np.ndarray], rate: float) -> None:
        """One update of every parameter; `rate` multiplies the learning rate. The gradients are left as they are."""
        self.steps += 1
        for name, parameter in self.parameters.items():
            self.update(name, parameter, gradients[name], self.config.learning_rate * rate)

    @abc.abstractmethod
    def update(self, name: str, parameter: np.ndarray, gradient: np.ndarray, rate: float) -> None:
        """Update one parameter in place; `self.steps` counts this update, from 1."""

    def state(self) -> State:
        """The buffers as ``<buffer>/<parameter>``, and how many updates were made."""
        arrays = {f"{buffer}/{name}": a.copy() for buffer, of in self.kept.items() for name, a in of.items()}
        return State(arrays, {"steps": self.steps})

    def load_state(self, state: State) -> None:
        """Go on from a state that `state` returned."""
        for buffer, of in self.kept.items():
            for name, array in of.items():
                np.copyto(array, state.arrays[f"{buffer}/{name}"])
        self.steps = int(state.meta["steps"])


Decaying = TypeVar("Decaying", bound=DecayConfig)


class DecayOptimizer(Optimizer[Decaying]):
    """An optimizer with weight decay; `decay` holds that of each parameter, 0 for those that `no_decay` names."""

    def __init__(self, config: Decaying, parameters: Sequence[tuple[str, np.ndarray]]) -> None:
        super().__init__(config, parameters)
        self.decay = {name: config.decay_of(name) for name in self.parameters}

    def decayed(self, name: str, parameter: np.ndarray, gradient: np.ndarray) -> np.ndarray:
        """The gradient of the loss with ``weight_decay / 2`` times the squared norm of the parameter added."""
        decay = self.decay[name]
        return gradient + decay * parameter if decay else gradient

"""Fitting a model at once, as the core's loop asks for it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from sci.api import ConfigError, Feed, State, Step
from sci_sklearn.network import Arrays, Fitted
from sci_sklearn.threads import Threads

Loss = Callable[[Arrays, Arrays], float]


class SklearnTrainer:
    """One model in training: each step fits it anew to the rows of that step.

    Args:
        network: the model.
        loss: how far off it is, for the history; what it minimises is its own.
        feed: the training rows.
        threads: limits the threads while it computes.

    Raises:
        ConfigError: the model is none of this engine.
    """

    def __init__(self, network: Fitted, loss: Loss | None, feed: Feed, threads: Threads) -> None:
        if not isinstance(network, Fitted):
            raise ConfigError("engine sklearn trains models that are fitted at once", id="train.model")
        self.network = network
        self.loss = loss
        self.feed = feed
        self.resident = feed.resident()
        self.threads = threads

    def run(self, steps: Sequence[Step]) -> np.ndarray:
        """Fit to the rows of each step; the losses of the fitted models, float64 [len(steps)] (0 without a loss)."""
        with self.threads.limited():
            return np.array([self._fit(step) for step in steps], dtype=np.float64)

    def _fit(self, step: Step) -> float:
        batch = self._batch(step.indices, step.epoch)
        self.network.fit(batch)
        return 0.0 if self.loss is None else self._judged(self.network(batch), batch)

    def _batch(self, indices: np.ndarray, epoch: int) -> Arrays:
        if self.resident is None:
            return self.feed.batch(indices, epoch)
        if len(indices) == len(self.feed) and np.array_equal(indices, np.arange(len(self.feed))):
            return self.resident  # as they lie: no second copy of all rows
        return {key: array[indices] for key, array in self.resident.items()}

    def _judged(self, emitted: Arrays, batch: Arrays) -> float:
        return math.nan if self.loss is None else self.loss(emitted, batch) + self.network.penalty()

    def warnings(self) -> list[str]:
        """What solvers said of the last fit, where they found no solution."""
        found, self.network.complaints = self.network.complaints, []
        return found

    def state(self) -> State:
        """The arrays of the model under their names; none before it is fitted."""
        return State({name: array.copy() for name, array in self.network.parameters.items()})

    def load_state(self, state: State) -> None:
        """Go on from a state that `state` returned."""
        if state.arrays:
            self.network.restore(state.arrays)
        else:
            self.network.parameters = {}

    def validate(self, batch: Arrays, options: Mapping[str, Any]) -> tuple[dict[str, np.ndarray], float]:
        """What the model says of these rows, and how far off it is."""
        emitted = predict(self.network, batch, self.threads)
        return emitted, self._judged(emitted, batch)


def predict(network: Fitted, batch: Arrays, threads: Threads) -> dict[str, np.ndarray]:
    """What a model says of these rows."""
    with threads.limited():
        return network(batch)

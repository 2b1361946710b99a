"""The engine, and the one step that training takes on it."""

from __future__ import annotations

import math
import pathlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from sci.api import ConfigError, Feature, Feed, Schema, State, Step

from {{ module }}.config import EngineConfig
from {{ module }}.neighbors import Arrays, NearestNeighbors

Loss = Callable[[Arrays, Arrays], float]


class NeighborsEngine:
    """Models with ``fit(batch)``, ``__call__(batch)`` and ``arrays``, which is all that is saved; in float64."""

    def __init__(self, config: EngineConfig) -> None:
        self.config = config

    def start(self, settings: Mapping[str, Any], seed: int) -> Mapping[str, str]:
        """Check device and precision. Nothing is drawn and no sum is split among threads: determinism level A."""
        device = settings.get("device") or "cpu"
        if device not in ("cpu", "auto"):
            raise ConfigError(f"this engine has no device `{device}`", id="engine.device", hint="device: cpu")
        precision = self.number_dtype(settings.get("precision"))
        return {"device": "cpu", "threads": "1", "determinism": "A", "precision": precision}

    def number_dtype(self, precision: str | None) -> str:
        """``float64``."""
        if precision not in (None, "float64"):
            raise ConfigError(
                f"this engine has no precision `{precision}`", id="engine.precision", hint="precision: float64"
            )
        return "float64"

    def build(
        self,
        factory: Callable[..., NearestNeighbors],
        config: Any,
        inputs: Schema,
        heads: Mapping[str, Feature],
        seed: int,
    ) -> NearestNeighbors:
        """A model that has seen no row yet."""
        network = factory(config, inputs, heads, seed)
        network.block = self.config.block
        return network

    def trainer(
        self,
        network: NearestNeighbors,
        loss: Loss | None,
        optimizers: Callable[..., Any],
        feed: Feed,
        settings: Mapping[str, Any],
    ) -> OneStep:
        """What fits the model; `optimizers` are not asked for, because nothing is descended."""
        return OneStep(network, loss, feed)

    def predict(self, network: NearestNeighbors, batch: Arrays, options: Mapping[str, Any]) -> dict[str, np.ndarray]:
        """What the model emits for these rows."""
        return network(batch)

    def state(self, network: NearestNeighbors) -> State:
        """What the model keeps."""
        return State({name: array.copy() for name, array in network.arrays.items()})

    def load_state(self, network: NearestNeighbors, state: State) -> None:
        """Take over what a model of the same inputs kept, of however many rows.

        Raises:
            ConfigError: names or inputs are those of another model.
        """
        own = {name: array.shape[1:] for name, array in network.arrays.items()}
        saved = {name: array.shape[1:] for name, array in state.arrays.items()}
        if own != saved:
            raise ConfigError(f"the weights are those of another model: saved {saved}, here {own}", id="model.weights")
        network.arrays = {name: array.copy() for name, array in state.arrays.items()}

    def gradients(
        self,
        network: NearestNeighbors,
        batch: Arrays,
        output: str,
        inputs: Sequence[str],
        weights: np.ndarray | None = None,
    ) -> dict[str, np.ndarray]:
        """Refuse: the answer jumps where another row becomes the nearest."""
        raise ConfigError("models of this engine have no derivative", id="engine.gradient")

    def export(
        self, network: NearestNeighbors, format: str, signature: Mapping[str, Any], directory: pathlib.Path
    ) -> None:
        """Refuse: there is no foreign format for it."""
        raise ConfigError(f"this engine cannot write `{format}`", id="engine.export")


class OneStep:
    """Fits a model; the core's loop has one step, with all rows."""

    def __init__(self, network: NearestNeighbors, loss: Loss | None, feed: Feed) -> None:
        self.network = network
        self.loss = loss
        self.feed = feed

    def run(self, steps: Sequence[Step]) -> np.ndarray:
        """The loss after each fit, float64 [len(steps)]; 0 where there is none to compute."""
        losses = np.zeros(len(steps))
        for position, step in enumerate(steps):
            batch = self.feed.batch(step.indices, step.epoch)
            self.network.fit(batch)
            losses[position] = 0.0 if self.loss is None else self.loss(self.network(batch), batch)
        return losses

    def validate(self, batch: Arrays, options: Mapping[str, Any]) -> tuple[dict[str, np.ndarray], float]:
        """What the model emits for these rows, and their mean loss (NaN without a loss)."""
        emitted = self.network(batch)
        return emitted, math.nan if self.loss is None else self.loss(emitted, batch)

    def state(self) -> State:
        """What the model keeps: nothing else changes."""
        return State({name: array.copy() for name, array in self.network.arrays.items()})

    def load_state(self, state: State) -> None:
        """Go on from a state that `state` returned."""
        self.network.arrays = {name: array.copy() for name, array in state.arrays.items()}

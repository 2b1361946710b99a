"""Engine numpy."""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from sci.api import ConfigError, Feature, Feed, Schema, State
from sci_numpy.config import NumpyConfig
from sci_numpy.network import Arrays, Network
from sci_numpy.threads import Threads
from sci_numpy.trainer import Groups, Loss, NumpyTrainer, Optimizer, predict

PRECISIONS = ("float64", "float32")


class NumpyEngine:
    """NumPy on the CPU: small models, exactly repeatable. What a model of it is: `sci_numpy.network.Network`."""

    def __init__(self, config: NumpyConfig) -> None:
        self.threads = Threads(config.threads)
        self.dtype = PRECISIONS[0]

    def start(self, settings: Mapping[str, Any], seed: int) -> Mapping[str, str]:
        """Check device and precision. Nothing is seeded: models draw from a generator of their own.

        The determinism level is A where the number of threads is ours to set, otherwise B.
        """
        device = settings.get("device") or "cpu"
        if device not in ("cpu", "auto"):
            raise ConfigError(
                f"engine numpy runs on the CPU, and training.device is `{device}`",
                id="engine.device",
                hint="device: cpu",
            )
        self.dtype = self.number_dtype(settings.get("precision"))
        blas = self.threads.library()
        return {
            "device": "cpu",
            "threads": str(self.threads.count) if blas else "unknown",
            "determinism": "A" if blas else "B",
            "precision": self.dtype,
            "blas": blas or "unknown",
        }

    def number_dtype(self, precision: str | None) -> str:
        """``float64``, unless ``float32`` is asked for."""
        if precision not in (None, *PRECISIONS):
            raise ConfigError(
                f"engine numpy has no precision `{precision}`",
                id="engine.precision",
                note=f"it has {' and '.join(PRECISIONS)}",
                hint=f"precision: {PRECISIONS[0]}",
            )
        return precision or PRECISIONS[0]

    def build(
        self, factory: Callable[..., Network], config: Any, inputs: Schema, heads: Mapping[str, Feature], seed: int
    ) -> Network:
        """The network, with parameters in the precision that `start` was given."""
        network = factory(config, inputs, heads, seed)
        for name, array in network.parameters.items():
            network.parameters[name] = array.astype(self.dtype, copy=False)
        return network

    def trainer(
        self,
        network: Network,
        loss: Loss | None,
        optimizers: Callable[[Groups], Mapping[str, Optimizer]],
        feed: Feed,
        settings: Mapping[str, Any],
    ) -> NumpyTrainer:
        """A trainer for a network."""
        return NumpyTrainer(network, loss, optimizers, feed, settings, self.threads)

    def predict(self, network: Network, batch: Arrays, options: Mapping[str, Any]) -> dict[str, np.ndarray]:
        """What the network emits for these rows."""
        return predict(network, batch, options, self.threads)

    def state(self, network: Network) -> State:
        """The parameters under their names."""
        return State({name: array.copy() for name, array in network.parameters.items()})

    def load_state(self, network: Network, state: State) -> None:
        """Take over parameters, in the precision in which they were saved.

        Raises:
            ConfigError: names or shapes are those of another model.
        """
        if hasattr(network, "restore"):
            network.restore(state.arrays)
            return
        own = {name: list(array.shape) for name, array in network.parameters.items()}
        saved = {name: list(array.shape) for name, array in state.arrays.items()}
        if own != saved:
            raise ConfigError(f"the weights are those of another model: saved {saved}, here {own}", id="model.weights")
        for name, array in state.arrays.items():
            if array.dtype == network.parameters[name].dtype:
                np.copyto(network.parameters[name], array)  # in place: optimizers hold on to these arrays
            else:
                network.parameters[name] = array.copy()

    def gradients(
        self,
        network: Network,
        batch: Arrays,
        output: str,
        inputs: Sequence[str],
        weights: np.ndarray | None = None,
    ) -> dict[str, np.ndarray]:
        """Derivative of one head, summed over its elements with these weights, by keys of the batch.

        Raises:
            ConfigError: the model does not give it.
        """
        with self.threads.limited():
            counted = {head: np.zeros_like(a) for head, a in network(batch).items()}
            if output in counted:
                counted[output] += 1 if weights is None else weights
            known = network.input_gradients(batch, counted) if hasattr(network, "input_gradients") else {}
        missing = [key for key in (output,) if key not in counted] + [key for key in inputs if key not in known]
        if missing:
            raise ConfigError(f"the model has no derivative for `{'`, `'.join(missing)}`", id="engine.gradient")
        return {key: known[key] for key in inputs}

    def export(self, network: Network, format: str, signature: Mapping[str, Any], directory: pathlib.Path) -> None:
        """Write nothing: engine numpy knows no foreign format."""
        raise ConfigError(
            f"engine numpy cannot write `{format}`",
            id="engine.export",
            hint="sci serve answers with this model as it is",
        )

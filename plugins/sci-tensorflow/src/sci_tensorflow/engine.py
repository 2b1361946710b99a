"""Engine tensorflow."""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from sci.api import ConfigError, Feature, Feed, Schema, State
from sci_tensorflow.config import TensorflowConfig
from sci_tensorflow.graphs import derivatives, emit, vectors
from sci_tensorflow.hardware import describe, placed, settle, threads
from sci_tensorflow.network import Network, named_after_place
from sci_tensorflow.precision import applied, named
from sci_tensorflow.runtime import keras, tf
from sci_tensorflow.start import start_from
from sci_tensorflow.trainer import Groups, Loss, Optimizer, TensorflowTrainer
from sci_tensorflow.trouble import named_trouble
from sci_tensorflow.weights import load


class TensorflowEngine:
    """Keras layers on TensorFlow with a loop of its own. What a model of it is: `sci_tensorflow.network.Network`."""

    def __init__(self, config: TensorflowConfig) -> None:
        self.config = config
        self.precision = "float32"
        self.device = "CPU:0"

    def start(self, settings: Mapping[str, Any], seed: int) -> Mapping[str, str]:
        """Choose device, precision, threads and determinism, for this process. Nothing is seeded: layers are.

        The determinism level is A where only deterministic operations are allowed, otherwise C.
        """
        self.precision = named(settings.get("precision"))
        self.device = placed(settings.get("device"))
        count = threads(self.config.threads, "threads" in self.config.model_fields_set)
        deterministic = bool(settings.get("deterministic", True))
        settle(deterministic)
        return {
            "device": describe(self.device),
            "threads": str(count or "all"),
            "determinism": "A" if deterministic else "C",
            "precision": self.precision,
            "jit": "yes" if self.config.jit else "no",
            "keras": str(keras.__version__),
        }

    def number_dtype(self, precision: str | None) -> str:
        """``float64`` when asked for, otherwise ``float32``: halves are made inside the layers only."""
        return "float64" if named(precision) == "float64" else "float32"

    def build(
        self, factory: Callable[..., Network], config: Any, inputs: Schema, heads: Mapping[str, Feature], seed: int
    ) -> Network:
        """The network on the device, in the precision that `start` was given."""
        with tf.device(self.device), applied(self.precision):
            return named_after_place(start_from(factory(config, inputs, heads, seed), config, seed))

    def trainer(
        self,
        network: Network,
        loss: Loss | None,
        optimizers: Callable[[Groups], Mapping[str, Optimizer]],
        feed: Feed,
        settings: Mapping[str, Any],
    ) -> TensorflowTrainer:
        """A trainer for a network."""
        with tf.device(self.device):
            return TensorflowTrainer(
                network,
                loss,
                optimizers,
                feed,
                {**settings, "precision": self.precision},
                device=self.device,
                jit=self.config.jit,
            )

    def predict(
        self, network: Network, batch: Mapping[str, np.ndarray], options: Mapping[str, Any]
    ) -> dict[str, np.ndarray]:
        """What the network emits for these rows."""
        with named_trouble(), tf.device(self.device):
            return emit(network, batch, options)[0]

    def lookups(self, network: Network, batch: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """The vectors that the network looks up for codes, under their key and `VECTORS`."""
        with named_trouble(), tf.device(self.device):
            return vectors(network, batch)

    def state(self, network: Network) -> State:
        """The weights under canonical names, in canonical layouts."""
        return State({weight.name: weight.array() for weight in network.weights})

    def load_state(self, network: Network, state: State) -> None:
        """Take over weights, in the network's own precision.

        Raises:
            ConfigError: names or shapes are those of another model.
        """
        load(network.weights, state.arrays)

    def gradients(
        self,
        network: Network,
        batch: Mapping[str, np.ndarray],
        output: str,
        inputs: Sequence[str],
        weights: np.ndarray | None = None,
    ) -> dict[str, np.ndarray]:
        """Derivative of one head, summed over its elements with these weights, by keys of the batch that are real
        numbers, those of `lookups` among them.

        Raises:
            ConfigError: the network does not emit that head, or the batch has no such numbers.
        """
        with named_trouble(), tf.device(self.device):
            return derivatives(network, batch, output, inputs, weights)

    def export(self, network: Network, format: str, signature: Mapping[str, Any], directory: pathlib.Path) -> None:
        """Write nothing: engine tensorflow knows no foreign format."""
        raise ConfigError(
            f"engine tensorflow cannot write `{format}`",
            id="engine.export",
            hint="sci serve answers with this model as it is",
        )

"""Engine sklearn."""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from sci.api import ConfigError, Feature, Feed, Schema, State
from sci_sklearn.config import SklearnConfig
from sci_sklearn.network import Arrays, Fitted
from sci_sklearn.threads import Threads
from sci_sklearn.trainer import Loss, SklearnTrainer, predict

PRECISION = "float64"


class SklearnEngine:
    """scikit-learn on the CPU. What a model of it is: `sci_sklearn.network.Fitted`."""

    def __init__(self, config: SklearnConfig) -> None:
        self.threads = Threads(config.threads)

    def start(self, settings: Mapping[str, Any], seed: int) -> Mapping[str, str]:
        """Check device and precision. Nothing is seeded: each model draws from its own seed.

        The determinism level is A where the number of threads is ours to set, otherwise B.
        """
        device = settings.get("device") or "cpu"
        if device not in ("cpu", "auto"):
            raise ConfigError(
                f"engine sklearn runs on the CPU, and training.device is `{device}`",
                id="engine.device",
                hint="device: cpu",
            )
        import sklearn

        found = self.threads.libraries()
        return {
            "device": "cpu",
            "threads": str(self.threads.count) if found else "unknown",
            "determinism": "A" if "blas" in found else "B",
            "precision": self.number_dtype(settings.get("precision")),
            "blas": found.get("blas", "unknown"),
            "scikit-learn": sklearn.__version__,
        }

    def number_dtype(self, precision: str | None) -> str:
        """``float64``; there is no other."""
        if precision not in (None, PRECISION):
            raise ConfigError(
                f"engine sklearn has no precision `{precision}`",
                id="engine.precision",
                note=f"it has {PRECISION}",
                hint=f"precision: {PRECISION}",
            )
        return PRECISION

    def build(
        self, factory: Callable[..., Fitted], config: Any, inputs: Schema, heads: Mapping[str, Feature], seed: int
    ) -> Fitted:
        """The model, not fitted yet."""
        network = factory(config, inputs, heads, seed)
        network.threads = self.threads.count
        return network

    def trainer(
        self,
        network: Fitted,
        loss: Loss | None,
        optimizers: Callable[..., Any],
        feed: Feed,
        settings: Mapping[str, Any],
    ) -> SklearnTrainer:
        """A trainer for a model; no optimizer is made."""
        return SklearnTrainer(network, loss, feed, self.threads)

    def predict(self, network: Fitted, batch: Arrays, options: Mapping[str, Any]) -> dict[str, np.ndarray]:
        """What the model says of these rows."""
        return predict(network, batch, self.threads)

    def state(self, network: Fitted) -> State:
        """The arrays that the model answers from; none before it is fitted."""
        return State({name: array.copy() for name, array in network.parameters.items()})

    def load_state(self, network: Fitted, state: State) -> None:
        """Take over arrays, once their layout and what they point to are known to be sound.

        Raises:
            ConfigError: they are those of another model.
        """
        network.restore(state.arrays)

    def gradients(
        self,
        network: Fitted,
        batch: Arrays,
        output: str,
        inputs: Sequence[str],
        weights: np.ndarray | None = None,
    ) -> dict[str, np.ndarray]:
        """Derivative of one head, summed over its elements with these weights, by ``numbers``: of linear models only.

        Raises:
            ConfigError: the model does not have it.
        """
        missing = [key for key in (output,) if key != network.head] + [key for key in inputs if key != "numbers"]
        with self.threads.limited():
            found = None
            if not missing:
                ones = np.ones_like(network(batch)[output])
                found = network.slope(batch["numbers"], ones if weights is None else ones * weights)
        if found is None:
            raise ConfigError(
                f"the model has no derivative for `{'`, `'.join(missing or ['numbers'])}`",
                id="engine.gradient",
                note="" if missing else "trees answer in steps, and neighbors change from row to row",
                hint="" if missing else "what only asks for predictions, such as permutation importance, works",
            )
        return {"numbers": found}

    def export(self, network: Fitted, format: str, signature: Mapping[str, Any], directory: pathlib.Path) -> None:
        """Write nothing: engine sklearn knows no foreign format."""
        raise ConfigError(
            f"engine sklearn cannot write `{format}`",
            id="engine.export",
            hint="sci serve answers with this model as it is",
        )

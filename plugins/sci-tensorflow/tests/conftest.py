"""A small feed over arrays, networks, and training as the core does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from sci.api import ComponentConfig, Feature, Ragged, Schema, Step
from sci_networks.config import CrossEntropyConfig, MlpConfig
from sci_networks.tensorflow.losses import CrossEntropy
from sci_networks.tensorflow.mlp import build
from sci_optim.config import AdamWConfig
from sci_optim.tensorflow.adam import AdamW
from sci_tensorflow.config import TensorflowConfig
from sci_tensorflow.engine import TensorflowEngine


class ArrayFeed:
    """Rows held as arrays; `resident` decides whether the engine may take them whole."""

    def __init__(self, arrays: Mapping[str, np.ndarray], resident: bool = True) -> None:
        self.arrays = {"id": np.arange(len(next(iter(arrays.values())))), **arrays}
        self._resident = resident

    def __len__(self) -> int:
        return len(self.arrays["id"])

    def signature(self) -> dict[str, tuple[str, tuple[int | None, ...]]]:
        return {key: (str(array.dtype), (None, *array.shape[1:])) for key, array in self.arrays.items()}

    def resident(self) -> dict[str, np.ndarray] | None:
        return self.arrays if self._resident else None

    def batch(self, indices: np.ndarray, epoch: int) -> dict[str, np.ndarray]:
        return {key: array[indices].copy() for key, array in self.arrays.items()}


class RaggedFeed(ArrayFeed):
    """One column of `arrays`, ``tokens``, is ragged and padded to multiples of 8."""

    def __init__(self, arrays: Mapping[str, Any]) -> None:
        self.tokens: Ragged = arrays["tokens"]
        super().__init__({key: array for key, array in arrays.items() if key != "tokens"}, resident=False)

    def signature(self) -> dict[str, tuple[str, tuple[int | None, ...]]]:
        rest = self.tokens.values.shape[1:]
        own = {"tokens": (str(self.tokens.values.dtype), (None, None, *rest)), "tokens.length": ("int32", (None,))}
        return {**super().signature(), **own}

    def batch(self, indices: np.ndarray, epoch: int) -> dict[str, np.ndarray]:
        padded, lengths = self.tokens.take(indices).pad(0, 8)
        return {**super().batch(indices, epoch), "tokens": padded, "tokens.length": lengths}


def shuffled(rows: int, batch_size: int, epochs: int) -> list[Step]:
    draw = np.random.default_rng(1)
    batches = [
        (epoch, part)
        for epoch in range(epochs)
        for part in np.split(draw.permutation(rows), range(batch_size, rows, batch_size))
    ]
    return [Step(number, epoch, part, 1 / (1 + 0.01 * number)) for number, (epoch, part) in enumerate(batches)]


PERCEPTRON = MlpConfig(hidden=[8], dropout=0.3, normalization="batch")
FOUR_NUMBERS = Schema({"x": Feature("array", shape=(4,))}, {"x": "input"})
THREE_CLASSES = {"logits": Feature("array", shape=(3,))}


class Bench:
    """An engine with one network and its trainer: a perceptron with everything that has a state, when not told."""

    def __init__(
        self,
        feed: Any,
        *,
        factory: Callable[..., Any] = build,
        loss: Callable[..., Any] | None = CrossEntropy,
        config: ComponentConfig = PERCEPTRON,
        inputs: Schema = FOUR_NUMBERS,
        heads: Mapping[str, Feature] = THREE_CLASSES,
        optimizer: Callable[[Any], Any] = lambda parameters: AdamW(AdamWConfig(learning_rate=0.05), parameters),
        precision: str | None = None,
        jit: bool = False,
        **settings: Any,
    ) -> None:
        self.engine = TensorflowEngine(TensorflowConfig(jit=jit))
        self.engine.start({"precision": precision}, 0)
        self.network = self.engine.build(factory, config, inputs, heads, 3)
        self.trainer = self.engine.trainer(
            self.network,
            loss and loss(CrossEntropyConfig(), heads),
            lambda groups: {group: optimizer(parameters) for group, parameters in groups.items()},
            feed,
            settings,
        )

    @property
    def weights(self) -> dict[str, np.ndarray]:
        return self.engine.state(self.network).arrays

    @property
    def bits(self) -> dict[str, bytes]:
        return {name: array.tobytes() for name, array in self.trainer.state().arrays.items()}


@pytest.fixture
def bench() -> type[Bench]:
    return Bench


@pytest.fixture
def feed() -> type[ArrayFeed]:
    return ArrayFeed


@pytest.fixture
def ragged_feed() -> type[RaggedFeed]:
    return RaggedFeed


@pytest.fixture
def steps() -> Callable[[int, int, int], list[Step]]:
    return shuffled


@pytest.fixture
def flowers() -> dict[str, np.ndarray]:
    """50 rows of three classes with weights: six batches of 8 and a short one of 2."""
    draw = np.random.default_rng(5)
    return {
        "numbers": draw.normal(size=(50, 4)).astype(np.float32),
        "target": draw.integers(0, 3, size=50),
        "weight": draw.uniform(size=50).astype(np.float32),
    }

"""A small feed over arrays, and training as the core does it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import pytest

from sci.api import Feature, Schema, Step
from sci_numpy.config import CrossEntropyConfig, LinearConfig, NumpyConfig
from sci_numpy.engine import NumpyEngine
from sci_numpy.trainer import NumpyTrainer
from sci_optim.adam import Adam
from sci_optim.config import AdamConfig


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


def schema_of(width: int) -> Schema:
    return Schema({"x": Feature("array", dtype="float64", shape=(width,))}, {"x": "input"})


def heads_of(classes: int | None) -> dict[str, Feature]:
    return {"value": Feature("number")} if classes is None else {"logits": Feature("array", shape=(classes,))}


def shuffled(rows: int, batch_size: int, epochs: int) -> list[Step]:
    draw = np.random.default_rng(1)
    batches: Iterable[tuple[int, np.ndarray]] = (
        (epoch, part)
        for epoch in range(epochs)
        for part in np.split(draw.permutation(rows), range(batch_size, rows, batch_size))
    )
    return [Step(number, epoch, part, 1.0) for number, (epoch, part) in enumerate(batches)]


class Bench:
    """An engine with one network and its trainer."""

    def __init__(
        self,
        factory: Callable[..., Any],
        loss: Callable[..., Any] | None,
        arrays: Mapping[str, np.ndarray],
        *,
        config: Any = None,
        classes: int | None = None,
        optimizer: Callable[[Any], Any] = lambda parameters: Adam(AdamConfig(learning_rate=0.05), parameters),
        resident: bool = True,
        precision: str | None = None,
        **settings: Any,
    ) -> None:
        self.engine = NumpyEngine(NumpyConfig())
        self.engine.start({"precision": precision}, 0)
        heads = heads_of(classes)
        schema = schema_of(arrays["numbers"].shape[1])
        self.network = self.engine.build(factory, config or LinearConfig(), schema, heads, 3)
        self.trainer: NumpyTrainer = self.engine.trainer(
            self.network,
            loss and loss(CrossEntropyConfig(), heads),
            lambda groups: {group: optimizer(parameters) for group, parameters in groups.items()},
            ArrayFeed(arrays, resident),
            settings,
        )

    @property
    def weights(self) -> dict[str, np.ndarray]:
        return self.engine.state(self.network).arrays


@pytest.fixture
def bench() -> type[Bench]:
    return Bench


@pytest.fixture
def steps() -> Callable[[int, int, int], list[Step]]:
    return shuffled


@pytest.fixture
def schema() -> Callable[[int], Schema]:
    return schema_of


@pytest.fixture
def heads() -> Callable[[int | None], dict[str, Feature]]:
    return heads_of

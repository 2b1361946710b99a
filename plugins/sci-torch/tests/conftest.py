"""A small feed over arrays, and training as the core does it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import pytest
import torch

from sci.api import Feature, Schema, Step
from sci_networks.config import CrossEntropyConfig, MlpConfig
from sci_networks.torch.losses import CrossEntropy, MeanSquaredError
from sci_networks.torch.mlp import build
from sci_torch.config import TorchConfig
from sci_torch.engine import TorchEngine
from sci_torch.trainer import TorchTrainer

ROWS = 70


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


def schema_of(width: int, categories: tuple[int, ...] = ()) -> Schema:
    columns = {"x": Feature("array", shape=(width,))} if width else {}
    columns |= {f"c{i}": Feature("category", dtype="int64", size=size) for i, size in enumerate(categories)}
    return Schema(columns, dict.fromkeys(columns, "input"))


def heads_of(classes: int | None) -> dict[str, Feature]:
    return {"value": Feature("number")} if classes is None else {"logits": Feature("array", shape=(classes,))}


def drawn_rows(classes: int | None = 3, width: int = 5, weight: bool = False, seed: int = 0) -> dict[str, np.ndarray]:
    draw = np.random.default_rng(seed)
    numbers = draw.normal(size=(ROWS, width)).astype(np.float32)
    value = numbers @ np.arange(1, width + 1, dtype=np.float32)
    target = value if classes is None else np.digitize(value, np.quantile(value, [1 / 3, 2 / 3])).astype(np.int64)
    arrays = {"numbers": numbers, "target": target}
    return arrays | ({"weight": draw.uniform(0.5, 2, ROWS).astype(np.float32)} if weight else {})


def shuffled(batch_size: int, epochs: int, rate: Callable[[int], float] = lambda step: 1.0) -> list[Step]:
    draw = np.random.default_rng(1)
    batches: Iterable[tuple[int, np.ndarray]] = (
        (epoch, part)
        for epoch in range(epochs)
        for part in np.split(draw.permutation(ROWS), range(batch_size, ROWS, batch_size))
    )
    return [Step(number, epoch, part, rate(number)) for number, (epoch, part) in enumerate(batches)]


def adamw(parameters: Any) -> torch.optim.Optimizer:
    return torch.optim.AdamW([p for _, p in parameters], lr=0.01, fused=True)


class Bench:
    """An engine with one network and its trainer."""

    def __init__(
        self,
        arrays: Mapping[str, np.ndarray] | None = None,
        *,
        factory: Callable[..., Any] = build,
        config: Any = None,
        classes: int | None = 3,
        loss: Callable[..., Any] | None = None,
        lossless: bool = False,
        optimizer: Callable[[Any], Any] = adamw,
        resident: bool = True,
        engine: TorchConfig | None = None,
        seed: int = 0,
        **settings: Any,
    ) -> None:
        self.arrays = drawn_rows(classes) if arrays is None else arrays
        self.engine = TorchEngine(engine or TorchConfig())
        self.facts = self.engine.start({"device": "cpu", **settings}, seed)
        packed = self.engine.number_dtype(settings.get("precision"))
        self.arrays = {
            key: values.astype(packed) if np.issubdtype(values.dtype, np.floating) else values
            for key, values in self.arrays.items()
        }
        heads = heads_of(classes)
        make = loss or (MeanSquaredError if classes is None else CrossEntropy)
        schema = schema_of(self.arrays["numbers"].shape[1])
        self.network = self.engine.build(factory, config or MlpConfig(hidden=[8]), schema, heads, 3)
        self.loss = None if lossless else make(CrossEntropyConfig(), heads)
        self.trainer: TorchTrainer = self.engine.trainer(
            self.network,
            self.loss,
            lambda groups: {group: optimizer(parameters) for group, parameters in groups.items()},
            ArrayFeed(self.arrays, resident),
            settings,
        )

    @property
    def weights(self) -> dict[str, np.ndarray]:
        return self.engine.state(self.network).arrays


def same(first: Mapping[str, np.ndarray], second: Mapping[str, np.ndarray]) -> bool:
    """Whether two states are equal, bit by bit."""
    return first.keys() == second.keys() and all(
        first[name].dtype == second[name].dtype and first[name].tobytes() == second[name].tobytes() for name in first
    )


@pytest.fixture
def bench() -> type[Bench]:
    return Bench


@pytest.fixture
def steps() -> Callable[..., list[Step]]:
    return shuffled


@pytest.fixture
def rows() -> Callable[..., dict[str, np.ndarray]]:
    return drawn_rows


@pytest.fixture
def schema() -> Callable[..., Schema]:
    return schema_of


@pytest.fixture
def heads() -> Callable[[int | None], dict[str, Feature]]:
    return heads_of


@pytest.fixture
def bit_equal() -> Callable[..., bool]:
    return same

"""Models on the engines, over a handful of texts in tokens."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from sci.api import Dataset, Feature, Schema, Step, dataset
from sci.pipeline.runner import plugins
from sci.plugins.registry import Registry
from sci.testing.network import Chosen, Network

CODES = 12
TEXTS = [[4, 5, 6, 7, 8, 9, 4, 5, 6, 7, 8, 9, 10], [2], [], [3, 2, 7, 7, 3], [11, 4, 6], [8, 8]]
LABELS = np.array([0, 1, 2, 1, 0, 2])
LOGITS = {"logits": Feature("array", shape=(3,))}


def rows(texts: Sequence[Sequence[int]] = TEXTS, words: Sequence[str] | None = None) -> Dataset:
    """Texts in tokens, of which `words` are the names, and one of three classes."""
    feature = Feature("tokens", dtype="int64", ragged=True, size=CODES, values=tuple(words) if words else None)
    target = Feature("category", dtype="int64", size=3, values=("a", "b", "c"))
    schema = Schema({"text": feature, "label": target}, {"text": "input", "label": "target"}, {"target": "label"})
    table = pa.table({"text": pa.array(texts, pa.list_(pa.int64())), "label": LABELS[: len(texts)]})
    return dataset(table, schema)


class Bench(Network):
    """A model on an engine, in double precision, with plain gradient descent at rate 1."""

    def __init__(self, registry: Registry, engine: str, model: Mapping[str, Any], data: Dataset, **more: Any) -> None:
        pytest.importorskip(engine, reason=f"engine {engine} is not installed")
        chosen = Chosen.named(registry, "models", model, engine)
        chosen.settings = chosen.settings.settled()
        descent = {"name": "gradient-descent", "learning_rate": 1.0}
        super().__init__(
            registry,
            engine,
            chosen,
            data,
            **{
                "loss": Chosen.named(registry, "losses", "cross-entropy", engine),
                "optimizer": Chosen.named(registry, "optimizers", descent, engine),
                "heads": LOGITS,
                **more,
            },
        )

    def step(self, count: int = 1) -> float:
        """The loss before the last of so many updates with all rows."""
        everything = np.arange(len(self.feed))
        return float(self.trainer.run([Step(number, number, everything, 1.0) for number in range(count)])[-1])


@pytest.fixture(scope="session")
def registry() -> Registry:
    return plugins().registry


@pytest.fixture
def bench(registry: Registry) -> Callable[..., Bench]:
    return lambda engine, model, data=None, **more: Bench(registry, engine, model, data or rows(), **more)


@pytest.fixture
def texts() -> Callable[..., Dataset]:
    return rows

"""Rows to learn from, and a model on the engine as the core builds it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from sci.api import Feature, Schema
from sci_sklearn import config
from sci_sklearn.config import SklearnConfig
from sci_sklearn.engine import SklearnEngine

ROWS, WIDTH = 240, 5

Arrays = dict[str, np.ndarray]


def drawn(classes: int = 0, missing: bool = False, counts: bool = False, seed: int = 0) -> Arrays:
    """Rows whose target follows from the first two inputs; `classes` of them, or a number where there is none."""
    draw = np.random.default_rng(seed)
    inputs = draw.poisson(2.0, (ROWS, WIDTH)).astype(np.float64) if counts else draw.normal(size=(ROWS, WIDTH))
    score = inputs[:, 0] + 0.5 * inputs[:, 1] ** 2 + 0.2 * draw.normal(size=ROWS)
    edges = np.quantile(score, np.linspace(0, 1, classes + 1)[1:-1]) if classes else []
    if missing:
        inputs[draw.random(inputs.shape) < 0.1] = np.nan
    return {"numbers": inputs, "target": np.searchsorted(edges, score) if classes else score}


class Model:
    """A model of the engine that was fitted, and a fresh one for its arrays.

    Args:
        factory: the target of the component.
        settings: its settings.
        rows: what it learns from.
        classes: how many; 0 for a number.
        seed: of the model.
    """

    def __init__(
        self, factory: Any, settings: Any, rows: Mapping[str, np.ndarray], classes: int, seed: int = 3
    ) -> None:
        self.engine = SklearnEngine(SklearnConfig())
        self.factory, self.settings, self.classes, self.seed = factory, settings, classes, seed
        self.network = self.built()
        self.network.fit(rows)

    def built(self) -> Any:
        """The model, not fitted yet."""
        inputs = Schema({"x": Feature("array", dtype="float64", shape=(WIDTH,))}, {"x": "input"})
        heads = {"logits": Feature("array", shape=(self.classes,))} if self.classes else {"value": Feature("number")}
        return self.engine.build(self.factory, self.settings, inputs, heads, self.seed)

    def restored(self) -> Any:
        """Another one with the same arrays."""
        other = self.built()
        self.engine.load_state(other, self.engine.state(self.network))
        return other

    def answers(self, inputs: np.ndarray, network: Any = None) -> np.ndarray:
        """Probabilities [n, k], or numbers [n]."""
        found = self.engine.predict(network or self.network, {"numbers": inputs}, {})
        [head] = found.values()
        if not self.classes:
            return head
        shares = np.exp(head - head.max(axis=1, keepdims=True))
        return shares / shares.sum(axis=1, keepdims=True)


@pytest.fixture
def rows() -> Callable[..., Arrays]:
    return drawn


@pytest.fixture
def model() -> type[Model]:
    return Model


@pytest.fixture
def settings() -> Any:
    """The light module with all settings."""
    return config

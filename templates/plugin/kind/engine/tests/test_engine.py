from __future__ import annotations

import pathlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from sci.api import ComponentConfig, ConfigError, Feature, Schema, State, Step

from {{ module }}.config import EngineConfig, NeighborsConfig
from {{ module }}.engine import NeighborsEngine
from {{ module }}.losses import CrossEntropy, MeanSquaredError
from {{ module }}.neighbors import NearestNeighbors

INPUTS = Schema({"a": Feature("number"), "b": Feature("number")}, {"a": "input", "b": "input"})
NUMBER = {"value": Feature("number")}


class Rows:
    """The training rows as the core hands them over."""

    def __init__(self) -> None:
        random = np.random.default_rng(0)
        self.arrays = {"numbers": random.normal(size=(20, 2)), "target": random.normal(size=20)}

    def __len__(self) -> int:
        return 20

    def signature(self) -> Mapping[str, tuple[str, tuple[int | None, ...]]]:
        return {name: (str(array.dtype), array.shape) for name, array in self.arrays.items()}

    def resident(self) -> dict[str, np.ndarray]:
        return self.arrays

    def batch(self, indices: np.ndarray, epoch: int) -> dict[str, np.ndarray]:
        return {name: array[indices] for name, array in self.arrays.items()}


@pytest.fixture
def engine() -> NeighborsEngine:
    return NeighborsEngine(EngineConfig())


def built(engine: NeighborsEngine) -> NearestNeighbors:
    return engine.build(NearestNeighbors, NeighborsConfig(neighbors=1), INPUTS, NUMBER, 0)


def refused(*arguments: Any) -> Any:
    raise AssertionError("a model that is fitted once needs no optimizer")


def test_one_step_with_all_rows_fits_the_model(engine: NeighborsEngine) -> None:
    network, feed = built(engine), Rows()
    trainer = engine.trainer(network, MeanSquaredError(ComponentConfig(), NUMBER), refused, feed, {})

    losses = trainer.run([Step(0, 0, np.arange(20), 1.0)])

    assert losses.tolist() == [0.0]  # the nearest of the training rows is the row itself
    assert engine.predict(network, feed.arrays, {})["value"].tolist() == feed.arrays["target"].tolist()


def test_a_model_that_was_saved_answers_as_before(engine: NeighborsEngine) -> None:
    network, other, feed = built(engine), built(engine), Rows()
    engine.trainer(network, None, refused, feed, {}).run([Step(0, 0, np.arange(20), 1.0)])

    engine.load_state(other, engine.state(network))

    assert other(feed.arrays)["value"].tolist() == network(feed.arrays)["value"].tolist()


def test_training_goes_on_from_a_saved_state(engine: NeighborsEngine) -> None:
    network, other, feed = built(engine), built(engine), Rows()
    trainer = engine.trainer(network, None, refused, feed, {})
    trainer.run([Step(0, 0, np.arange(20), 1.0)])

    resumed = engine.trainer(other, None, refused, feed, {})
    resumed.load_state(trainer.state())

    assert resumed.validate(feed.arrays, {})[0]["value"].tolist() == network(feed.arrays)["value"].tolist()


def test_weights_of_another_model_are_refused(engine: NeighborsEngine) -> None:
    with pytest.raises(ConfigError):
        engine.load_state(built(engine), State({"inputs": np.zeros((3, 5))}))


@pytest.mark.parametrize("settings", [{"device": "cuda"}, {"precision": "float32"}])
def test_what_the_engine_has_not_is_refused(engine: NeighborsEngine, settings: dict[str, str]) -> None:
    with pytest.raises(ConfigError):
        engine.start(settings, 0)


def test_there_is_no_derivative_and_no_foreign_format(engine: NeighborsEngine) -> None:
    with pytest.raises(ConfigError):
        engine.gradients(built(engine), {}, "value", ["numbers"])
    with pytest.raises(ConfigError):
        engine.export(built(engine), "onnx", {}, pathlib.Path())


def test_cross_entropy_is_that_of_the_true_class() -> None:
    loss = CrossEntropy(ComponentConfig(), {"logits": Feature("array", shape=(2,))})
    shares = np.array([[0.25, 0.75], [0.5, 0.5]])

    found = loss({"logits": np.log(shares)}, {"target": np.array([1, 0])})

    assert found == pytest.approx(-(np.log(0.75) + np.log(0.5)) / 2)

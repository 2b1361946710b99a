"""What only engine tensorflow's side of the networks can show: what is refused, and losses against closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from sci.api import ConfigError, DataError, Feature, Schema

pytest.importorskip("tensorflow", reason="engine tensorflow is not installed")

from sci_networks.config import (
    CnnConfig,
    CrossEntropyConfig,
    HuberConfig,
    LeastSquaresConfig,
    MlpConfig,
    RnnConfig,
    TransformerConfig,
)
from sci_networks.tensorflow import cnn, least_squares, losses, mlp, rnn, transformer
from sci_numpy import losses as reference
from sci_numpy.config import CrossEntropyConfig as ReferenceCrossEntropyConfig
from sci_numpy.config import HuberConfig as ReferenceHuberConfig
from sci_tensorflow.config import TensorflowConfig
from sci_tensorflow.engine import TensorflowEngine

LOGITS = {"logits": Feature("array", shape=(3,))}
VALUE = {"value": Feature("number")}
TOKENS = Schema({"text": Feature("tokens", dtype="int64", ragged=True, size=11)}, {"text": "input"})
TABLE = Schema({"x": Feature("array", shape=(4,))}, {"x": "input"})
IMAGE = Schema({"image": Feature("image", dtype="uint8", shape=(8, 8))}, {"image": "input"})


@pytest.fixture
def engine() -> TensorflowEngine:
    made = TensorflowEngine(TensorflowConfig())
    made.start({"precision": "float64", "device": "cpu"}, 0)
    return made


@pytest.mark.parametrize(
    ("build", "config", "inputs", "heads", "said"),
    [
        (cnn.build, CnnConfig(channels=[2] * 4), IMAGE, LOGITS, "too small for block 4 of 4"),
        (rnn.build, RnnConfig(), TABLE, LOGITS, "rnn reads tokens"),
        (mlp.build, MlpConfig(), TOKENS, LOGITS, "mlp reads numbers"),
        (mlp.build, MlpConfig(), TABLE, {"tags": Feature("array", shape=(3,), ragged=True)}, "for each position"),
    ],
)
def test_what_a_network_cannot_read_or_emit_is_a_config_error(engine, build, config, inputs, heads, said) -> None:
    with pytest.raises(ConfigError, match=said):
        engine.build(build, config, inputs, heads, 0)


def test_a_sequence_longer_than_the_encoder_is_a_data_error_and_longer_padding_is_none(engine) -> None:
    config = TransformerConfig(layers=1, hidden_size=8, heads=2, max_length=10)
    network = engine.build(transformer.build, config, TOKENS, LOGITS, 0)
    batch = {"text": np.ones((2, 16), dtype=np.int64), "text.length": np.array([10, 4], dtype=np.int32)}

    padded = engine.predict(network, batch, {})["logits"]
    cut = engine.predict(network, {**batch, "text": batch["text"][:, :10]}, {})["logits"]

    np.testing.assert_allclose(padded, cut, rtol=1e-10)
    with pytest.raises(DataError, match="a sequence has 11 positions, and the transformer was built for 10"):
        engine.predict(network, {**batch, "text.length": np.array([11, 4], dtype=np.int32)}, {})


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_what_stands_in_the_padding_changes_nothing(engine, cell) -> None:
    config = RnnConfig(cell=cell, layers=2, bidirectional=True, hidden_size=4, embedding_size=3)
    network = engine.build(rnn.build, config, TOKENS, LOGITS, 0)
    tokens = np.random.default_rng(0).integers(0, 11, size=(3, 8))
    lengths = np.array([5, 8, 1], dtype=np.int32)
    other = np.where(np.arange(8) < lengths[:, None], tokens, 7)

    found = [engine.predict(network, {"text": text, "text.length": lengths}, {})["logits"] for text in (tokens, other)]

    np.testing.assert_allclose(found[0], found[1], rtol=1e-12)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("name", ["MeanSquaredError", "MeanAbsoluteError", "Huber", "CrossEntropy"])
def test_losses_are_those_of_engine_numpy(name, weighted) -> None:
    draw = np.random.default_rng(1)
    entropy, huber = name == "CrossEntropy", name == "Huber"
    heads = LOGITS if entropy else VALUE
    outputs = {"logits": draw.normal(size=(20, 3))} if entropy else {"value": draw.normal(size=20)}
    batch = {"target": draw.integers(0, 3, size=20) if entropy else draw.normal(size=20)}
    if weighted:
        batch["weight"] = draw.uniform(size=20)

    theirs = ReferenceHuberConfig(delta=0.7) if huber else ReferenceCrossEntropyConfig() if entropy else None
    wanted, _ = getattr(reference, name)(theirs, heads)(outputs, batch)
    config = HuberConfig(delta=0.7) if huber else CrossEntropyConfig() if entropy else None
    found = getattr(losses, name)(config, heads)(tensors(outputs), tensors(batch))

    np.testing.assert_allclose(float(found), wanted, rtol=1e-12)


def tensors(arrays: dict[str, np.ndarray]) -> dict[str, object]:
    from sci_tensorflow.api import tf

    return {key: tf.constant(array) for key, array in arrays.items()}


def test_least_squares_is_solved_where_inputs_determine_one_another(engine) -> None:
    draw = np.random.default_rng(3)
    numbers = draw.normal(size=(30, 4))
    numbers[:, 3] = numbers[:, 0]
    target = numbers @ [1.0, -2.0, 0.5, 1.0] + 4
    network = engine.build(least_squares.LeastSquares, LeastSquaresConfig(), TABLE, VALUE, 0)

    network.fit(tensors({"numbers": numbers, "target": target}))

    state = engine.state(network).arrays
    np.testing.assert_allclose(state["weight"], [[1.0, -2.0, 0.5, 1.0]], rtol=1e-10)
    np.testing.assert_allclose(state["bias"], [4.0], rtol=1e-10)


def test_infinite_rows_are_data_errors(engine) -> None:
    network = engine.build(least_squares.LeastSquares, LeastSquaresConfig(), TABLE, VALUE, 0)
    with pytest.raises(DataError, match="infinite values"):
        network.fit(tensors({"numbers": np.full((3, 4), np.inf), "target": np.zeros(3)}))

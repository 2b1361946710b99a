"""The same settings are the same network on both engines: first weights, outputs, gradients, and one update."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from sci.api import ENDED, ComponentConfig, Feature, Schema, State, Step
from sci_networks.config import (
    CnnConfig,
    CrossEntropyConfig,
    EncoderDecoderConfig,
    HuberConfig,
    LeastSquaresConfig,
    LinearConfig,
    MlpConfig,
    RnnConfig,
    TransformerConfig,
)
from sci_optim.config import GradientDescentConfig
from sci_optim.plugin import sci_optimizers

pytest.importorskip("torch", reason="engine torch is not installed")
pytest.importorskip("tensorflow", reason="engine tensorflow is not installed")

TOLERANCE = {"rtol": 1e-9, "atol": 1e-10}
ROWS = 5

LOGITS = {"logits": Feature("array", shape=(3,))}
TWO_LOGITS = {"logits": Feature("array", shape=(2,))}
VALUE = {"value": Feature("number")}
TABLE = Schema({"x": Feature("array", shape=(4,))}, {"x": "input"})
MIXED = Schema(
    {
        "x": Feature("array", shape=(4,)),
        "color": Feature("category", dtype="int64", size=3),
        "flag": Feature("boolean"),
        "site": Feature("category", dtype="int64", size=2),
    },
    dict.fromkeys(("x", "color", "flag", "site"), "input"),
)
IMAGE = Schema({"image": Feature("image", dtype="uint8", shape=(9, 8, 2))}, {"image": "input"})
TOKENS = Schema({"text": Feature("tokens", dtype="int64", ragged=True, size=11)}, {"text": "input"})
SERIES = Schema({"text": Feature("series", ragged=True, shape=(3,))}, {"text": "input"})


def batch_of(inputs: Schema, heads: Mapping[str, Feature]) -> dict[str, np.ndarray]:
    """Random rows with weights; of padded ones the first is full, one is empty."""
    draw = np.random.default_rng(8)
    batch: dict[str, np.ndarray] = {"id": np.arange(ROWS), "weight": draw.uniform(size=ROWS)}
    if "image" in inputs.columns:
        batch["image"] = draw.integers(0, 256, size=(ROWS, 9, 8, 2)).astype(np.uint8)
    elif "text" in inputs.columns:
        tokens = inputs.columns["text"].kind == "tokens"
        batch["text"] = draw.integers(0, 11, (ROWS, 16)) if tokens else draw.normal(size=(ROWS, 16, 3))
        batch["text.length"] = np.array([16, 3, 9, 0, 1], dtype=np.int32)
    else:
        batch["numbers"] = draw.normal(size=(ROWS, 5 if "color" in inputs.columns else 4))
    if "color" in inputs.columns:
        batch["categories"] = np.c_[draw.integers(-1, 3, ROWS), draw.integers(-1, 2, ROWS)].astype(np.int64)
    if heads is TRANSLATED:
        batch["target"] = draw.integers(1, 11, (ROWS, 8))
        batch["target.length"] = np.array([8, 2, 0, 5, 1], dtype=np.int32)
        return batch
    classes = heads["logits"].shape[0] if "logits" in heads else None
    batch["target"] = draw.normal(size=ROWS) if classes is None else draw.integers(0, classes, size=ROWS)
    return batch


class OneBatchFeed:
    """A feed whose every batch is the same."""

    def __init__(self, batch: Mapping[str, np.ndarray]) -> None:
        self.arrays = dict(batch)

    def __len__(self) -> int:
        return ROWS

    def signature(self) -> dict[str, tuple[str, tuple[int | None, ...]]]:
        padded = {key for key in self.arrays if f"{key}.length" in self.arrays}
        return {
            key: (str(array.dtype), (None, None, *array.shape[2:]) if key in padded else (None, *array.shape[1:]))
            for key, array in self.arrays.items()
        }

    def resident(self) -> None:
        return None

    def batch(self, indices: np.ndarray, epoch: int) -> dict[str, np.ndarray]:
        return {key: array[indices].copy() for key, array in self.arrays.items()}


class Side:
    """A network on one of the engines, in double precision."""

    def __init__(
        self,
        name: str,
        target: str,
        config: ComponentConfig,
        inputs: Schema,
        heads: Mapping[str, Feature],
        loss: tuple[str, Any],
        batch: Mapping[str, np.ndarray],
    ) -> None:
        engine_class, config_class = {
            "torch": ("TorchEngine", "TorchConfig"),
            "tensorflow": ("TensorflowEngine", "TensorflowConfig"),
        }[name]
        settings = getattr(importlib.import_module(f"sci_{name}.config"), config_class)()
        self.engine = getattr(importlib.import_module(f"sci_{name}.engine"), engine_class)(settings)
        self.engine.start({"precision": "float64", "device": "cpu"}, 0)
        module, _, attribute = target.partition(":")
        factory = getattr(importlib.import_module(f"sci_networks.{name}.{module}"), attribute)
        self.network = self.engine.build(factory, config, inputs, heads, 5)
        losses = importlib.import_module(f"sci_networks.{name}.losses")
        descent = gradient_descent(name)
        self.trainer = self.engine.trainer(
            self.network,
            getattr(losses, loss[0])(loss[1], dict(list(heads.items())[:1])),
            lambda groups: {
                group: descent(GradientDescentConfig(learning_rate=1.0), named) for group, named in groups.items()
            },
            OneBatchFeed(batch),
            {},
        )

    @property
    def weights(self) -> dict[str, np.ndarray]:
        return {name: array.copy() for name, array in self.engine.state(self.network).arrays.items()}


def gradient_descent(engine: str) -> Any:
    """Plain gradient descent: after one step at rate 1 the weights have changed by their gradients."""
    [spec] = [spec for spec in sci_optimizers() if spec.name == "gradient-descent"]
    module, _, attribute = spec.target[engine].partition(":")
    return getattr(importlib.import_module(module), attribute)


SQUARES = ("MeanSquaredError", None)
ENTROPY = ("CrossEntropy", CrossEntropyConfig())
SMOOTHED = ("CrossEntropy", CrossEntropyConfig(label_smoothing=0.1))
LABELS = ("BinaryCrossEntropy", None)
RECURRENT = RnnConfig(layers=2, hidden_size=5, embedding_size=4)
ENCODER = TransformerConfig(layers=2, hidden_size=8, heads=2, max_length=16, dropout=0.0)
POSITIONS = {**LOGITS, "tags": Feature("array", shape=(2,), ragged=True), "matrix": Feature("array", shape=(2, 2))}
TRANSLATED = {"logits": Feature("array", shape=(11,), ragged=True, format=ENDED)}
TRANSLATOR = EncoderDecoderConfig(layers=1, hidden_size=8, heads=2, max_length=24, dropout=0.0)


def case(name: str, target: str, config: ComponentConfig, inputs: Schema, heads: Any = LOGITS, loss: Any = ENTROPY):
    return pytest.param(target, config, inputs, heads, loss, id=name)


CASES = [
    case("linear", "linear:linear", LinearConfig(initial_scale=0.5, l2=0.1), TABLE, VALUE, SQUARES),
    case("least-squares", "least_squares:LeastSquares", LeastSquaresConfig(l2=0.1), TABLE, VALUE, SQUARES),
    case("logistic", "linear:logistic", LinearConfig(initial_scale=0.5, l2=0.1), TABLE, TWO_LOGITS),
    case("softmax", "linear:softmax", LinearConfig(initial_scale=0.5, intercept=False), TABLE),
    case("mlp-absolute", "mlp:build", MlpConfig(hidden=[6]), TABLE, VALUE, ("MeanAbsoluteError", None)),
    case("mlp-huber", "mlp:build", MlpConfig(hidden=[6]), TABLE, VALUE, ("Huber", HuberConfig(delta=0.5))),
    case("mlp-categories", "mlp:build", MlpConfig(hidden=[6, 5], embedding_size=3, activation="tanh"), MIXED),
    case("mlp-batch", "mlp:build", MlpConfig(hidden=[6, 5], normalization="batch", activation="gelu"), TABLE),
    case("mlp-smoothed", "mlp:build", MlpConfig(hidden=[6]), TABLE, LOGITS, SMOOTHED),
    case("mlp-layer", "mlp:build", MlpConfig(hidden=[6, 5], normalization="layer", activation="silu"), TABLE),
    case("mlp-labels", "mlp:build", MlpConfig(hidden=[6]), TABLE, LOGITS, LABELS),
    case("cnn-batch", "cnn:build", CnnConfig(channels=[4, 3], hidden=[7]), IMAGE),
    case("cnn-even", "cnn:build", CnnConfig(channels=[4], kernel_size=4, normalization="none", hidden=[]), IMAGE),
    *(
        case(
            f"rnn-{cell}-{pooling}{'-both' if both else ''}",
            "rnn:build",
            RECURRENT.model_copy(update={"cell": cell, "pooling": pooling, "bidirectional": both}),
            TOKENS,
        )
        for cell, pooling, both in (
            ("lstm", "last", False),
            ("lstm", "last", True),
            ("lstm", "mean", True),
            ("gru", "max", False),
            ("gru", "last", True),
        )
    ),
    case("rnn-series", "rnn:build", RECURRENT.model_copy(update={"bidirectional": True}), SERIES, POSITIONS),
    *(
        case(
            f"transformer-{norm}-{activation}-{position}-{pooling}",
            "transformer:build",
            ENCODER.model_copy(
                update={"norm": norm, "activation": activation, "position": position, "pooling": pooling}
            ),
            TOKENS,
        )
        for norm, activation, position, pooling in (
            ("first", "gelu", "learned", "mean"),
            ("last", "gelu-tanh", "sinusoidal", "first"),
            ("last", "relu", "learned", "max"),
        )
    ),
    case("transformer-series", "transformer:build", ENCODER, SERIES, POSITIONS),
    *(
        case(
            f"encoder-decoder-{norm}-{position}-{tied}",
            "encoder_decoder:build",
            TRANSLATOR.model_copy(update={"norm": norm, "position": position, "tied": tied}),
            TOKENS,
            TRANSLATED,
            SMOOTHED,
        )
        for norm, position, tied in (
            ("first", "sinusoidal", "all"),
            ("last", "learned", "output"),
            ("first", "learned", "none"),
        )
    ),
]


@pytest.mark.parametrize(("target", "config", "inputs", "heads", "loss"), CASES)
def test_both_engines_start_from_emit_and_learn_the_same(target, config, inputs, heads, loss) -> None:
    batch = batch_of(inputs, heads)
    if loss is LABELS:
        batch["target"] = np.eye(3, dtype=np.float32)[batch["target"]]
    sides = [Side(name, target, config, inputs, heads, loss, batch) for name in ("torch", "tensorflow")]
    torch, tensorflow = sides

    assert {name: array.tobytes() for name, array in torch.weights.items()} == {
        name: array.tobytes() for name, array in tensorflow.weights.items()
    }
    agree(*(side.engine.predict(side.network, batch, {}) for side in sides))

    before = torch.weights
    step = Step(0, 0, np.arange(ROWS), 1.0)
    losses = [side.trainer.run([step])[0] for side in sides]

    np.testing.assert_allclose(losses[1], losses[0], **TOLERANCE)
    gradients = [{name: before[name] - array for name, array in side.weights.items()} for side in sides]
    assert sum(np.abs(array).sum() for array in gradients[0].values()) > 1e-3
    agree(*gradients)

    (heads_torch, loss_torch), (heads_tensorflow, loss_tensorflow) = (
        side.trainer.validate(batch, {}) for side in sides
    )
    agree(heads_torch, heads_tensorflow)
    np.testing.assert_allclose(loss_tensorflow, loss_torch, **TOLERANCE)


def agree(one: Mapping[str, np.ndarray], other: Mapping[str, np.ndarray]) -> None:
    """The same names, shapes and numbers."""
    assert one.keys() == other.keys()
    for name, array in one.items():
        assert array.shape == other[name].shape
        np.testing.assert_allclose(other[name], array, err_msg=name, **TOLERANCE)


def test_weights_of_one_engine_load_in_the_other() -> None:
    batch = batch_of(TOKENS, LOGITS)
    sides = [Side(name, "rnn:build", RECURRENT, TOKENS, LOGITS, ENTROPY, batch) for name in ("torch", "tensorflow")]
    for source, target in (sides, sides[::-1]):
        source.trainer.run([Step(0, 0, np.arange(ROWS), 1.0)])
        target.engine.load_state(target.network, State(source.weights))
        assert all(np.array_equal(source.weights[name], array) for name, array in target.weights.items())
        agree(*(side.engine.predict(side.network, batch, {}) for side in (source, target)))

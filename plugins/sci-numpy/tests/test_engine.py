from __future__ import annotations

import pathlib
import subprocess
import sys

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from sci.api import ConfigError, State
from sci_numpy.config import ConstantConfig, LinearConfig, NumpyConfig
from sci_numpy.constant import Constant
from sci_numpy.engine import NumpyEngine
from sci_numpy.linear import BinaryLogistic, LinearRegression

DRAWN = LinearConfig(initial_scale=1.0)


@pytest.fixture
def engine() -> NumpyEngine:
    return NumpyEngine(NumpyConfig())


@pytest.fixture
def linear(engine, schema, heads):
    return engine.build(LinearRegression, DRAWN, schema(3), heads(None), 1)


def blas_threads() -> set[int]:
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


def test_start_says_what_was_chosen(engine) -> None:
    chosen = engine.start({"precision": None, "device": None, "deterministic": True}, 7)
    assert chosen["device"] == "cpu"
    assert chosen["precision"] == "float64"
    assert (chosen["threads"], chosen["determinism"]) == (("1", "A") if blas_threads() else ("unknown", "B"))
    assert all(isinstance(value, str) for value in chosen.values())


@pytest.mark.parametrize("device", ["cuda", "gpu:0", "mps"])
def test_another_device_is_refused(engine, device) -> None:
    with pytest.raises(ConfigError, match=rf"runs on the CPU, and training.device is `{device}`") as caught:
        engine.start({"device": device}, 0)
    assert caught.value.hint == "device: cpu"


@pytest.mark.parametrize("precision", ["bfloat16", "float16", "mixed"])
def test_another_precision_is_refused(engine, precision) -> None:
    with pytest.raises(ConfigError, match=f"has no precision `{precision}`") as caught:
        engine.start({"precision": precision}, 0)
    assert caught.value.id == "engine.precision"


def test_number_dtype_follows_the_precision(engine) -> None:
    assert [engine.number_dtype(precision) for precision in (None, "float64", "float32")] == [
        "float64",
        "float64",
        "float32",
    ]


def test_networks_have_the_precision_of_the_run(engine, schema, heads) -> None:
    engine.start({"precision": "float32"}, 0)
    network = engine.build(LinearRegression, DRAWN, schema(3), heads(None), 1)
    emitted = engine.predict(network, {"numbers": np.ones((2, 3), dtype="float32")}, {})
    assert {array.dtype.name for array in network.parameters.values()} == {"float32"}
    assert emitted["value"].dtype == np.float32


def test_the_blas_that_is_named_is_that_of_numpy_whatever_else_is_loaded() -> None:
    script = (
        "from sci_numpy.threads import Threads\nimport numpy\nbefore = Threads(1).library()\n"
        "import scipy.linalg\nassert Threads(1).library() == before, (before, Threads(1).library())"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=120)


@pytest.mark.skipif(not blas_threads(), reason="no BLAS here lets its threads be set")
def test_threads_are_limited_while_computing_and_given_back(engine, linear) -> None:
    seen = []

    class Watching:
        parameters = linear.parameters

        def __call__(self, batch):
            seen.append(blas_threads())
            return {}

    with threadpool_limits(limits=2, user_api="blas"):
        before = blas_threads()
        NumpyEngine(NumpyConfig(threads=1)).predict(Watching(), {}, {})
        assert blas_threads() == before
    assert seen == [{1}]


def test_predict_takes_the_way_of_a_network_that_has_its_own(engine) -> None:
    class Sampling:
        parameters: dict[str, np.ndarray] = {}

        def __call__(self, batch):
            raise AssertionError

        def predict_step(self, batch, options):
            return {"value": np.full(2, options["temperature"])}

    assert engine.predict(Sampling(), {}, {"temperature": 0.5})["value"].tolist() == [0.5, 0.5]


def test_weights_survive_a_round_trip(engine, linear, schema, heads) -> None:
    other = engine.build(LinearRegression, DRAWN, schema(3), heads(None), 2)
    held = other.parameters["weight"]

    engine.load_state(other, engine.state(linear))

    assert other.parameters["weight"] is held  # an optimizer that holds the array sees the new weights
    for name, array in linear.parameters.items():
        assert other.parameters[name].tobytes() == array.tobytes()


def test_a_state_is_a_copy(engine, linear) -> None:
    state = engine.state(linear)
    linear.parameters["weight"] += 1
    assert not np.array_equal(state.arrays["weight"], linear.parameters["weight"])


def test_saved_weights_keep_their_precision(engine, linear) -> None:
    saved = {name: array.astype("float32") for name, array in linear.parameters.items()}
    engine.load_state(linear, State(saved))
    assert {array.dtype.name for array in linear.parameters.values()} == {"float32"}


def test_weights_of_another_model_are_refused(engine, linear, schema, heads) -> None:
    wider = engine.build(LinearRegression, DRAWN, schema(4), heads(None), 1)
    with pytest.raises(ConfigError, match="weights are those of another model") as caught:
        engine.load_state(linear, engine.state(wider))
    assert caught.value.id == "model.weights"


def test_gradients_of_a_linear_model_are_its_weights(engine, linear) -> None:
    batch = {"numbers": np.random.default_rng(0).normal(size=(4, 3))}
    found = engine.gradients(linear, batch, "value", ["numbers"])
    np.testing.assert_allclose(found["numbers"], np.tile(linear.parameters["weight"][0], (4, 1)))


def test_gradients_of_logits_match_finite_differences(engine, schema, heads) -> None:
    network = engine.build(BinaryLogistic, DRAWN, schema(3), heads(2), 1)
    numbers = np.random.default_rng(0).normal(size=(2, 3))
    found = engine.gradients(network, {"numbers": numbers}, "logits", ["numbers"])["numbers"]
    for position in np.ndindex(numbers.shape):
        shift = np.zeros_like(numbers)
        shift[position] = 1e-6
        above = engine.predict(network, {"numbers": numbers + shift}, {})["logits"].sum()
        below = engine.predict(network, {"numbers": numbers - shift}, {})["logits"].sum()
        assert found[position] == pytest.approx((above - below) / 2e-6, abs=1e-7)


def test_gradients_of_a_constant_are_zero(engine, schema, heads) -> None:
    network = engine.build(Constant, ConstantConfig(), schema(3), heads(None), 0)
    found = engine.gradients(network, {"numbers": np.ones((4, 3))}, "value", ["numbers"])
    np.testing.assert_array_equal(found["numbers"], np.zeros((4, 3)))


@pytest.mark.parametrize(("output", "inputs"), [("logits", ["numbers"]), ("value", ["categories"])])
def test_gradients_that_do_not_exist_are_named(engine, linear, output, inputs) -> None:
    batch = {"numbers": np.ones((2, 3)), "categories": np.zeros((2, 1), dtype=np.int64)}
    with pytest.raises(ConfigError, match="no derivative for") as caught:
        engine.gradients(linear, batch, output, inputs)
    assert caught.value.id == "engine.gradient"


def test_export_names_the_format_it_cannot_write(engine, linear, tmp_path: pathlib.Path) -> None:
    with pytest.raises(ConfigError, match="cannot write `onnx`"):
        engine.export(linear, "onnx", {}, tmp_path)
    assert not list(tmp_path.iterdir())

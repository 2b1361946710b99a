from __future__ import annotations

import pathlib
import subprocess
import sys

import numpy as np
import pytest
import torch

from sci.api import ConfigError, State
from sci_networks.config import LinearConfig, MlpConfig
from sci_networks.torch.linear import linear
from sci_networks.torch.mlp import build
from sci_torch.config import TorchConfig
from sci_torch.engine import TorchEngine

ACCELERATOR = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else None
on_accelerator = pytest.mark.skipif(ACCELERATOR is None, reason="torch finds neither CUDA nor MPS on this machine")


@pytest.fixture
def engine() -> TorchEngine:
    started = TorchEngine(TorchConfig())
    started.start({"device": "cpu"}, 0)
    return started


@pytest.fixture
def network(engine, schema, heads):
    return engine.build(build, MlpConfig(hidden=[4], activation="tanh"), schema(3), heads(2), 1)


def test_what_was_chosen_is_said() -> None:
    facts = TorchEngine(TorchConfig(threads=1)).start({"device": "cpu", "precision": "bf16"}, 0)
    assert facts == {"device": "cpu", "threads": "1", "determinism": "A", "precision": "bf16", "compiled": "no"}
    assert TorchEngine(TorchConfig()).start({"device": "cpu", "deterministic": False}, 0)["determinism"] == "C"


def test_the_engine_is_made_deterministic_without_the_compiler_of_torch() -> None:
    code = (
        "import sys, torch; from sci_torch.config import TorchConfig; from sci_torch.engine import TorchEngine;"
        "TorchEngine(TorchConfig()).start({'device': 'cpu'}, 0);"
        "print(torch.are_deterministic_algorithms_enabled(), 'torch._dynamo' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["True", "False"]
    TorchEngine(TorchConfig()).start({"device": "cpu", "deterministic": False}, 0)
    assert not torch.are_deterministic_algorithms_enabled()


def test_threads_are_those_of_the_setting() -> None:
    TorchEngine(TorchConfig(threads=2)).start({"device": "cpu"}, 0)
    assert torch.get_num_threads() == 2
    TorchEngine(TorchConfig()).start({"device": "cpu"}, 0)
    assert torch.get_num_threads() == 1


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"device": "tpu"}, "engine torch has no device `tpu`"),
        ({"device": "cpu:1"}, "engine torch has no device `cpu:1`"),
        ({"device": "cuda:99"}, "training.device is `cuda:99`"),
        ({"device": "cuda:x"}, "training.device is `cuda:x`"),
        ({"precision": "float8"}, "engine torch has no precision `float8`"),
    ],
)
def test_what_is_not_there_is_named(settings, message) -> None:
    with pytest.raises(ConfigError, match=message):
        TorchEngine(TorchConfig()).start(settings, 0)


@pytest.mark.parametrize(
    ("precision", "dtype"),
    [(None, "float32"), ("float32", "float32"), ("float64", "float64"), ("bf16", "float32"), ("fp16", "float32")],
)
def test_numbers_are_packed_in_the_precision_of_the_weights(engine, precision, dtype) -> None:
    assert engine.number_dtype(precision) == dtype


def test_weights_in_double_precision_are_drawn_in_it(schema, heads) -> None:
    drawn = {}
    for precision in ("float32", "float64"):
        engine = TorchEngine(TorchConfig())
        engine.start({"device": "cpu", "precision": precision}, 0)
        network = engine.build(build, MlpConfig(), schema(3), heads(2), 1)
        drawn[precision] = engine.state(network).arrays["hidden.0.linear.weight"]
    assert drawn["float64"].dtype == np.float64
    np.testing.assert_array_equal(drawn["float64"].astype(np.float32), drawn["float32"])
    assert not np.array_equal(drawn["float64"], drawn["float32"])


def test_weights_have_plain_names(engine, network) -> None:
    assert {name: array.shape for name, array in engine.state(network).arrays.items()} == {
        "hidden.0.linear.weight": (4, 3),
        "hidden.0.linear.bias": (4,),
        "head.logits.weight": (2, 4),
        "head.logits.bias": (2,),
    }


def test_weights_are_taken_over(engine, network, schema, heads) -> None:
    other = engine.build(build, MlpConfig(hidden=[4], activation="tanh"), schema(3), heads(2), 2)
    batch = {"numbers": np.ones((2, 3), dtype=np.float32)}
    engine.load_state(other, engine.state(network))
    np.testing.assert_array_equal(
        engine.predict(other, batch, {})["logits"], engine.predict(network, batch, {})["logits"]
    )


def test_weights_of_another_model_are_refused(engine, network) -> None:
    arrays = dict(engine.state(network).arrays)
    arrays["hidden.0.weight"] = arrays.pop("hidden.0.linear.weight")
    arrays["head.logits.bias"] = np.zeros(3)
    with pytest.raises(ConfigError) as caught:
        engine.load_state(network, State(arrays))
    assert caught.value.id == "model.weights"
    for said in (
        "`hidden.0.linear.weight` is missing",
        "`head.logits.bias` is [3], and the model has [2]",
        "`hidden.0.weight` is unknown",
    ):
        assert said in caught.value.message


def test_a_state_is_a_copy(engine, network) -> None:
    saved = engine.state(network).arrays["head.logits.bias"]
    with torch.no_grad():
        network.get_parameter("head.logits.bias").fill_(7)
    assert saved.tolist() == [0, 0]


def test_arrays_that_must_not_be_written_are_left_alone(engine, network) -> None:
    numbers = np.ones((2, 3), dtype=np.float32)
    numbers.flags.writeable = False
    assert engine.predict(network, {"numbers": numbers}, {})["logits"].shape == (2, 2)


def test_gradients_of_a_linear_model_are_its_weights(engine, schema, heads) -> None:
    network = engine.build(linear, LinearConfig(initial_scale=1), schema(3), heads(None), 1)
    batch = {"numbers": np.random.default_rng(0).normal(size=(4, 3)).astype(np.float32)}
    found = engine.gradients(network, batch, "value", ["numbers"])
    np.testing.assert_allclose(found["numbers"], np.tile(engine.state(network).arrays["weight"], (4, 1)))
    assert all(parameter.grad is None for parameter in network.parameters())


def test_gradients_match_finite_differences(schema, heads) -> None:
    engine = TorchEngine(TorchConfig())
    engine.start({"device": "cpu", "precision": "float64"}, 0)
    network = engine.build(build, MlpConfig(hidden=[4], activation="tanh"), schema(3), heads(2), 1)
    numbers = np.random.default_rng(0).normal(size=(2, 3))
    found = engine.gradients(network, {"numbers": numbers}, "logits", ["numbers"])["numbers"]
    for position in np.ndindex(numbers.shape):
        shift = np.zeros_like(numbers)
        shift[position] = 1e-6
        above = engine.predict(network, {"numbers": numbers + shift}, {})["logits"].sum()
        below = engine.predict(network, {"numbers": numbers - shift}, {})["logits"].sum()
        assert found[position] == pytest.approx((above - below) / 2e-6, abs=1e-7)


@pytest.mark.parametrize(("output", "inputs"), [("value", ["numbers"]), ("logits", ["categories"])])
def test_gradients_that_do_not_exist_are_named(engine, network, output, inputs) -> None:
    batch = {"numbers": np.ones((2, 3), dtype=np.float32), "categories": np.zeros((2, 1), dtype=np.int64)}
    with pytest.raises(ConfigError, match="no derivative for") as caught:
        engine.gradients(network, batch, output, inputs)
    assert caught.value.id == "engine.gradient"


def test_export_names_the_format_it_cannot_write(engine, network, tmp_path: pathlib.Path) -> None:
    with pytest.raises(ConfigError, match="cannot write `onnx`"):
        engine.export(network, "onnx", {}, tmp_path)
    assert not list(tmp_path.iterdir())


@on_accelerator
@pytest.mark.parametrize("precision", ["float32", "bf16", "fp16"])
def test_an_accelerator_learns_what_the_cpu_learns(bench, steps, bit_equal, precision) -> None:
    cpu = bench(precision=precision).trainer.run(steps(16, 10))
    first, second = (bench(precision=precision, device=ACCELERATOR) for _ in range(2))
    losses = first.trainer.run(steps(16, 10))
    again = np.concatenate([second.trainer.run([step]) for step in steps(16, 10)])
    np.testing.assert_allclose(losses, cpu, rtol=0.1 if precision != "float32" else 1e-3)
    assert again.tolist() == losses.tolist()
    assert bit_equal(first.trainer.state().arrays, second.trainer.state().arrays)


@on_accelerator
def test_an_accelerator_goes_on_bit_by_bit(bench, steps, bit_equal) -> None:
    config = MlpConfig(hidden=[8], dropout=0.3)
    whole, first, second = (bench(config=config, device=ACCELERATOR) for _ in range(3))
    whole.trainer.run(steps(16, 4))
    first.trainer.run(steps(16, 4)[:7])
    second.trainer.load_state(first.trainer.state())
    second.trainer.run(steps(16, 4)[7:])
    assert bit_equal(whole.trainer.state().arrays, second.trainer.state().arrays)

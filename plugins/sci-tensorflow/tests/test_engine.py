"""The engine's face towards the core."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys

import numpy as np
import pytest

from sci.api import ConfigError, State
from sci_tensorflow.config import TensorflowConfig
from sci_tensorflow.engine import TensorflowEngine


def child(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KERAS", "TF_"))}
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=200, env={**kept, **environment}
    )


QUIET = """
import os, pathlib, sys
from sci_tensorflow.engine import TensorflowEngine
from sci_tensorflow.config import TensorflowConfig
import json, keras
found = dict(TensorflowEngine(TensorflowConfig(threads=2)).start({"device": "cpu"}, 0))
import tensorflow as tf
found["intra"] = tf.config.threading.get_intra_op_parallelism_threads()
found["inter"] = tf.config.threading.get_inter_op_parallelism_threads()
found["backend"] = keras.backend.backend()
found["left"] = [name for name in os.environ if name.startswith("KERAS")]
print(json.dumps(found))
"""


def test_start_is_silent_writes_no_keras_folder_and_takes_threads(tmp_path: pathlib.Path) -> None:
    done = child(QUIET, HOME=str(tmp_path), KERAS_BACKEND="torch")

    assert done.stderr == ""
    found = json.loads(done.stdout)
    assert found["device"] == "cpu"
    assert found["threads"] == "2"
    assert found["determinism"] == "A"
    assert (found["intra"], found["inter"]) == (2, 2)
    assert found["backend"] == "tensorflow"
    assert found["left"] == ["KERAS_BACKEND"]
    assert not (tmp_path / ".keras").exists()


OTHER = """
import keras
from sci.api import ConfigError
try:
    import sci_tensorflow.engine
except ConfigError as error:
    print(error.id, error.message, error.hint, sep="|")
"""


def test_keras_bound_to_another_backend_is_a_config_error(tmp_path: pathlib.Path) -> None:
    pytest.importorskip("torch", reason="the other backend is not installed")
    done = child(OTHER, HOME=str(tmp_path), KERAS_BACKEND="torch")
    assert done.stdout.startswith("engine.backend|Keras was imported before with backend `torch`")
    assert "KERAS_BACKEND=tensorflow" in done.stdout


STARTED = """
import sci_tensorflow.runtime as runtime
runtime.tf.config.threading.set_intra_op_parallelism_threads(1)
with runtime.silent():
    runtime.tf.constant(0)
from sci.api import ConfigError
from sci_tensorflow.engine import TensorflowEngine
from sci_tensorflow.config import TensorflowConfig
print(TensorflowEngine(TensorflowConfig()).start({}, 0)["threads"])
try:
    TensorflowEngine(TensorflowConfig(threads=3)).start({}, 0)
except ConfigError as error:
    print(error.id)
"""


def test_threads_cannot_change_once_tensorflow_has_started() -> None:
    assert child(STARTED).stdout.split() == ["1", "engine.threads"]


def test_precision_decides_the_packing_of_numbers() -> None:
    engine = TensorflowEngine(TensorflowConfig())
    packed = {name: engine.number_dtype(name) for name in (None, "float32", "float64", "bf16", "fp16")}
    assert packed == {None: "float32", "float32": "float32", "float64": "float64", "bf16": "float32", "fp16": "float32"}


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"precision": "int8"}, "no precision `int8`"),
        ({"device": "tpu"}, "no device `tpu`"),
        ({"device": "gpu:99"}, "finds no such device"),
    ],
)
def test_what_the_engine_has_not_is_a_config_error(settings, said) -> None:
    with pytest.raises(ConfigError, match=said):
        TensorflowEngine(TensorflowConfig()).start(settings, 0)


def test_prediction_of_any_number_of_rows_is_one_trace(bench, feed, flowers) -> None:
    made = bench(feed(flowers))
    numbers = flowers["numbers"]

    whole = made.engine.predict(made.network, {"numbers": numbers}, {})["logits"]
    parts = [made.engine.predict(made.network, {"numbers": part}, {})["logits"] for part in np.split(numbers, [1, 20])]
    nothing = made.engine.predict(made.network, {"numbers": numbers[:0]}, {})["logits"]

    np.testing.assert_allclose(np.concatenate(parts), whole, rtol=1e-5, atol=1e-6)
    assert nothing.shape == (0, 3)
    [graph] = made.network.functions.values()
    assert graph.experimental_get_tracing_count() == 1


@pytest.mark.parametrize("precision", ["bf16", "fp16"])
def test_halves_stay_inside_the_network(bench, feed, flowers, precision) -> None:
    made = bench(feed(flowers), precision=precision)

    heads = made.engine.predict(made.network, {"numbers": flowers["numbers"]}, {})
    exact = bench(feed(flowers))

    assert {array.dtype for array in made.weights.values()} == {np.dtype(np.float32)}
    assert heads["logits"].dtype == np.float32
    assert made.network.hidden[0].linear.compute_dtype in ("bfloat16", "float16")
    wanted = exact.engine.predict(exact.network, {"numbers": flowers["numbers"]}, {})["logits"]
    assert 0 < np.abs(heads["logits"] - wanted).max() < 0.1


def test_gradients_are_those_of_finite_differences(bench, feed, flowers) -> None:
    rows = {**flowers, "numbers": flowers["numbers"].astype(np.float64)}
    made = bench(feed(rows), precision="float64")

    def total(numbers: np.ndarray) -> float:
        return float(made.engine.predict(made.network, {"numbers": numbers}, {})["logits"].sum())

    found = made.engine.gradients(made.network, {"numbers": rows["numbers"]}, "logits", ["numbers"])["numbers"]
    nudge = np.zeros_like(rows["numbers"])
    nudge[3, 2] = 1e-6
    slope = (total(rows["numbers"] + nudge) - total(rows["numbers"] - nudge)) / 2e-6

    assert found.shape == rows["numbers"].shape
    np.testing.assert_allclose(found[3, 2], slope, rtol=1e-6)


@pytest.mark.parametrize(("output", "key"), [("logits", "target"), ("logits", "absent"), ("absent", "numbers")])
def test_gradients_of_what_has_none_are_config_errors(bench, feed, flowers, output, key) -> None:
    made = bench(feed(flowers))
    with pytest.raises(ConfigError, match=r"absent|no derivative for `target`"):
        made.engine.gradients(made.network, flowers, output, [key])


def test_weights_of_another_model_are_refused_by_name(bench, feed, flowers) -> None:
    made = bench(feed(flowers))
    odd = {**made.weights, "hidden.0.linear.weight": np.zeros((8, 5))}
    with pytest.raises(ConfigError, match=r"`hidden.0.linear.weight` is \[8, 5\], and the model has \[8, 4\]"):
        made.engine.load_state(made.network, State(odd))


def test_no_foreign_format_is_written(bench, feed, flowers, tmp_path) -> None:
    made = bench(feed(flowers))
    with pytest.raises(ConfigError, match="cannot write `onnx`"):
        made.engine.export(made.network, "onnx", {}, tmp_path)

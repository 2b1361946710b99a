"""What engine tensorflow relies on: pure graph operations, complete states, sparse gradients."""

from __future__ import annotations

import importlib
import os
from typing import Any

import numpy as np
import pytest

from sci_optim import plugin
from sci_optim.config import AdamConfig, GradientDescentConfig

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

tf = pytest.importorskip("tensorflow")

SETTINGS: list[tuple[str, dict[str, Any]]] = [
    *((spec.name, {}) for spec in plugin.sci_optimizers()),
    ("sgd", {"momentum": 0.9, "dampening": 0.1, "weight_decay": 0.1}),
    ("rmsprop", {"momentum": 0.9, "weight_decay": 0.1}),
    ("adam", {"weight_decay": 0.1}),
    ("lion", {"weight_decay": 0.1}),
]
each_setting = pytest.mark.parametrize(("name", "settings"), SETTINGS, ids=[f"{n}-{s}" for n, s in SETTINGS])

SHAPES = {"dense.weight": (3, 2), "dense.bias": (3,), "norm.weight": (3,)}


def imported(target: str) -> Any:
    module, _, name = target.partition(":")
    return getattr(importlib.import_module(module), name)


def made(name: str, settings: dict[str, Any], parameters: dict[str, Any]) -> Any:
    spec = next(spec for spec in plugin.sci_optimizers() if spec.name == name)
    assert not isinstance(spec.target, str)
    return imported(spec.target["tensorflow"])(imported(str(spec.config))(**settings), list(parameters.items()))


def drawn(seed: int, dtype: str = "float64") -> dict[str, np.ndarray]:
    random = np.random.default_rng(seed)
    return {name: random.normal(size=shape).astype(dtype) for name, shape in SHAPES.items()}


def several(dtype: str = "float64") -> dict[str, Any]:
    return {name: tf.Variable(array) for name, array in drawn(0, dtype).items()}


def train(optimizer: Any, seeds: range, dtype: str = "float64") -> None:
    for seed in seeds:
        optimizer.apply([tf.constant(array) for array in drawn(seed + 1, dtype).values()], tf.constant(1.0, tf.float64))


def values(variables: dict[str, Any]) -> dict[str, np.ndarray]:
    return {name: variable.numpy() for name, variable in variables.items()}


def bits(variables: dict[str, Any]) -> dict[str, bytes]:
    return {name: array.tobytes() for name, array in values(variables).items()}


@each_setting
def test_a_restored_optimizer_goes_on_bit_for_bit(name: str, settings: dict[str, Any]) -> None:
    whole, stopped = several(), several()
    uninterrupted, first = made(name, settings, whole), made(name, settings, stopped)
    train(uninterrupted, range(10))
    train(first, range(5))

    second = {key: tf.Variable(array) for key, array in values(stopped).items()}
    resumed = made(name, settings, second)
    for key, variable in resumed.variables.items():
        variable.assign(first.variables[key].numpy())
    train(resumed, range(5, 10))

    assert bits(second) == bits(whole)
    assert bits(resumed.variables) == bits(uninterrupted.variables)
    assert resumed.variables["steps"].numpy() == 10


@each_setting
@pytest.mark.parametrize("jit", [False, True], ids=["graph", "xla"])
def test_loops_inside_a_graph_do_what_single_updates_do(jit: bool, name: str, settings: dict[str, Any]) -> None:
    single, looped = several(), several()
    train(made(name, settings, single), range(6))
    optimizer = made(name, settings, looped)
    stacked = [tf.constant(np.stack([drawn(seed + 1)[key] for seed in range(6)])) for key in SHAPES]

    def once(step: Any) -> tuple[Any]:
        optimizer.apply([part[step] for part in stacked], tf.constant(1.0, tf.float64))
        return (step + 1,)

    tf.function(lambda: tf.while_loop(lambda step: step < 6, once, (tf.constant(0),)), jit_compile=jit)()

    for key, array in values(single).items():
        np.testing.assert_allclose(looped[key].numpy(), array, rtol=1e-12, atol=1e-14)
    assert optimizer.variables["steps"].numpy() == 6


@each_setting
def test_one_trace_serves_every_rate(name: str, settings: dict[str, Any]) -> None:
    parameters = several()
    optimizer = made(name, settings, parameters)
    update = tf.function(optimizer.apply)
    gradients = [tf.constant(array) for array in drawn(1).values()]
    before = bits(parameters)
    update(gradients, tf.constant(0.0, tf.float64))
    assert bits(parameters) == before
    update(gradients, tf.constant(1.0, tf.float64))
    assert bits(parameters) != before
    assert update.experimental_get_tracing_count() == 1


@each_setting
@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_slots_and_parameters_keep_their_dtype(dtype: str, name: str, settings: dict[str, Any]) -> None:
    parameters = several(dtype)
    optimizer = made(name, settings, parameters)
    train(optimizer, range(2), dtype)
    kept = {key: variable.dtype.name for key, variable in optimizer.variables.items()}
    assert kept.pop("steps") == "int64"
    assert {variable.dtype.name for variable in parameters.values()} | set(kept.values()) == {dtype}


@each_setting
def test_single_precision_is_near_to_double(name: str, settings: dict[str, Any]) -> None:
    single, double = several("float32"), several()
    train(made(name, settings, single), range(20), "float32")
    train(made(name, settings, double), range(20))
    for key, array in values(double).items():
        np.testing.assert_allclose(single[key].numpy(), array, rtol=1e-4, atol=1e-5)


def test_the_first_update_of_adam_has_the_size_of_the_rate_in_single_precision() -> None:
    weight = tf.Variable(np.zeros(4, dtype="float32"))
    optimizer = made("adam", {"learning_rate": 0.125, "betas": (0.9, 0.9999)}, {"weight": weight})
    optimizer.apply([tf.constant([1.0, -2.0, 30.0, 1e-3])], tf.constant(1.0, tf.float64))
    np.testing.assert_allclose(weight.numpy(), [-0.125, 0.125, -0.125, -0.125], rtol=2e-5)


@each_setting
def test_rows_of_an_embedding_are_updated_as_a_dense_gradient_says(name: str, settings: dict[str, Any]) -> None:
    table = np.random.default_rng(0).normal(size=(5, 2))
    sparse, whole = {"table.weight": tf.Variable(table)}, {"table.weight": tf.Variable(table)}
    slices = tf.IndexedSlices(tf.constant([[1.0, 2.0], [3.0, -4.0], [0.5, 0.5]], tf.float64), tf.constant([3, 1, 3]))
    full = np.zeros((5, 2))
    full[3], full[1] = [1.5, 2.5], [3.0, -4.0]
    for parameters, gradient in ((sparse, slices), (whole, tf.constant(full))):
        optimizer = made(name, settings, parameters)
        for _ in range(3):
            optimizer.apply([gradient], tf.constant(1.0, tf.float64))
    np.testing.assert_allclose(sparse["table.weight"].numpy(), whole["table.weight"].numpy(), rtol=1e-12)
    assert not np.array_equal(sparse["table.weight"].numpy()[3], table[3])


def test_gradients_of_a_lookup_pass_through_a_graph_without_a_warning() -> None:
    table = tf.Variable(np.ones((5, 2)))
    optimizer = made("sgd", {"learning_rate": 0.5}, {"table.weight": table})

    @tf.function  # type: ignore[untyped-decorator]
    def update(rows: Any) -> None:
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(tf.gather(table, rows))
        optimizer.apply(tape.gradient(loss, [table]), tf.constant(1.0))

    update(tf.constant([0, 2, 2]))
    np.testing.assert_array_equal(table.numpy()[:, 0], [0.5, 1.0, 0.0, 1.0, 1.0])


def test_a_parameter_without_gradient_is_left_alone() -> None:
    parameters = several()
    optimizer = made("adamw", {"weight_decay": 0.5, "no_decay": ()}, parameters)
    gradients = [None, *map(tf.constant, list(drawn(1).values())[1:])]
    optimizer.apply(gradients, tf.constant(1.0))
    assert [np.array_equal(parameters[key].numpy(), drawn(0)[key]) for key in SHAPES] == [True, False, False]


def test_slots_that_settings_do_not_need_are_not_kept() -> None:
    assert set(made("sgd", {}, several()).variables) == {"steps"}
    assert set(made("sgd", {"momentum": 0.9}, several()).variables) == {
        "steps",
        "velocity/dense.weight",
        "velocity/dense.bias",
        "velocity/norm.weight",
    }
    assert not any(key.startswith("velocity") for key in made("rmsprop", {}, several()).variables)


def test_a_missing_or_surplus_gradient_is_refused() -> None:
    optimizer = imported("sci_optim.tensorflow.descent:GradientDescent")(
        GradientDescentConfig(), list(several().items())
    )
    with pytest.raises(ValueError, match="shorter"):
        optimizer.apply([tf.constant(array) for array in drawn(1).values()][:2], tf.constant(1.0))


def test_variables_of_keras_are_taken() -> None:
    keras = pytest.importorskip("keras")
    ours, theirs = several(), {key: keras.Variable(array, dtype="float64") for key, array in drawn(0).items()}
    train(made("adamw", {}, ours), range(3))
    train(made("adamw", {}, theirs), range(3))
    assert {key: variable.numpy().tobytes() for key, variable in theirs.items()} == bits(ours)


def test_parameters_of_two_dtypes_are_each_updated_in_their_own() -> None:
    mixed = {"a": tf.Variable(np.ones(2)), "b": tf.Variable(np.ones(2, dtype="float32"))}
    optimizer = imported("sci_optim.tensorflow.adam:Adam")(AdamConfig(learning_rate=0.1), list(mixed.items()))
    for _ in range(3):
        optimizer.apply([tf.constant([1.0, -1.0], v.dtype) for v in mixed.values()], tf.constant(1.0))
    for variable in mixed.values():
        np.testing.assert_allclose(variable.numpy(), [0.7, 1.3], rtol=1e-5)

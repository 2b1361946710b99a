"""One set of settings with one meaning: equal weights on equal batches stay equal on every engine, in float64."""

from __future__ import annotations

import functools
import importlib
import os
from typing import Any

import numpy as np
import pytest

from sci_optim import plugin

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

STEPS, ROWS = 20, 8
ENGINES = ("numpy", "torch", "tensorflow")
OTHER_ENGINES = ENGINES[1:]
SPECS = {spec.name: spec for spec in plugin.sci_optimizers()}

# The aim is rtol 1e-5, atol 1e-7. Every engine does better by far, and a misplaced epsilon of 1e-8 shows only here.
TOLERANCE = {"rtol": 1e-10, "atol": 1e-12}

SETTINGS: list[tuple[str, dict[str, Any]]] = [
    *((name, {}) for name in SPECS),
    ("gradient-descent", {"learning_rate": 0.2}),
    ("sgd", {"weight_decay": 0.3}),
    ("sgd", {"momentum": 0.8, "dampening": 0.3, "weight_decay": 0.3}),
    ("sgd", {"momentum": 0.8, "nesterov": True, "weight_decay": 0.3, "no_decay": ("*scale*",)}),
    ("momentum", {"momentum": 0.6, "dampening": 0.4, "weight_decay": 0.3, "no_decay": ()}),
    ("nesterov", {"momentum": 0.6, "weight_decay": 0.3, "no_decay": ("DENSE.*",)}),
    ("adagrad", {"epsilon": 0.05, "initial_accumulator": 0.2, "weight_decay": 0.3}),
    ("rmsprop", {"alpha": 0.8, "epsilon": 0.05, "weight_decay": 0.3, "no_decay": ()}),
    ("rmsprop", {"alpha": 0.8, "momentum": 0.7, "weight_decay": 0.3}),
    ("adam", {"learning_rate": 0.05, "betas": (0.7, 0.9), "epsilon": 0.05, "weight_decay": 0.3}),
    ("adam", {"learning_rate": 0.05, "betas": (0.0, 0.0), "no_decay": ("*weight",), "weight_decay": 0.3}),
    ("adamw", {"learning_rate": 0.05, "betas": (0.7, 0.9), "epsilon": 0.05, "weight_decay": 0.8}),
    ("adamw", {"learning_rate": 0.05, "weight_decay": 0.8, "no_decay": ()}),
    ("lion", {"learning_rate": 0.05, "betas": (0.7, 0.8), "weight_decay": 0.8}),
    ("lion", {"learning_rate": 0.05, "weight_decay": 0.8, "no_decay": ("*weight",)}),
]
each_setting = pytest.mark.parametrize(("name", "settings"), SETTINGS, ids=[f"{n}-{s}" for n, s in SETTINGS])

Weights = dict[str, np.ndarray]


def imported(target: str) -> Any:
    module, _, name = target.partition(":")
    return getattr(importlib.import_module(module), name)


def made(name: str, engine: str, settings: dict[str, Any], parameters: list[tuple[str, Any]]) -> Any:
    spec = SPECS[name]
    assert spec.config is not None
    assert not isinstance(spec.target, str)
    return imported(spec.target[engine])(imported(spec.config)(**settings), parameters)


# A linear layer on scaled inputs, with a mean squared error: ``mean((W (s x) + b - y)^2)``.


def initial() -> Weights:
    draw = np.random.default_rng(0).normal
    return {"dense.weight": draw(size=(2, 3)), "dense.bias": draw(size=2), "norm.scale": draw(size=3)}


def batches(steps: int = STEPS) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(1).normal
    return draw(size=(steps, ROWS, 3)), draw(size=(steps, ROWS, 2))


def slopes(w: Weights, x: np.ndarray, y: np.ndarray) -> Weights:
    error = (x * w["norm.scale"]) @ w["dense.weight"].T + w["dense.bias"] - y
    error *= 2 / error.size
    return {
        "dense.weight": error.T @ (x * w["norm.scale"]),
        "dense.bias": error.sum(axis=0),
        "norm.scale": ((error @ w["dense.weight"]) * x).sum(axis=0),
    }


def on_numpy(name: str, settings: dict[str, Any], rates: np.ndarray) -> Weights:
    weights = initial()
    optimizer = made(name, "numpy", settings, list(weights.items()))
    for x, y, rate in zip(*batches(len(rates)), rates, strict=True):
        optimizer.step(slopes(weights, x, y), float(rate))
    return weights


def torch_descent(optimizer: Any, weights: dict[str, Any], rates: np.ndarray) -> Weights:
    torch = importlib.import_module("torch")
    full = [group["lr"] for group in optimizer.param_groups]
    for x, y, rate in zip(*map(torch.tensor, batches(len(rates))), rates, strict=True):
        for group, learning_rate in zip(optimizer.param_groups, full, strict=True):
            group["lr"] = learning_rate * float(rate)
        optimizer.zero_grad()
        ((x * weights["norm.scale"]) @ weights["dense.weight"].T + weights["dense.bias"] - y).square().mean().backward()
        optimizer.step()
    return {key: weight.detach().numpy() for key, weight in weights.items()}


def torch_weights() -> dict[str, Any]:
    torch = pytest.importorskip("torch")
    return {key: torch.tensor(array, requires_grad=True) for key, array in initial().items()}


def on_torch(name: str, settings: dict[str, Any], rates: np.ndarray) -> Weights:
    weights = torch_weights()
    return torch_descent(made(name, "torch", settings, list(weights.items())), weights, rates)


def on_tensorflow(name: str, settings: dict[str, Any], rates: np.ndarray) -> Weights:
    tf = pytest.importorskip("tensorflow")
    weights = {key: tf.Variable(array) for key, array in initial().items()}
    optimizer = made(name, "tensorflow", settings, list(weights.items()))
    xs, ys, factors = *map(tf.constant, batches(len(rates))), tf.constant(rates)

    @tf.function  # type: ignore[untyped-decorator]
    def train() -> None:
        for step in tf.range(len(rates)):
            with tf.GradientTape() as tape:
                scaled = tf.matmul(xs[step] * weights["norm.scale"], weights["dense.weight"], transpose_b=True)
                loss = tf.reduce_mean(tf.square(scaled + weights["dense.bias"] - ys[step]))
            optimizer.apply(tape.gradient(loss, list(weights.values())), factors[step])

    train()
    return {key: weight.numpy() for key, weight in weights.items()}


ON = {"numpy": on_numpy, "torch": on_torch, "tensorflow": on_tensorflow}
VARYING = np.linspace(1.0, 0.1, STEPS)
FULL = np.ones(STEPS)


def assert_equal(found: Weights, expected: Weights, **tolerance: float) -> None:
    assert found.keys() == expected.keys()
    for key, array in expected.items():
        np.testing.assert_allclose(found[key], array, **(tolerance or TOLERANCE), err_msg=key)
        assert not np.array_equal(found[key], initial()[key])


def test_slopes_of_the_numpy_side_are_derivatives() -> None:
    weights, (x, y) = initial(), (part[0] for part in batches())
    for key, slope in slopes(weights, x, y).items():
        for place in np.ndindex(slope.shape):
            losses = []
            for change in (1e-6, -1e-6):
                w = {k: a.copy() for k, a in weights.items()}
                w[key][place] += change
                losses.append(np.mean(((x * w["norm.scale"]) @ w["dense.weight"].T + w["dense.bias"] - y) ** 2))
            assert slope[place] == pytest.approx((losses[0] - losses[1]) / 2e-6, abs=1e-8)


@each_setting
@pytest.mark.parametrize("engine", OTHER_ENGINES)
def test_parameters_agree_after_20_steps(engine: str, name: str, settings: dict[str, Any]) -> None:
    assert_equal(ON[engine](name, settings, VARYING), on_numpy(name, settings, VARYING))


# No setting is ignored. Momentum, decay and betas are on, so that what refines them has something to refine.

BASE = {"learning_rate": 0.05, "weight_decay": 0.2, "momentum": 0.8, "dampening": 0.1}
CHANGES: dict[str, list[dict[str, Any]]] = {
    "learning_rate": [{"learning_rate": 0.06}],
    "weight_decay": [{"weight_decay": 0.3}],
    "no_decay": [{"no_decay": ()}, {"no_decay": ("*weight*",)}],
    "momentum": [{"momentum": 0.7}],
    "dampening": [{"dampening": 0.2}],
    "nesterov": [{"nesterov": True, "dampening": 0.0}],
    "alpha": [{"alpha": 0.9}],
    "betas": [{"betas": (0.5, 0.99)}, {"betas": (0.9, 0.5)}],
    "epsilon": [{"epsilon": 0.01}],
    "initial_accumulator": [{"initial_accumulator": 0.1}],
}
FIELDS = [(name, field) for name, spec in SPECS.items() for field in imported(str(spec.config)).model_fields]


@functools.cache
def with_base(engine: str, name: str, changes: tuple[tuple[str, Any], ...] = ()) -> Weights:
    known = imported(str(SPECS[name].config)).model_fields
    base = {key: value for key, value in BASE.items() if key in known}
    return ON[engine](name, {**base, **dict(changes)}, FULL[:6])


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("name", "field"), FIELDS, ids=[f"{name}-{field}" for name, field in FIELDS])
def test_no_setting_is_ignored(engine: str, name: str, field: str) -> None:
    before = with_base(engine, name)
    for change in CHANGES[field]:
        after = with_base(engine, name, tuple(change.items()))
        assert any(np.abs(after[key] - before[key]).max() > 1e-6 for key in before), change


# The frameworks' own optimizers.


def torch_reference(name: str, s: dict[str, Any]) -> Weights:
    """PyTorch's optimizer in its plainest implementation, on groups written out by hand."""
    torch = pytest.importorskip("torch")
    weights = torch_weights()
    decay, spared = s.get("weight_decay", 0.0), ("dense.bias", "norm.scale")
    groups = [
        {"params": [weight for key, weight in weights.items() if key not in spared], "weight_decay": decay},
        {"params": [weights[key] for key in spared], "weight_decay": 0.0},
    ]
    plain = {"lr": s["learning_rate"], "foreach": False}
    velocity = {"momentum": s.get("momentum", 0.0), "dampening": s.get("dampening", 0.0)}
    optimizer = {
        "sgd": lambda: torch.optim.SGD(groups, **velocity, nesterov=s.get("nesterov", False), **plain),
        "momentum": lambda: torch.optim.SGD(groups, **velocity, **plain),
        "nesterov": lambda: torch.optim.SGD(groups, **velocity, nesterov=True, **plain),
        "adagrad": lambda: torch.optim.Adagrad(
            groups, eps=s["epsilon"], initial_accumulator_value=s["initial_accumulator"], **plain
        ),
        "rmsprop": lambda: torch.optim.RMSprop(
            groups, alpha=s["alpha"], eps=s["epsilon"], momentum=s["momentum"], **plain
        ),
        "adam": lambda: torch.optim.Adam(groups, betas=s["betas"], eps=s["epsilon"], **plain),
        "adamw": lambda: torch.optim.AdamW(groups, betas=s["betas"], eps=s["epsilon"], **plain),
    }[name]()
    return torch_descent(optimizer, weights, VARYING)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("sgd", {"learning_rate": 0.05, "weight_decay": 0.3}),
        ("sgd", {"learning_rate": 0.05, "weight_decay": 0.3, "momentum": 0.8, "dampening": 0.3}),
        ("sgd", {"learning_rate": 0.05, "weight_decay": 0.3, "momentum": 0.8, "nesterov": True}),
        ("momentum", {"learning_rate": 0.05, "weight_decay": 0.3, "momentum": 0.8, "dampening": 0.3}),
        ("nesterov", {"learning_rate": 0.05, "weight_decay": 0.3, "momentum": 0.8}),
        ("adagrad", {"learning_rate": 0.05, "weight_decay": 0.3, "epsilon": 0.05, "initial_accumulator": 0.2}),
        ("rmsprop", {"learning_rate": 0.05, "weight_decay": 0.3, "epsilon": 0.05, "alpha": 0.8, "momentum": 0.7}),
        ("adam", {"learning_rate": 0.05, "weight_decay": 0.3, "epsilon": 0.05, "betas": (0.7, 0.9)}),
        ("adamw", {"learning_rate": 0.05, "weight_decay": 0.3, "epsilon": 0.05, "betas": (0.7, 0.9)}),
    ],
)
def test_every_engine_agrees_with_pytorch(engine: str, name: str, settings: dict[str, Any]) -> None:
    assert_equal(ON[engine](name, settings, VARYING), torch_reference(name, settings))


# Keras puts epsilon elsewhere, and its rate enters the velocity: equal where epsilon is nothing and the rate constant.
KERAS: list[tuple[str, dict[str, Any], str, dict[str, Any]]] = [
    ("sgd", {}, "SGD", {}),
    ("momentum", {"momentum": 0.8}, "SGD", {"momentum": 0.8}),
    ("nesterov", {"momentum": 0.8}, "SGD", {"momentum": 0.8, "nesterov": True}),
    (
        "adagrad",
        {"epsilon": 1e-15, "initial_accumulator": 0.1},
        "Adagrad",
        {"epsilon": 1e-15, "initial_accumulator_value": 0.1},
    ),
    (
        "rmsprop",
        {"epsilon": 1e-15, "alpha": 0.8, "momentum": 0.7},
        "RMSprop",
        {"epsilon": 1e-15, "rho": 0.8, "momentum": 0.7},
    ),
    (
        "adam",
        {"betas": (0.7, 0.9), "epsilon": 1e-15},
        "Adam",
        {"beta_1": 0.7, "beta_2": 0.9, "epsilon": 1e-15},
    ),
    (
        "adamw",
        {"betas": (0.7, 0.9), "epsilon": 1e-15, "weight_decay": 0.3, "no_decay": ()},
        "AdamW",
        {"beta_1": 0.7, "beta_2": 0.9, "epsilon": 1e-15, "weight_decay": 0.3},
    ),
    (
        "lion",
        {"betas": (0.7, 0.8), "weight_decay": 0.3, "no_decay": ()},
        "Lion",
        {"beta_1": 0.7, "beta_2": 0.8, "weight_decay": 0.3},
    ),
]


def keras_reference(rule: str, settings: dict[str, Any]) -> Weights:
    keras = pytest.importorskip("keras")
    weights = {key: keras.Variable(array, dtype="float64") for key, array in initial().items()}
    optimizer = getattr(keras.optimizers, rule)(learning_rate=0.05, **settings)
    for x, y in zip(*batches(), strict=True):
        found = slopes({key: weight.numpy() for key, weight in weights.items()}, x, y)
        optimizer.apply([keras.ops.convert_to_tensor(found[key]) for key in weights], list(weights.values()))
    return {key: weight.numpy() for key, weight in weights.items()}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("name", "settings", "rule", "theirs"), KERAS, ids=[name for name, *_ in KERAS])
def test_every_engine_agrees_with_keras(
    engine: str, name: str, settings: dict[str, Any], rule: str, theirs: dict[str, Any]
) -> None:
    found = ON[engine](name, {"learning_rate": 0.05, **settings}, FULL)
    assert_equal(found, keras_reference(rule, theirs), rtol=1e-5, atol=1e-7)

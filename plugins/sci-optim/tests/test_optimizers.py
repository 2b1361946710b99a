"""Every update rule against a scalar loop written from its paper, and against three updates worked out by hand."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from sci_optim.adam import Adam, AdamW
from sci_optim.adaptive import Adagrad, Rmsprop
from sci_optim.config import (
    AdagradConfig,
    AdamConfig,
    AdamWConfig,
    GradientDescentConfig,
    LionConfig,
    MomentumConfig,
    NesterovConfig,
    OptimizerConfig,
    RmspropConfig,
    SgdConfig,
    VelocityConfig,
)
from sci_optim.descent import GradientDescent, Sgd
from sci_optim.lion import Lion
from sci_optim.optimizer import Optimizer

Rates = list[float]

ALL: list[tuple[type[Optimizer[Any]], OptimizerConfig]] = [
    (GradientDescent, GradientDescentConfig(learning_rate=0.05)),
    (Sgd, SgdConfig(learning_rate=0.05)),
    (Sgd, SgdConfig(learning_rate=0.05, momentum=0.9, dampening=0.2, weight_decay=0.03)),
    (Sgd, SgdConfig(learning_rate=0.05, momentum=0.9, nesterov=True)),
    (Sgd, MomentumConfig(learning_rate=0.05, momentum=0.8, dampening=0.2, weight_decay=0.03)),
    (Sgd, NesterovConfig(learning_rate=0.05, momentum=0.8, weight_decay=0.03)),
    (Adagrad, AdagradConfig(learning_rate=0.05, initial_accumulator=0.1, weight_decay=0.03)),
    (Rmsprop, RmspropConfig(learning_rate=0.05, momentum=0.5, weight_decay=0.03)),
    (Adam, AdamConfig(learning_rate=0.05, weight_decay=0.03)),
    (AdamW, AdamWConfig(learning_rate=0.05, weight_decay=0.3)),
    (Lion, LionConfig(learning_rate=0.05, weight_decay=0.3)),
]
each_optimizer = pytest.mark.parametrize(("rule", "config"), ALL)


def trajectory(
    rule: type[Optimizer[Any]], config: OptimizerConfig, gradients: list[float], rates: Rates | None = None
) -> list[float]:
    weight = np.array([1.0])
    optimizer = rule(config, [("weight", weight)])
    values = []
    for gradient, rate in zip(gradients, rates or [1.0] * len(gradients), strict=True):
        optimizer.step({"weight": np.array([gradient])}, rate)
        values.append(float(weight[0]))
    return values


def descend(derivative: Callable[[float], float], rule: type[Optimizer[Any]], config: OptimizerConfig) -> list[float]:
    weight = np.array([1.0])
    optimizer = rule(config, [("weight", weight)])
    values = []
    for _ in range(3):
        optimizer.step({"weight": np.array([derivative(float(weight[0]))])}, 1.0)
        values.append(float(weight[0]))
    return values


# Three updates by hand. On half the square of w the gradient is w itself.


def test_gradient_descent_shrinks_a_parabola_by_a_constant_factor() -> None:
    assert descend(lambda w: w, GradientDescent, GradientDescentConfig(learning_rate=0.1)) == pytest.approx(
        [0.9, 0.81, 0.729], rel=1e-12
    )


def test_momentum_by_hand() -> None:
    config = SgdConfig(learning_rate=0.1, momentum=0.9)
    assert descend(lambda w: w, Sgd, config) == pytest.approx([0.9, 0.72, 0.486], rel=1e-12)


def test_nesterov_by_hand() -> None:
    config = SgdConfig(learning_rate=0.1, momentum=0.9, nesterov=True)
    assert descend(lambda w: w, Sgd, config) == pytest.approx([0.81, 0.5751, 0.327321], rel=1e-12)


def test_dampening_spares_the_first_update_by_hand() -> None:
    config = SgdConfig(learning_rate=0.1, momentum=0.5, dampening=0.5)
    # v: 1, then 0.5 + 0.5, then 0.5 + 0.5
    assert trajectory(Sgd, config, [1, 1, 1]) == pytest.approx([0.9, 0.8, 0.7], rel=1e-12)


def test_adagrad_by_hand() -> None:
    # sums of squares 4, 8, 12: steps of 0.1, 0.1 / sqrt 2, 0.1 / sqrt 3
    expected = [0.9, 0.8292893218813453, 0.7715542950286888]
    assert trajectory(Adagrad, AdagradConfig(learning_rate=0.1), [2, 2, 2]) == pytest.approx(expected, abs=1e-9)


def test_rmsprop_by_hand() -> None:
    config = RmspropConfig(learning_rate=0.1, alpha=0.9)
    # mean squares 0.1, 0.19, 0.271
    assert trajectory(Rmsprop, config, [1, 1, 1]) == pytest.approx([0.68377223, 0.4543565, 0.26226181], abs=1e-7)


def test_adam_moves_by_the_learning_rate_under_a_constant_gradient() -> None:
    assert trajectory(Adam, AdamConfig(learning_rate=0.1), [7, 7, 7]) == pytest.approx([0.9, 0.8, 0.7], abs=1e-8)


def test_adam_by_hand() -> None:
    config = AdamConfig(learning_rate=0.1, betas=(0.9, 0.99))
    assert trajectory(Adam, config, [1, -1, 0.5]) == pytest.approx([0.9, 0.90526316, 0.88776414], abs=1e-8)


def test_adamw_by_hand() -> None:
    config = AdamWConfig(learning_rate=0.1, weight_decay=0.1)
    assert trajectory(AdamW, config, [1, 1, 1]) == pytest.approx([0.89, 0.7811, 0.673289], abs=1e-8)


def test_lion_by_hand() -> None:
    config = LionConfig(learning_rate=0.1, betas=(0.5, 0.8), weight_decay=0.5)
    # directions 0.5, 0.1 - 0.05 = 0.05, 0.07 - 2 = -1.93, with means 0, 0.2, 0.14 before; the decay takes 5 % each time
    assert trajectory(Lion, config, [1, -0.1, -4]) == pytest.approx([0.85, 0.7075, 0.772125], abs=1e-12)


def test_lion_stands_still_where_there_is_no_gradient() -> None:
    assert trajectory(Lion, LionConfig(learning_rate=0.1), [0, 0]) == [1.0, 1.0]


def test_momentum_and_nesterov_are_sgd_under_other_names() -> None:
    gradients = np.random.default_rng(5).normal(size=10).tolist()
    shared = {"learning_rate": 0.05, "momentum": 0.7, "weight_decay": 0.2}
    assert trajectory(Sgd, MomentumConfig(**shared, dampening=0.3), gradients) == trajectory(
        Sgd, SgdConfig(**shared, dampening=0.3), gradients
    )
    assert trajectory(Sgd, NesterovConfig(**shared), gradients) == trajectory(
        Sgd, SgdConfig(**shared, nesterov=True), gradients
    )


# Scalar loops from the papers' formulas, with a rate that a schedule changes.


def sgd_reference(c: VelocityConfig, gradients: list[float], rates: Rates) -> Iterator[float]:
    w, v = 1.0, None
    for g, rate in zip(gradients, rates, strict=True):
        g = g + c.weight_decay * w
        v = g if v is None else c.momentum * v + (1 - c.dampening) * g
        w = w - c.learning_rate * rate * (g + c.momentum * v if c.nesterov else v)
        yield w


def adagrad_reference(c: AdagradConfig, gradients: list[float], rates: Rates) -> Iterator[float]:
    w, seen = 1.0, []
    for g, rate in zip(gradients, rates, strict=True):
        seen.append(g + c.weight_decay * w)
        total = c.initial_accumulator + math.fsum(past**2 for past in seen)
        w = w - c.learning_rate * rate * seen[-1] / (math.sqrt(total) + c.epsilon)
        yield w


def rmsprop_reference(c: RmspropConfig, gradients: list[float], rates: Rates) -> Iterator[float]:
    w, seen, steps = 1.0, [], []
    for g, rate in zip(gradients, rates, strict=True):
        seen.append(g + c.weight_decay * w)
        mean = math.fsum((1 - c.alpha) * c.alpha**age * past**2 for age, past in enumerate(reversed(seen)))
        steps.append(seen[-1] / (math.sqrt(mean) + c.epsilon))
        w = w - c.learning_rate * rate * math.fsum(c.momentum**age * s for age, s in enumerate(reversed(steps)))
        yield w


def adam_reference(c: AdamConfig, gradients: list[float], rates: Rates, decoupled: bool) -> Iterator[float]:
    w, seen = 1.0, []
    for g, rate in zip(gradients, rates, strict=True):
        seen.append(g if decoupled else g + c.weight_decay * w)
        means = []
        for beta, power in ((c.betas[0], 1), (c.betas[1], 2)):
            weights = [beta**age for age in range(len(seen))]
            total = math.fsum(weight * past**power for weight, past in zip(weights, reversed(seen), strict=True))
            means.append(total / math.fsum(weights))  # the bias correction divides by the sum of the weights
        eta = c.learning_rate * rate
        w = w - (eta * c.weight_decay * w if decoupled else 0) - eta * means[0] / (math.sqrt(means[1]) + c.epsilon)
        yield w


def lion_reference(c: LionConfig, gradients: list[float], rates: Rates) -> Iterator[float]:
    w, seen = 1.0, [0.0]
    for g, rate in zip(gradients, rates, strict=True):
        mean = math.fsum((1 - c.betas[1]) * c.betas[1] ** age * past for age, past in enumerate(reversed(seen)))
        seen.append(g)
        sign = math.copysign(1, c.betas[0] * mean + (1 - c.betas[0]) * g)
        w = w - c.learning_rate * rate * (sign + c.weight_decay * w)
        yield w


def reference(config: OptimizerConfig, gradients: list[float], rates: Rates) -> list[float]:
    match config:
        case GradientDescentConfig():
            return list(sgd_reference(SgdConfig(learning_rate=config.learning_rate), gradients, rates))
        case SgdConfig() | MomentumConfig() | NesterovConfig():
            return list(sgd_reference(config, gradients, rates))
        case AdagradConfig():
            return list(adagrad_reference(config, gradients, rates))
        case RmspropConfig():
            return list(rmsprop_reference(config, gradients, rates))
        case AdamWConfig():
            return list(adam_reference(config, gradients, rates, decoupled=True))
        case AdamConfig():
            return list(adam_reference(config, gradients, rates, decoupled=False))
        case LionConfig():
            return list(lion_reference(config, gradients, rates))
    raise AssertionError(config)


@each_optimizer
def test_trajectory_follows_the_paper(rule: type[Optimizer[Any]], config: OptimizerConfig) -> None:
    gradients = np.random.default_rng(3).normal(size=40).tolist()
    rates = np.linspace(1.0, 0.1, 40).tolist()

    found = trajectory(rule, config, gradients, rates)

    assert found == pytest.approx(reference(config, gradients, rates), rel=1e-10, abs=1e-12)
    assert len(set(found)) == 40


# What the engine relies on.


def several(dtype: str = "float64") -> list[tuple[str, np.ndarray]]:
    random = np.random.default_rng(0)
    return [("weight", random.normal(size=(3, 2)).astype(dtype)), ("bias", random.normal(size=2).astype(dtype))]


def drawn(parameters: list[tuple[str, np.ndarray]], seed: int) -> dict[str, np.ndarray]:
    random = np.random.default_rng(seed)
    return {name: random.normal(size=array.shape).astype(array.dtype) for name, array in parameters}


@each_optimizer
def test_parameters_are_updated_in_place_and_gradients_are_left_alone(
    rule: type[Optimizer[Any]], config: OptimizerConfig
) -> None:
    parameters = several()
    gradients = drawn(parameters, 1)
    before = {name: array.copy() for name, array in gradients.items()}
    optimizer = rule(config, parameters)

    for _ in range(3):
        optimizer.step(gradients, 1.0)

    for name, array in parameters:
        assert not np.array_equal(array, dict(several())[name])
        np.testing.assert_array_equal(gradients[name], before[name])


@each_optimizer
def test_single_precision_stays_single(rule: type[Optimizer[Any]], config: OptimizerConfig) -> None:
    parameters = several("float32")
    optimizer = rule(config, parameters)

    optimizer.step(drawn(parameters, 1), 0.5)

    assert {array.dtype.name for _, array in parameters} == {"float32"}
    assert {array.dtype.name for array in optimizer.state().arrays.values()} <= {"float32"}


@each_optimizer
def test_a_restored_optimizer_goes_on_bit_for_bit(rule: type[Optimizer[Any]], config: OptimizerConfig) -> None:
    whole, first, second = several(), several(), several()
    uninterrupted, stopped = rule(config, whole), rule(config, first)
    for seed in range(5):
        uninterrupted.step(drawn(whole, seed), 1.0)
        stopped.step(drawn(first, seed), 1.0)
    state = stopped.state()
    stopped.step(drawn(first, 99), 1.0)  # must not reach into the state that was taken

    resumed = rule(config, second)
    resumed.load_state(state)
    for (_, array), (_, saved) in zip(second, whole, strict=True):
        array[...] = saved
    for seed in range(5, 10):
        uninterrupted.step(drawn(whole, seed), 1.0)
        resumed.step(drawn(second, seed), 1.0)

    for (_, array), (_, expected) in zip(second, whole, strict=True):
        assert array.tobytes() == expected.tobytes()
    assert resumed.state().meta == {"steps": 10}


@pytest.mark.parametrize(
    ("rule", "config"),
    [
        (Sgd, SgdConfig(weight_decay=0.5)),
        (Adagrad, AdagradConfig(weight_decay=0.5)),
        (Rmsprop, RmspropConfig(weight_decay=0.5)),
        (Adam, AdamConfig(weight_decay=0.5)),
        (AdamW, AdamWConfig(weight_decay=0.5)),
        (Lion, LionConfig(weight_decay=0.5)),
    ],
)
def test_biases_and_norms_are_not_decayed(rule: type[Optimizer[Any]], config: OptimizerConfig) -> None:
    parameters = [(name, np.ones(2)) for name in ("dense.weight", "dense.bias", "LayerNorm.weight")]
    optimizer = rule(config, parameters)

    optimizer.step({name: np.zeros(2) for name, _ in parameters}, 1.0)

    moved = {name for name, array in parameters if not np.array_equal(array, np.ones(2))}
    assert moved == {"dense.weight"}


def test_an_empty_no_decay_decays_everything() -> None:
    bias = np.ones(2)
    AdamW(AdamWConfig(learning_rate=0.1, weight_decay=0.5, no_decay=()), [("bias", bias)]).step(
        {"bias": np.zeros(2)}, 1.0
    )
    np.testing.assert_allclose(bias, 0.95)


def test_rate_zero_moves_nothing() -> None:
    for rule, config in ALL:
        assert trajectory(rule, config, [3.0], [0.0]) == [1.0]


def test_nesterov_without_momentum_is_refused() -> None:
    with pytest.raises(ValueError, match="nesterov needs a momentum above 0"):
        SgdConfig(nesterov=True)


@pytest.mark.parametrize("config", [MomentumConfig, NesterovConfig])
def test_momentum_by_name_has_a_momentum(config: type[OptimizerConfig]) -> None:
    with pytest.raises(ValueError, match="momentum"):
        config(momentum=0.0)


def test_nesterov_by_name_has_no_dampening() -> None:
    with pytest.raises(ValueError, match="dampening"):
        NesterovConfig(dampening=0.1)


@pytest.mark.parametrize("wrong", [{"learning_rate": 0}, {"learning_rate": -1}, {"betas": (1.0, 0.9)}, {"rate": 1}])
def test_settings_out_of_bounds_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        AdamConfig(**wrong)

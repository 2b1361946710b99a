from __future__ import annotations

import math

import numpy as np
import pytest
from sci.api import ConfigError, Feature, Schema

from {{ module }}.config import GatedConfig
from {{ module }}.on_numpy import GatedNetwork

INPUTS = Schema({"a": Feature("number"), "b": Feature("number")}, {"a": "input", "b": "input"})
NUMBER = {"value": Feature("number")}
CLASSES = {"logits": Feature("array", shape=(3,))}
ROWS = {"numbers": np.random.default_rng(0).normal(size=(7, 2))}

each_head = pytest.mark.parametrize("heads", [NUMBER, CLASSES], ids=["number", "classes"])


def made(heads: dict[str, Feature], hidden: int = 4, seed: int = 1) -> GatedNetwork:
    return GatedNetwork(GatedConfig(hidden=hidden), INPUTS, heads, seed)


def test_the_network_is_what_its_definition_says() -> None:
    network, weights = made(NUMBER), made(NUMBER).parameters
    x, y = ROWS["numbers"][0]

    total = float(weights["head.bias"][0])
    for unit in range(4):
        value = weights["value.weight"][unit] @ (x, y) + weights["value.bias"][unit]
        gate = 1 / (1 + math.exp(-(weights["gate.weight"][unit] @ (x, y) + weights["gate.bias"][unit])))
        total += weights["head.weight"][0, unit] * value * gate

    assert network(ROWS)["value"].shape == (7,)
    assert network(ROWS)["value"][0] == pytest.approx(total)


@each_head
def test_the_derivative_is_that_of_small_differences(heads: dict[str, Feature]) -> None:
    network, [name] = made(heads), heads
    slope = np.random.default_rng(2).normal(size=network(ROWS)[name].shape)
    found = network.backward(ROWS, {name: slope})

    for key, weight in network.parameters.items():
        for place in np.ndindex(weight.shape):
            before, step = weight[place], 1e-6
            weight[place] = before + step
            above = float((network(ROWS)[name] * slope).sum())
            weight[place] = before - step
            below = float((network(ROWS)[name] * slope).sum())
            weight[place] = before
            assert found[key][place] == pytest.approx((above - below) / (2 * step), rel=1e-5, abs=1e-7)


def test_the_derivative_by_the_inputs_is_that_of_small_differences() -> None:
    network, step = made(NUMBER), 1e-6
    found = network.input_gradients(ROWS, {"value": np.ones(7)})["numbers"]

    for column in range(2):
        moved = ROWS["numbers"].copy()
        moved[:, column] += step
        expected = (network({"numbers": moved})["value"] - network(ROWS)["value"]) / step
        assert found[:, column] == pytest.approx(expected, abs=1e-4)


def test_the_first_weights_follow_from_the_seed_alone() -> None:
    same, other = made(CLASSES).parameters, made(CLASSES, seed=2).parameters

    assert all(np.array_equal(same[name], array) for name, array in made(CLASSES).parameters.items())
    assert not np.array_equal(same["value.weight"], other["value.weight"])


def test_a_task_with_several_heads_is_refused() -> None:
    with pytest.raises(ConfigError):
        made({**NUMBER, **CLASSES})


@each_head
def test_torch_emits_the_same_and_has_the_same_derivative(heads: dict[str, Feature]) -> None:
    torch = pytest.importorskip("torch")
    from {{ module }}.on_torch import build

    ours, [name] = made(heads), heads
    network = build(GatedConfig(hidden=4), INPUTS, heads, 1).double()
    emitted = network({"numbers": torch.from_numpy(ROWS["numbers"])})[name]
    slope = np.random.default_rng(3).normal(size=emitted.shape)
    (emitted * torch.from_numpy(slope)).sum().backward()

    expected = ours.backward(ROWS, {name: slope})
    np.testing.assert_allclose(emitted.detach().numpy(), ours(ROWS)[name], rtol=1e-6, atol=1e-6)
    for key, parameter in network.named_parameters():
        np.testing.assert_allclose(parameter.grad.numpy(), expected[key], rtol=1e-5, atol=1e-6, err_msg=key)

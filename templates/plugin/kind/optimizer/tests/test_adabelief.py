from __future__ import annotations

import math

import numpy as np
import pytest

from {{ module }}.config import AdaBeliefConfig
from {{ module }}.on_numpy import AdaBelief

CURVATURE = np.array([[3.0, 1.0], [1.0, 1.0]])
LOWEST = np.array([1.0, -2.0])


def loss(at: np.ndarray) -> float:
    """A convex bowl with its lowest value, 0, at `LOWEST`."""
    return float(0.5 * (at - LOWEST) @ CURVATURE @ (at - LOWEST))


def slope(at: np.ndarray) -> np.ndarray:
    return np.asarray(CURVATURE @ (at - LOWEST))


def descend(optimizer: AdaBelief, at: np.ndarray, steps: int) -> None:
    for _ in range(steps):
        optimizer.step({"w": slope(at)}, 1.0)


def test_two_updates_are_those_of_the_algorithm() -> None:
    at = np.array([0.5])
    optimizer = AdaBelief(AdaBeliefConfig(learning_rate=0.1, betas=(0.9, 0.99), epsilon=1e-8), [("w", at)])

    expected, mean, spread = 0.5, 0.0, 0.0
    for number, gradient in enumerate((2.0, -1.0), 1):
        optimizer.step({"w": np.array([gradient])}, 0.5)
        mean = 0.9 * mean + 0.1 * gradient
        spread = 0.99 * spread + 0.01 * (gradient - mean) ** 2 + 1e-8
        corrected = mean / (1 - 0.9**number), spread / (1 - 0.99**number)
        expected -= 0.5 * 0.1 * corrected[0] / (math.sqrt(corrected[1]) + 1e-8)

    assert at[0] == pytest.approx(expected)


def test_a_convex_loss_falls_to_its_lowest_value() -> None:
    at = np.zeros(2)
    optimizer = AdaBelief(AdaBeliefConfig(learning_rate=0.05), [("w", at)])
    first = loss(at)

    descend(optimizer, at, 50)
    after_a_while = loss(at)
    descend(optimizer, at, 1000)

    assert after_a_while < first
    assert at == pytest.approx(LOWEST, abs=1e-2)


def test_gradients_are_left_as_they_are() -> None:
    gradient = np.ones(2)
    gradient.flags.writeable = False

    AdaBelief(AdaBeliefConfig(), [("w", np.zeros(2))]).step({"w": gradient, "another": gradient}, 1.0)


def test_a_restored_optimizer_goes_on_bit_for_bit() -> None:
    whole, stopped = np.zeros(2), np.zeros(2)
    first, second = (AdaBelief(AdaBeliefConfig(), [("w", array)]) for array in (whole, stopped))
    descend(first, whole, 10)
    descend(second, stopped, 5)

    resumed = AdaBelief(AdaBeliefConfig(), [("w", stopped)])
    resumed.load_state(second.state())
    descend(resumed, stopped, 5)

    assert stopped.tobytes() == whole.tobytes()


def test_torch_takes_the_same_steps() -> None:
    torch = pytest.importorskip("torch")
    from {{ module }} import on_torch

    at = np.zeros(2)
    tensor = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    ours = AdaBelief(AdaBeliefConfig(), [("w", at)])
    theirs = on_torch.AdaBelief(AdaBeliefConfig(), [("w", tensor)])
    for _ in range(20):
        ours.step({"w": slope(at)}, 1.0)
        tensor.grad = torch.from_numpy(slope(tensor.detach().numpy()))
        theirs.step()

    np.testing.assert_allclose(tensor.detach().numpy(), at, rtol=1e-9)

"""The network on each engine that is installed, against its definition."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
import pytest
from sci.api import Feature, Schema

from {{ module }}.config import BandNetworkConfig

INPUTS = Schema({"spectrum": Feature("array", shape=(5,))}, {"spectrum": "input"})
HEADS = {"value": Feature("number")}
ROWS = np.random.default_rng(0).normal(size=(7, 5)).astype(np.float32)


def on_torch() -> tuple[dict[str, np.ndarray], np.ndarray]:
    torch = pytest.importorskip("torch")
    pytest.importorskip("sci_torch")
    from {{ module }}.on_torch import build

    network = build(BandNetworkConfig(hidden=3), INPUTS, HEADS, 1)
    emitted = network({"numbers": torch.from_numpy(ROWS)})["value"]
    return {name: weight.detach().numpy() for name, weight in network.named_parameters()}, emitted.detach().numpy()


def on_tensorflow() -> tuple[dict[str, np.ndarray], np.ndarray]:
    pytest.importorskip("tensorflow")
    pytest.importorskip("sci_tensorflow")
    from {{ module }}.on_tensorflow import build

    network = build(BandNetworkConfig(hidden=3), INPUTS, HEADS, 1)
    emitted: Any = network({"numbers": ROWS})["value"]
    return {weight.name: weight.array() for weight in network.weights}, emitted.numpy()


ENGINES = {"torch": on_torch, "tensorflow": on_tensorflow}


@pytest.mark.parametrize("engine", ENGINES)
def test_the_network_is_what_its_definition_says(engine: str) -> None:
    weights, emitted = ENGINES[engine]()

    def linear(name: str, values: np.ndarray) -> np.ndarray:
        return np.asarray(values @ weights[f"{name}.weight"].T + weights[f"{name}.bias"])

    gated = ROWS / (1 + np.exp(-linear("gate", ROWS)))
    expected = linear("head.value", np.tanh(linear("hidden", gated)))[:, 0]

    np.testing.assert_allclose(emitted, expected, rtol=1e-5, atol=1e-6)


def test_both_engines_start_from_the_same_weights() -> None:
    ours, theirs = on_torch()[0], on_tensorflow()[0]

    assert list(ours) == list(theirs)
    for name, weight in ours.items():
        np.testing.assert_array_equal(weight, theirs[name], err_msg=name)


def test_the_light_modules_import_no_framework() -> None:
    plugin = importlib.import_module("{{ module }}.plugin")

    targets = plugin.sci_models()[0].target
    assert set(targets) == {"torch", "tensorflow"}

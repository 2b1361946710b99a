"""Cross-entropy over the positions of sequences, on every engine that is installed."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from sci.api import ENDED, ConfigError, Feature
from sci_networks.config import CrossEntropyConfig

ROWS, LONGEST, CLASSES = 4, 8, 5
TAGS = {"tags": Feature("array", shape=(CLASSES,), ragged=True)}
TRANSLATED = {"tags": Feature("array", shape=(CLASSES,), ragged=True, pad=2, format=ENDED)}


@pytest.fixture(params=["torch", "tensorflow"])
def engine(request: pytest.FixtureRequest) -> str:
    pytest.importorskip(request.param, reason=f"engine {request.param} is not installed")
    return str(request.param)


def made(engine: str, heads: Mapping[str, Feature], smoothing: float = 0.0) -> Callable[..., Any]:
    loss = importlib.import_module(f"sci_networks.{engine}.losses").CrossEntropy
    found: Callable[..., Any] = loss(CrossEntropyConfig(label_smoothing=smoothing), heads)
    return found


def tensors(engine: str, arrays: Mapping[str, np.ndarray]) -> dict[str, Any]:
    convert = getattr(importlib.import_module(engine), "from_numpy" if engine == "torch" else "constant")
    return {name: convert(array) for name, array in arrays.items()}


def batch(*, weighted: bool = False) -> dict[str, np.ndarray]:
    """Codes with some that are unknown; what stands in the padding would be an error if it were read."""
    draw = np.random.default_rng(0)
    target = draw.integers(0, CLASSES, (ROWS, LONGEST))
    target[0, 2], target[1, 0] = -1, -1
    lengths = np.array([8, 3, 0, 5], dtype=np.int32)
    target[np.arange(LONGEST) >= lengths[:, None]] = 4
    found = {"target": target, "target.length": lengths}
    return {**found, "weight": np.array([0.5, 2.0, 3.0, 0.0])} if weighted else found


def reference(logits: np.ndarray, given: Mapping[str, np.ndarray], end: int | None, smoothing: float) -> float:
    """The definition, position by position."""
    total = mass = 0.0
    for row, length in enumerate(given["target.length"]):
        codes = [*given["target"][row, :length], *([] if end is None else [end])]
        for place, code in enumerate(codes):
            if code < 0:
                continue
            weight = float(given["weight"][row]) if "weight" in given else 1.0
            log = logits[row, place] - np.log(np.exp(logits[row, place]).sum())
            total -= weight * ((1 - smoothing) * log[code] + smoothing * log.mean())
            mass += weight
    return total / mass


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("end", [None, 2])
def test_it_is_the_mean_over_known_positions_and_the_end(engine, end, smoothing, weighted) -> None:
    given = batch(weighted=weighted)
    logits = np.random.default_rng(1).normal(size=(ROWS, LONGEST + (end is not None), CLASSES))
    loss = made(engine, TAGS if end is None else TRANSLATED, smoothing)

    found = loss(tensors(engine, {"tags": logits}), tensors(engine, given))

    assert float(found) == pytest.approx(reference(logits, given, end, smoothing), rel=1e-12)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("heads", [TAGS, TRANSLATED])
def test_losses_of_parts_weighed_by_their_mass_are_the_loss_of_all(engine, heads, weighted) -> None:
    given = batch(weighted=weighted)
    logits = np.random.default_rng(2).normal(size=(ROWS, LONGEST + (heads is TRANSLATED), CLASSES))
    loss: Any = made(engine, heads)
    parts = [slice(0, 1), slice(1, 4)]

    losses = [
        loss(tensors(engine, {"tags": logits[part]}), tensors(engine, {key: a[part] for key, a in given.items()}))
        for part in parts
    ]
    masses = [float(loss.mass(tensors(engine, {key: a[part] for key, a in given.items()}))) for part in parts]

    whole = loss(tensors(engine, {"tags": logits}), tensors(engine, given))
    assert np.average([float(one) for one in losses], weights=masses) == pytest.approx(float(whole), rel=1e-12)
    assert sum(masses) == float(loss.mass(tensors(engine, given)))


def test_rows_without_a_known_position_are_no_loss(engine) -> None:
    given = {"target": np.full((2, 8), -1), "target.length": np.array([8, 0], dtype=np.int32)}
    loss: Any = made(engine, TAGS)
    assert float(loss(tensors(engine, {"tags": np.ones((2, 8, CLASSES))}), tensors(engine, given))) == 0
    assert float(loss.mass(tensors(engine, given))) == 0


def test_the_mass_of_rows_with_one_class_each_is_their_number(engine) -> None:
    loss: Any = made(engine, {"logits": Feature("array", shape=(CLASSES,))})
    assert float(loss.mass(tensors(engine, {"target": np.zeros(3, dtype=np.int64)}))) == 3


def test_a_matrix_for_each_position_is_refused(engine) -> None:
    with pytest.raises(ConfigError, match="cross-entropy has one vector"):
        made(engine, {"tags": Feature("array", shape=(2, 2), ragged=True)})

from __future__ import annotations

import numpy as np
import pytest

from sci_track import events
from sci_track.records import crc32c, encoded


def test_checksums_are_those_of_the_standard():
    rows = np.stack([np.zeros(32, np.uint8), np.full(32, 255, np.uint8), np.arange(32, dtype=np.uint8)])

    found = crc32c(rows)

    assert [hex(one) for one in found] == ["0x8a9136aa", "0x62a8ab43", "0x46dd794e"]  # RFC 3720, B.4


STEPS = np.array([1, 2, 127, 128, 129, 16383, 16384, 2**21 - 1, 2**21, 2**28 - 1, 2**28, 2**40])


@pytest.mark.parametrize("steps", [STEPS, STEPS[:1]], ids=["many", "one"])
def test_many_steps_at_once_are_the_bytes_that_tensorboard_writes(steps):
    generator = np.random.default_rng(0)
    columns = {tag: generator.normal(size=len(steps)) for tag in ("step/loss", "learning_rate/é", "a" * 200)}
    one_by_one = [
        events.numbers({tag: values[at] for tag, values in columns.items()}, int(step), 1795475817.25)
        for at, step in enumerate(steps)
    ]

    found = events.many(steps, columns, 1795475817.25)

    assert found == encoded(one_by_one)


def test_numbers_that_single_precision_cannot_hold_are_written_as_tensorboard_writes_them():
    values = np.array([np.nan, np.inf, -np.inf, -0.0, 0.0, 1e-50, 3.4e38, 1.1])
    steps = np.arange(1, 9)

    found = events.many(steps, {"loss": values}, 1.0)

    with np.errstate(over="ignore"):
        single = values.astype(np.float32)
    assert found == encoded(
        events.numbers({"loss": value}, step, 1.0) for value, step in zip(single, steps.tolist(), strict=True)
    )


def test_a_loss_beyond_single_precision_is_infinite_and_no_error():
    found = events.many(np.array([1]), {"loss": np.array([1e300])}, 1.0)

    assert found == encoded([events.numbers({"loss": float("inf")}, 1, 1.0)])


def test_settings_are_named_by_their_place_in_the_file():
    experiment = {
        "task": "regression",
        "preprocessing": ["standardize", {"name": "clip", "low": -3.0}],
        "model": {"name": "mlp", "hidden": [64, 32], "dropout": None},
        "engine": {"name": "torch", "compile": False},
        "training": {
            "optimizer": {"first": {"name": "adam", "learning_rate": 0.1}, "second": {"name": "sgd"}},
            "epochs": 3,
            "checkpoint": {"keep": 2},
        },
        "report": ["html"],
    }

    assert events.hyperparameters(experiment, 7) == {
        "seed": 7,
        "task": "regression",
        "preprocessing.1": "standardize",
        "preprocessing.2": "clip",
        "preprocessing.2.low": -3.0,
        "model": "mlp",
        "model.hidden": "[64, 32]",
        "engine": "torch",
        "engine.compile": False,
        "training.optimizer.first": "adam",
        "training.optimizer.first.learning_rate": 0.1,
        "training.optimizer.second": "sgd",
        "training.epochs": 3,
    }

"""Predictions beside the truth, made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from sci.api import Feature, Predictions
from sci.testing.data import CLASSES, regression

OF_A_RIGHT_ONE = 0.6
"""Probability of the class that is predicted, where none is given."""


def measured(target: Any, value: Any) -> Predictions:
    """Predicted numbers beside the true ones, as regression gives them.

    Args:
        target: the truth, one number for each row.
        value: what was predicted.
    """
    number = Feature("number", dtype="float64")
    columns = {"target": np.asarray(target, dtype=np.float64), "prediction.value": np.asarray(value, dtype=np.float64)}
    return Predictions.of(_ids(len(columns["target"])), columns, dict.fromkeys(columns, number), info={})


def classified(
    target: Sequence[str],
    label: Sequence[str] | None = None,
    probability: Sequence[Sequence[float]] | None = None,
    classes: Sequence[str] | None = None,
    positive: str | None = None,
) -> Predictions:
    """Predicted classes beside the true ones, as classification gives them.

    Args:
        target: names of the true classes.
        label: names of the predicted ones; by default those of the largest probability.
        probability: for each row one number for each class; by default 0.6 for the predicted class, and the rest in
            equal parts.
        classes: all classes in the order of the probabilities; by default those that occur, sorted.
        positive: the positive one of two classes; by default the rarer one of the target, the later in the alphabet
            where both are equally frequent.
    """
    names = list(classes) if classes else sorted({*target, *(label or ())})
    if probability is None:
        assert label is not None, "either `label` or `probability` is given"
        rest = (1 - OF_A_RIGHT_ONE) / max(len(names) - 1, 1)
        chances = np.array([[OF_A_RIGHT_ONE if one == name else rest for one in names] for name in label])
    else:
        chances = np.asarray(probability, dtype=np.float64)
    chances = chances.reshape(len(target), len(names))
    labels = list(label) if label is not None else [names[int(row.argmax())] for row in chances]
    category = Feature("category", dtype="string", size=len(names), values=tuple(names))
    features = {
        "target": Feature("category", dtype="string"),
        "prediction.label": category,
        "prediction.probability": Feature("array", dtype="float64", shape=(len(names),)),
    }
    columns = {
        "target": pa.array(list(target), pa.large_string()),
        "prediction.label": pa.array(labels, pa.large_string()),
        "prediction.probability": chances,
    }
    info = {
        "classes": names,
        "positive": (positive or _rarer(names, target)) if len(names) == 2 else None,
        "counts": {name: list(target).count(name) for name in names},
    }
    return Predictions.of(_ids(len(target)), columns, features, info=info)


def examples(task: str) -> dict[str, Predictions]:
    """Predictions of a task from `perfect` through `good` to `bad`; empty for a task that the kit does not know."""
    if task == "regression":
        truth = np.asarray(regression().column("y"))
        wave = np.sin(np.arange(len(truth)) * 1.3)
        return {
            "perfect": measured(truth, truth),
            "good": measured(truth, truth + 0.5 * wave),
            "bad": measured(truth, -truth + 5 * wave),
        }
    if task == "classification":
        return _classes(("no", "yes"))
    return {}


def several_classes() -> dict[str, Predictions]:
    """As `examples` of classification, with three classes."""
    return _classes(CLASSES)


def _classes(names: tuple[str, ...]) -> dict[str, Predictions]:
    rows, count = 40, len(names)
    truth = [row * row % 7 % count for row in range(rows)]
    shifts = {"perfect": [0] * rows, "good": [int(row % 5 == 0) for row in range(rows)], "bad": [1] * rows}
    made = {}
    for name, shift in shifts.items():
        codes = [(code + step) % count for code, step in zip(truth, shift, strict=True)]
        size = 0.97 if name == "perfect" else 0.8
        spread = 0.0 if name == "perfect" else 0.1
        top = [size - spread * abs(np.sin(row * 1.7)) for row in range(rows)]
        chances = [
            [chance if place == code else (1 - chance) / (count - 1) for place in range(count)]
            for code, chance in zip(codes, top, strict=True)
        ]
        made[name] = classified([names[code] for code in truth], None, chances, names)
    return made


def _rarer(names: Sequence[str], target: Sequence[str]) -> str:
    first, second = (list(target).count(name) for name in names)
    return names[0] if first < second else names[1]


def _ids(count: int) -> np.ndarray:
    return np.arange(count, dtype=np.int64)

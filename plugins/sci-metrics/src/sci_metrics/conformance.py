"""What the conformance kit is told about the metrics: values of a few rows, computed by hand from the definitions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sci.testing import Case

if TYPE_CHECKING:
    from sci.api import Predictions

LABELLED = {
    "accuracy": 5 / 8,
    "balanced-accuracy": 19 / 30,
    "precision": 1 / 2,
    "recall": 2 / 3,
    "f1": 4 / 7,
    "precision-macro": 5 / 8,
    "precision-micro": 5 / 8,
    "precision-weighted": 21 / 32,
    "recall-macro": 19 / 30,
    "recall-micro": 5 / 8,
    "recall-weighted": 5 / 8,
    "f1-macro": 13 / 21,
    "f1-micro": 5 / 8,
    "f1-weighted": 53 / 84,
    "mcc": 4 / math.sqrt(240),
}
"""Of three positive rows two are found, and of five others two are called positive."""

SCORED = {
    "roc-auc": 3 / 4,
    "roc-auc-ovr": 3 / 4,
    "pr-auc": 5 / 6,
    "pr-auc-ovr": 5 / 6,
    "log-loss": -math.log(0.9 * 0.4) / 2,
    "brier": (2 * 0.1**2 + 2 * 0.6**2) / 4,
}
"""Two positive rows with the probabilities 0.9 and 0.4, two others with 0.6 and 0.1."""

TRANSLATED = {"exact-match": 1 / 2, "bleu": 100 * (5 / 6) ** (1 / 4) * math.exp(1 - 9 / 8)}
"""Of two texts one is its reference of six words, and the other lacks the middle one of three."""

SPELLED = {"chrf": 100 * (1 / 2 + 0) / 2}
"""Of two letters one is right, and no pair."""

MEASURED = {"mae": 1.0, "mse": 5 / 3, "rmse": math.sqrt(5 / 3), "r2": -1 / 14}
"""The errors 1, 0 and -2 of the numbers 1, 2 and 4."""


def cases() -> list[Case]:
    """Each metric with rows and the value that they have."""
    sets = (
        (LABELLED, labelled),
        (SCORED, scored),
        (MEASURED, errors),
        (TRANSLATED, translations),
        (SPELLED, letters),
    )
    return [
        Case("metrics", name, data=data, claims={"value": value})
        for values, data in sets
        for name, value in values.items()
    ]


def labelled() -> Predictions:
    """Eight rows of two classes."""
    from sci.testing import classified

    return classified(["yes"] * 3 + ["no"] * 5, ["yes", "yes", "no", "yes", "yes", "no", "no", "no"])


def scored() -> Predictions:
    """Four rows of two classes with probabilities."""
    from sci.testing import classified

    chances = [[1 - chance, chance] for chance in (0.9, 0.4, 0.6, 0.1)]
    return classified(["yes", "yes", "no", "no"], probability=chances)


def errors() -> Predictions:
    """Three numbers, all predicted as 2."""
    from sci.testing import measured

    return measured([1.0, 2.0, 4.0], [2.0, 2.0, 2.0])


def translations() -> Predictions:
    """Two short sentences."""
    return translated(["the cat sat on the mat", "a small dog"], ["the cat sat on the mat", "a dog"])


def letters() -> Predictions:
    """One word of two letters."""
    return translated(["ab"], ["aa"])


def translated(target: list[str], text: list[str]) -> Predictions:
    """Texts beside the true ones, as task `seq2seq` gives them."""
    import numpy as np
    import pyarrow as pa

    from sci.api import Feature, Predictions

    columns = {"target": pa.array(target, pa.large_string()), "prediction.text": pa.array(text, pa.large_string())}
    return Predictions.of(np.arange(len(target)), columns, dict.fromkeys(columns, Feature("text", dtype="string")))

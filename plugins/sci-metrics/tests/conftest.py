from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
import pytest

from sci.api import Feature, Predictions


def classification(
    truth: Sequence[str | None],
    label: Sequence[str | None],
    probability: np.ndarray | None = None,
    classes: Sequence[str] | None = None,
    positive: str | None = None,
    first_id: int = 0,
) -> Predictions:
    """Predictions of the task `classification`; `positive` is the last of two classes unless given."""
    names = list(classes or sorted({*truth, *label} - {None}))
    columns = {
        "target": pa.array(truth, type=pa.large_string()),
        "prediction.label": pa.array(label, type=pa.large_string()),
    }
    features = dict.fromkeys(columns, Feature("category", dtype="string"))
    if probability is not None:
        columns["prediction.probability"] = np.asarray(probability, dtype=np.float64)
        features["prediction.probability"] = Feature("array", dtype="float64", shape=(len(names),))
    info = {"classes": names, "positive": positive or (names[-1] if len(names) == 2 else None)}
    return Predictions.of(np.arange(first_id, first_id + len(truth)), columns, features, info=info)


def regression(truth: Sequence[float], value: Sequence[float]) -> Predictions:
    """Predictions of the task `regression`."""
    columns = {"target": np.asarray(truth, dtype=float), "prediction.value": np.asarray(value, dtype=float)}
    return Predictions.of(np.arange(len(truth)), columns, dict.fromkeys(columns, Feature("number", dtype="float64")))


@pytest.fixture(name="classification")
def classification_builder() -> Callable[..., Predictions]:
    return classification


@pytest.fixture(name="regression")
def regression_builder() -> Callable[..., Predictions]:
    return regression

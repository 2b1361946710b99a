"""The kit's own components in an experiment file: rows to read, parts to divide them into, and metrics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from sci.api import ComponentConfig, ComponentSpec, Dataset, Fold, Predictions, dataset
from sci.api.rows import to_arrow
from sci.testing.data import regression

MARK = "<kit-mark>"
"""Stands in names, texts and classes: whoever shows them on a page has to escape it."""


class Rows:
    """Component `kit-rows`: the data set `regression`."""

    def __init__(self, config: ComponentConfig) -> None:
        self.config = config

    def columns(self) -> Mapping[str, Any]:
        """What is read."""
        found = regression()
        return {name: to_arrow(found.column(name)) for name in found.schema.columns}

    def read(self, context: Any) -> Dataset:
        """All rows, without roles: those are the core's affair."""
        return dataset(dict(self.columns()))


class MarkedRows(Rows):
    """Component `kit-marked-rows`: the same, and the first input has markup in its name."""

    def columns(self) -> Mapping[str, Any]:
        """What is read."""
        return {f"x0 {MARK}" if name == "x0" else name: column for name, column in super().columns().items()}


class MarkedClasses(MarkedRows):
    """Component `kit-marked-classes`: the same with one of two classes to predict, and markup in the name of one."""

    def columns(self) -> Mapping[str, Any]:
        """What is read."""
        found = dict(super().columns())
        value = np.asarray(regression().column("y"))
        labels = [f"high {MARK}" if one > np.median(value) else "low" for one in value]
        return {**found, "y": pa.array(labels, pa.large_string())}


class Parts:
    """Component `kit-split`: every fourth row for test, every fifth of the rest for validation."""

    def __init__(self, config: ComponentConfig) -> None:
        self.config = config

    def split(self, data: Dataset, context: Any, seed: int) -> Sequence[Fold]:
        """One fold."""
        rows = np.arange(len(data), dtype=np.int64)
        test, rest = rows[rows % 4 == 3], rows[rows % 4 != 3]
        return [Fold("split", rest[rest % 5 != 0], rest[rest % 5 == 0], test)]


class Error:
    """The mean absolute error, as a metric that can only be called."""

    higher_is_better = False
    bounds: tuple[float | None, float | None] = (0.0, None)

    def __init__(self, config: ComponentConfig | None = None) -> None:
        self.config = config

    def __call__(self, predictions: Predictions) -> float:
        if not len(predictions):
            return float("nan")
        errors = np.asarray(predictions.prediction("value")) - np.asarray(predictions.target())
        return float(np.mean(np.abs(errors)))


class SummedError(Error):
    """Component `kit-error`: the same from sums over rows, so that a study is soon over."""

    def statistics(self, predictions: Predictions) -> np.ndarray:
        """The size of each error, float64 [n, 1]."""
        errors = np.asarray(predictions.prediction("value")) - np.asarray(predictions.target())
        return np.abs(errors, dtype=np.float64)[:, None]

    def value(self, sums: np.ndarray, n: int) -> np.ndarray:
        """From sums over rows, [..., 1] to [...]."""
        found: np.ndarray = sums[..., 0] / n
        return found


class Hits:
    """Component `kit-hits`: the share of classes that are right."""

    higher_is_better = True
    bounds: tuple[float | None, float | None] = (0.0, 1.0)

    def __init__(self, config: ComponentConfig | None = None) -> None:
        self.config = config

    def statistics(self, predictions: Predictions) -> np.ndarray:
        """1 for a row that is right, float64 [n, 1]."""
        return (predictions.codes("target") == predictions.codes("label")).astype(np.float64)[:, None]

    def value(self, sums: np.ndarray, n: int) -> np.ndarray:
        """From sums over rows, [..., 1] to [...]."""
        found: np.ndarray = sums[..., 0] / n
        return found

    def __call__(self, predictions: Predictions) -> float:
        if not len(predictions):
            return float("nan")
        return float(self.statistics(predictions).mean())


def raw(name: str) -> Dataset:
    """The rows of one of the sources."""
    made: Rows = {"kit-rows": Rows, "kit-marked-rows": MarkedRows, "kit-marked-classes": MarkedClasses}[name](
        ComponentConfig()
    )
    return made.read(None)


def _spec(name: str, target: str, summary: str) -> ComponentSpec:
    return ComponentSpec(name, f"sci.testing.rows:{target}", summary)


SPECS = {
    "sources": [
        _spec("kit-rows", "Rows", "Rows of the conformance kit"),
        _spec("kit-marked-rows", "MarkedRows", "The same, with markup in a name"),
        _spec("kit-marked-classes", "MarkedClasses", "The same, with classes"),
    ],
    "splitters": [_spec("kit-split", "Parts", "Parts of those rows")],
    "metrics": [_spec("kit-error", "SummedError", "Mean absolute error"), _spec("kit-hits", "Hits", "Share of hits")],
}
"""Kind to specs."""

READ = {
    ("regression", False): ("kit-rows", "kit-error"),
    ("regression", True): ("kit-marked-rows", "kit-error"),
    ("classification", True): ("kit-marked-classes", "kit-hits"),
    ("classification", False): ("kit-marked-classes", "kit-hits"),
}
"""Kind of study, and whether names hold markup, to source and metric."""

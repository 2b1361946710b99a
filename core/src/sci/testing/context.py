"""A run to work for, in a folder of its own."""

from __future__ import annotations

import contextlib
import math
import pathlib
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, Literal

import numpy as np

from sci.api import Band, Curve, Metric, Predictions, RunContext, Score
from sci.runs.paths import inside, resolve


class KitContext:
    """Implements `sci.api.RunContext` over one folder, from which paths are resolved too.

    Args:
        folder: the run directory.
        seed: of the run.
        run_id: of the run.
        experiment: the resolved experiment.
        judge: the context of a real run, which knows metrics and intervals; without one, what is scored has no
            interval.
    """

    purpose: Literal["run"] = "run"

    def __init__(
        self,
        folder: pathlib.Path,
        seed: int = 7,
        run_id: str = "20000101-000000-kits",
        experiment: Mapping[str, Any] | None = None,
        judge: RunContext | None = None,
    ) -> None:
        self.judge = judge
        self.directory = folder
        self.seed = seed
        self.run_id = run_id
        self.experiment: Mapping[str, Any] = experiment or {}
        self.warnings: list[tuple[str, str]] = []
        self.changes: dict[str, str] = {}
        self.written: list[str] = []

    def resolve(self, path: str) -> pathlib.Path:
        return resolve(self.directory, path)

    @contextlib.contextmanager
    def write(self, name: str) -> Iterator[BinaryIO]:
        place = inside(self.directory, name)
        place.parent.mkdir(parents=True, exist_ok=True)
        self.written.append(name)
        with place.open("wb") as file:
            yield file

    def append(self, name: str, data: bytes) -> None:
        place = inside(self.directory, name)
        place.parent.mkdir(parents=True, exist_ok=True)
        self.written.append(name)
        with place.open("ab") as file:
            file.write(data)

    def report(self, message: str, done: int | None = None, total: int | None = None) -> None:
        return None

    def warn(self, id: str, message: str) -> None:
        self.warnings.append((id, message))

    def changed(self, column: str, why: str) -> None:
        self.changes[column] = why

    def random(self, stream: str) -> np.random.Generator:
        return np.random.default_rng([self.seed, *stream.encode()])

    def score(self, metric: Metric | str | Mapping[str, Any], predictions: Predictions) -> Score:
        if self.judge is not None:
            return self.judge.score(metric, predictions)
        assert callable(metric), "a metric by its name needs a run that has been conducted"
        value, nothing = float(metric(predictions)), math.nan
        return Score(value, nothing, nothing, 0.95, "no interval", len(predictions), metric.higher_is_better)

    def band(self, curve: Curve, predictions: Predictions) -> Band:
        if self.judge is not None:
            return self.judge.band(curve, predictions)
        nothing = np.full(curve(predictions)(np.ones((1, len(predictions)))).shape[1], math.nan)
        return Band(nothing, nothing, 0.95, "no interval")

    def stop_requested(self) -> bool:
        return False

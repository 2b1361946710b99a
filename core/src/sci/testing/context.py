"""A run to work for, in a folder of its own."""

from __future__ import annotations

import contextlib
import math
import pathlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO, Literal

import numpy as np

from sci.api import Band, ConfigError, Curve, Metric, Predictions, Score
from sci.api.judgement import Fingerprint
from sci.pipeline.scores import Judge
from sci.runs.paths import inside, resolve


class KitContext:
    """Implements `sci.api.RunContext` over one folder, from which paths are resolved too.

    Args:
        folder: the run directory.
        seed: of the run.
        run_id: of the run.
        experiment: the resolved experiment.
        judge: scores with the metrics and the interval of a study; without one, metrics of a component's own have a
            value and no interval.
    """

    purpose: Literal["run"] = "run"

    def __init__(
        self,
        folder: pathlib.Path,
        seed: int = 7,
        run_id: str = "20000101-000000-kits",
        experiment: Mapping[str, Any] | None = None,
        judge: Judge | None = None,
    ) -> None:
        self.directory = folder
        self.seed = seed
        self.run_id = run_id
        self.experiment: Mapping[str, Any] = experiment or {}
        self.judge = judge
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

    def score(self, metric: str | Metric, predictions: Predictions, confidence: float | None = None) -> Score:
        if self.judge is not None:
            return self.judge.measure(metric, predictions, confidence)
        if isinstance(metric, str):
            raise ConfigError(f"no experiment measures `{metric}` here", id="analysis.metric")
        level = 0.95 if confidence is None else confidence
        value, higher = float(metric(predictions)), metric.higher_is_better
        return Score(value, math.nan, math.nan, level, "no interval", len(predictions), higher)

    def band(self, curve: Curve, predictions: Predictions) -> Band:
        if self.judge is not None:
            return self.judge.band(curve, predictions)
        nothing = np.full(curve.points, math.nan)
        return Band(nothing, nothing, 0.95, "no interval")

    def fingerprints(self, kind: str) -> Sequence[Fingerprint]:
        """None: the kit looks at one component at a time."""
        return ()

    def stop_requested(self) -> bool:
        return False

"""A run to work for, in a folder of its own."""

from __future__ import annotations

import contextlib
import pathlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO, Literal

import numpy as np

from sci.api.judgement import Fingerprint
from sci.runs.paths import inside, resolve


class KitContext:
    """Implements `sci.api.RunContext` over one folder, from which paths are resolved too.

    Args:
        folder: the run directory.
        seed: of the run.
        run_id: of the run.
        experiment: the resolved experiment.
    """

    purpose: Literal["run"] = "run"

    def __init__(
        self,
        folder: pathlib.Path,
        seed: int = 7,
        run_id: str = "20000101-000000-kits",
        experiment: Mapping[str, Any] | None = None,
    ) -> None:
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

    def fingerprints(self, kind: str) -> Sequence[Fingerprint]:
        """None: the kit looks at one component at a time."""
        return ()

    def stop_requested(self) -> bool:
        return False

"""The run that components work for."""

from __future__ import annotations

import contextlib
import functools
import pathlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

import numpy as np

from sci.api.errors import PluginError, StorageError
from sci.api.judgement import Fingerprint
from sci.pipeline.assembly import Assembly
from sci.pipeline.fingerprints import fingerprints
from sci.pipeline.order import generator
from sci.pipeline.scores import Judge
from sci.pipeline.stop import Stop
from sci.pipeline.view import View
from sci.runs.ledger import Ledger
from sci.runs.manifest import Manifest, now
from sci.runs.paths import inside
from sci.runs.writer import append, append_line, atomic

if TYPE_CHECKING:
    from sci.api import Band, Curve, Metric, Predictions, Score
    from sci.pipeline.observers import Observers


@dataclass
class Context:
    """Implements `sci.api.RunContext`; `child` contexts share everything but directory, seed and assembly."""

    run_id: str
    purpose: Literal["run", "check", "predict", "evaluate"]
    assembly: Assembly
    directory: pathlib.Path
    seed: int
    view: View = field(default_factory=View)
    manifest: Manifest | None = None
    ledger: Ledger | None = None
    stop: Stop | None = None
    hooks: Any = None
    observers: Observers | None = None
    stage: str = ""
    quiet: bool = False
    summary: str = ""
    changes: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def experiment(self) -> Mapping[str, Any]:
        return self.assembly.experiment

    def resolve(self, path: str) -> pathlib.Path:
        return self.assembly.file(path)

    @contextlib.contextmanager
    def write(self, name: str) -> Iterator[BinaryIO]:
        with atomic(self._own(name)) as file:
            yield file

    def append(self, name: str, data: bytes) -> None:
        append(self._own(name), data)

    def _own(self, name: str) -> pathlib.Path:
        try:
            return inside(self.directory, name)
        except StorageError as error:
            raise PluginError(
                f"`{name}` lies outside of the run, and components write nothing there", id="plugin.result"
            ) from error

    def tell(self, event: str, **facts: Any) -> None:
        """Let the observers hear what happened in this run."""
        if self.observers is not None:
            self.observers.tell(event, self, **facts)

    def report(self, message: str, done: int | None = None, total: int | None = None) -> None:
        if not self.quiet:
            self.view.progress(self.stage, message, done, total)

    def say(self, summary: str) -> None:
        """What the stage came to, for the line that stays when it is over."""
        self.summary = summary
        self.log(summary)

    def log(self, text: str) -> None:
        """A line in log.txt."""
        if self.manifest is not None:
            append_line(self.directory / "log.txt", f"{now()} {self.stage or 'run':<10} {text}")

    def warn(self, id: str, message: str) -> None:
        with self._lock:
            new = self.manifest is None or self.manifest.warn(id, message)
        if new:
            self.log(f"warning: {message} [{id}]")
            self.view.warning(id, message)

    def changed(self, column: str, why: str) -> None:
        self.changes[column] = why

    def random(self, stream: str) -> np.random.Generator:
        return generator(self.seed, "component", stream)

    @functools.cached_property
    def judge(self) -> Judge:
        """The metrics of the experiment, with its intervals."""
        return Judge(self.assembly, self.assembly.metrics(self.assembly.task()), self.seed)

    def score(self, metric: str | Metric, predictions: Predictions, confidence: float | None = None) -> Score:
        return self.judge.measure(metric, predictions, confidence)

    def band(self, curve: Curve, predictions: Predictions) -> Band:
        return self.judge.band(curve, predictions)

    def fingerprints(self, kind: str) -> Sequence[Fingerprint]:
        return fingerprints(self.assembly, kind)

    def stop_requested(self) -> bool:
        return self.stop is not None and self.stop.requested

    def child(self, directory: pathlib.Path, assembly: Assembly, seed: int, quiet: bool) -> Context:
        """The context of a child run with its own directory."""
        return Context(
            run_id=self.run_id,
            purpose=self.purpose,
            assembly=assembly,
            directory=directory,
            seed=seed,
            view=self.view,
            manifest=self.manifest if directory == self.directory else None,
            ledger=self.ledger,
            stop=self.stop,
            hooks=self.hooks,
            observers=self.observers,
            stage=self.stage,
            quiet=quiet,
            changes=self.changes,
        )

"""What the runner tells whoever watches: a terminal, a log, a notebook, nobody."""

from __future__ import annotations

from collections.abc import Mapping


class View:
    """Watches a run. Every method may be overridden; the defaults watch nothing."""

    def started(self, name: str, run: str, engine: str, stages: list[str]) -> None:
        """The run directory exists."""

    def stage(self, name: str) -> None:
        """A stage begins."""

    def progress(self, stage: str, message: str, done: int | None, total: int | None) -> None:
        """How far a stage is."""

    def epoch(self, row: Mapping[str, float], epochs: int, monitor: str | None, best: int | None) -> None:
        """An epoch of the model itself (not of a baseline) ended."""

    def running(self, children: Mapping[str, str]) -> None:
        """The models of a study that train side by side, each with how far it is."""

    def child(self, name: str, values: str, done: int, total: int) -> None:
        """A model of a study was trained and judged, the `done`-th of `total`."""

    def finished(self, stage: str, summary: str, seconds: float, warnings: int) -> None:
        """A stage is over; what came out of it in a few words."""

    def warning(self, id: str, message: str) -> None:
        """A warning, each once per run."""

    def resumed(self, message: str) -> None:
        """The run goes on where it stopped."""

    def stopping(self, message: str) -> None:
        """A signal asked the run to stop."""

    def close(self) -> None:
        """Nothing more will come."""

"""What belongs to running, handed to components: nothing of it is global."""

from __future__ import annotations

import pathlib
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, Protocol

if TYPE_CHECKING:
    import numpy as np


class RunContext(Protocol):
    """The run that a component works for."""

    run_id: str
    purpose: Literal["run", "check", "predict", "evaluate"]
    experiment: Mapping[str, Any]
    """The resolved experiment."""
    directory: pathlib.Path
    """The run directory; read from it, write through `write`."""
    seed: int

    def resolve(self, path: str) -> pathlib.Path:
        """A path from the experiment file (relative to it), checked to exist; `DataError` names what is wrong."""
        ...

    def write(self, name: str) -> AbstractContextManager[BinaryIO]:
        """Write a file of the run atomically: ``with context.write("figures/a.svg") as file``.

        The file appears under its name only when the block ends well, and the manifest lists it.
        """
        ...

    def report(self, message: str, done: int | None = None, total: int | None = None) -> None:
        """Progress, for people who wait."""
        ...

    def warn(self, id: str, message: str) -> None:
        """A warning that states its effect on the result; shown once, kept in the run."""
        ...

    def changed(self, column: str, why: str) -> None:
        """A wrapper of `sci_load` declares that it changed a model input: recorded, and raw requests are not served."""
        ...

    def random(self, stream: str) -> np.random.Generator:
        """A generator that depends on the seed and the stream's name only."""
        ...

    def stop_requested(self) -> bool:
        """Whether a signal asked the run to stop; look at it in long loops."""
        ...


class Observer:
    """Hears what happens. Target of kind `trackers` (called with its settings), or the observer hooks of a plugin.

    One that raises becomes a warning on the run, never a lost run.
    """

    def __init__(self, config: Any = None) -> None:
        self.config = config

    def run_started(self, context: RunContext) -> None:
        """The run directory exists; nothing was read yet."""

    def stage_started(self, context: RunContext, stage: str) -> None:
        """A stage begins: load, split, preprocess, train, evaluate, analyze, report, deploy."""

    def epoch_ended(self, context: RunContext, rows: Sequence[Mapping[str, float]]) -> None:
        """New rows of the history, batched: epoch, step, loss, validation_loss, metrics, seconds."""

    def stage_finished(self, context: RunContext, stage: str, seconds: float) -> None:
        """A stage is over."""

    def run_failed(self, context: RunContext, error: BaseException) -> None:
        """The run stops with this error; interruption is one too."""

    def run_finished(self, context: RunContext, study: Any) -> None:
        """All stages are done; `study` is the `Study`."""

"""What belongs to running, handed to components: nothing of it is global."""

from __future__ import annotations

import pathlib
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, Protocol

if TYPE_CHECKING:
    import numpy as np

    from sci.api.judgement import Band, Curve, Fingerprint, Metric
    from sci.api.predictions import Predictions
    from sci.api.study import Evaluation, Score


class RunContext(Protocol):
    """The run that a component works for."""

    run_id: str
    """Name of the run directory, or of what stands for it."""
    purpose: Literal["run", "check", "predict", "evaluate"]
    """What the rows are read for."""
    experiment: Mapping[str, Any]
    """The resolved experiment."""
    directory: pathlib.Path
    """The run directory; read from it, write through `write`."""
    seed: int
    """The seed of the study, or of this child of it."""

    def resolve(self, path: str) -> pathlib.Path:
        """A path from the experiment file (relative to it), checked to exist; `DataError` names what is wrong.

        Args:
            path: as the settings give it.
        """
        ...

    def write(self, name: str) -> AbstractContextManager[BinaryIO]:
        """Write a file of the run atomically: ``with context.write("figures/a.svg") as file``.

        The file appears under its name only when the block ends well, and the manifest lists it.

        Args:
            name: path below the run directory, with forward slashes.
        """
        ...

    def append(self, name: str, data: bytes) -> None:
        """Add to the end of a file of the run that grows while the run goes on; the manifest lists it at the end.

        Args:
            name: path below the run directory, with forward slashes.
            data: what is added.
        """
        ...

    def report(self, message: str, done: int | None = None, total: int | None = None) -> None:
        """Progress, for people who wait.

        Args:
            message: what is being done, in a few words.
            done: how much of it is done, where that can be counted.
            total: out of how much.
        """
        ...

    def warn(self, id: str, message: str) -> None:
        """A warning that states its effect on the result; shown once, kept in the run.

        Args:
            id: stable identifier such as ``house.few-rows``.
            message: one line.
        """
        ...

    def changed(self, column: str, why: str) -> None:
        """A wrapper of `sci_load` declares that it changed a model input: recorded, and raw requests are not served.

        Args:
            column: the input.
            why: what was done to it, in a few words.
        """
        ...

    def random(self, stream: str) -> np.random.Generator:
        """A generator that depends on the seed and the stream's name only.

        Args:
            stream: any name; keeps these draws apart from those of others.
        """
        ...

    def score(self, metric: str | Metric, predictions: Predictions, confidence: float | None = None) -> Score:
        """A metric with its uncertainty, made by the interval that the experiment uses.

        Args:
            metric: the name of one that the experiment measures, or one of the component's own.
            predictions: the rows that it is computed on, such as some of a study's test rows.
            confidence: of the interval; that of the experiment where None.

        Raises:
            ConfigError: the experiment measures nothing of this name.
        """
        ...

    def band(self, curve: Curve, predictions: Predictions) -> Band:
        """An interval for each point of a curve; NaN, with the reason as its method, where the experiment has none.

        Args:
            curve: what is computed.
            predictions: the rows that it is computed on.
        """
        ...

    def fingerprints(self, kind: str) -> Sequence[Fingerprint]:
        """Every installed fingerprint that reads columns of this kind, with the defaults of its settings.

        Args:
            kind: of a column, such as ``image``.
        """
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
        """The run directory exists; nothing was read yet.

        Args:
            context: the run.
        """

    def stage_started(self, context: RunContext, stage: str) -> None:
        """A stage begins.

        Args:
            context: the run, or the child in which the stage happens.
            stage: load, split, preprocess, train, evaluate, analyze, report or deploy.
        """

    def steps_ended(self, context: RunContext, steps: Mapping[str, np.ndarray]) -> None:
        """Updates of the weights since the last call, as arrays of one length: about once a second, and before each
        checkpoint.

        `step` int64 counts updates from 1, as `step` in the history does; `epoch` int64 counts from 1; `loss` float64;
        `rate` float64 is what the schedule multiplied every learning rate by. In a run that goes on, the first call
        begins at the first update that is made again: what was heard of that one and later ones no longer holds.

        Args:
            context: the child that trains.
            steps: the arrays.
        """

    def epoch_ended(self, context: RunContext, rows: Sequence[Mapping[str, float]]) -> None:
        """New rows of the history, batched as `steps_ended`.

        Args:
            context: the child that trains.
            rows: one for each epoch: epoch, step, loss, validation_loss, metrics, seconds.
        """

    def evaluation_ended(self, context: RunContext, evaluation: Evaluation) -> None:
        """A model was judged: of the run, a fold with a seed, a baseline or a control; `context.directory` is its own.

        Its files may still be added to; those of a child are listed, and final, after this.

        Args:
            context: the child that was judged.
            evaluation: its predictions and scores.
        """

    def stage_finished(self, context: RunContext, stage: str, seconds: float) -> None:
        """A stage is over.

        Args:
            context: the run, or the child in which the stage happened.
            stage: as in `stage_started`.
            seconds: how long it took.
        """

    def run_failed(self, context: RunContext, error: BaseException) -> None:
        """The run stops with an error; interruption is one too.

        Args:
            context: the run.
            error: what was raised.
        """

    def run_finished(self, context: RunContext, study: Any) -> None:
        """All stages are done.

        Args:
            context: the run.
            study: the `Study`.
        """

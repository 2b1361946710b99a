"""The tracker `tensorboard`: event files in the folder `tensorboard/` of the run and of each of its children."""

from __future__ import annotations

import csv
import math
import pathlib
import time
from collections.abc import Mapping, Sequence

import numpy as np

from sci.api import Evaluation, Observer, RunContext, Score, Study
from sci.api.errors import Interrupted
from sci_track import events
from sci_track.config import TensorBoardConfig
from sci_track.rates import base_rates, columns
from sci_track.records import encoded

FOLDER = "tensorboard"
PREFIX = "events.out.tfevents"
RESULTS = f"{FOLDER}/{PREFIX}.9999999999.results"
FIGURES = f"{FOLDER}/{PREFIX}.9999999999.figures"


class TensorBoardTracker(Observer):
    """Writes what `tensorboard --logdir RUN` shows.

    Each start of a run adds a file with its steps; results and figures have files of their own, written whole. A run
    that goes on tells TensorBoard from which step, so that no point is shown twice.
    """

    config: TensorBoardConfig

    def __init__(self, config: TensorBoardConfig) -> None:
        super().__init__(config)
        self._files: dict[pathlib.Path, str] = {}
        self._open: dict[pathlib.Path, RunContext] = {}

    def steps_ended(self, context: RunContext, steps: Mapping[str, np.ndarray]) -> None:
        """Add losses and learning rates; the first of them in this process begin where training goes on."""
        if context.directory not in self._files:
            self._begin(context, int(steps["step"][0]))
        found = columns(steps, base_rates(context.experiment), self.config.every_steps)
        numbers = found.pop("step")
        found.pop("epoch")
        if len(numbers):
            tagged = {f"step/{name}": values for name, values in found.items()}
            context.append(self._files[context.directory], events.many(numbers, tagged, time.time()))

    def epoch_ended(self, context: RunContext, rows: Sequence[Mapping[str, float]]) -> None:
        """Add every column of the history."""
        found = {name: np.array([row[name] for row in rows], dtype=np.float64) for name in rows[0] if name != "step"}
        steps = np.array([row["step"] for row in rows], dtype=np.int64)
        tagged = {f"epoch/{name}": values for name, values in found.items()}
        context.append(self._files[context.directory], events.many(steps, tagged, time.time()))

    def evaluation_ended(self, context: RunContext, evaluation: Evaluation) -> None:
        """Write the results of a model; it is trained."""
        self._results(context, evaluation.scores, last_step(context.directory), succeeded=True)
        self._open.pop(context.directory, None)

    def run_failed(self, context: RunContext, error: BaseException) -> None:
        """Say that what was in training has failed; what was interrupted can go on."""
        if not isinstance(error, Interrupted):
            for one in self._open.values():
                self._results(one, {}, 0, succeeded=False)

    def run_finished(self, context: RunContext, study: Study) -> None:
        """Add the figures, and the results over all folds and seeds where there are several."""
        for one in self._open.values():  # a baseline that could not run to its end
            self._results(one, {}, 0, succeeded=False)
        if len(study.evaluations) > 1:
            self._results(context, study.scores, 0)
        if self.config.figures:
            write_figures(context)

    def _begin(self, context: RunContext, step: int) -> None:
        earlier = len(list((context.directory / FOLDER).glob(f"{PREFIX}.*.steps")))
        name = f"{FOLDER}/{PREFIX}.{earlier + 1:010d}.steps"
        now = time.time()
        first = [events.version(now)]
        if earlier:
            first.append(events.restart(now, step))
        else:
            first.append(events.session_start(events.hyperparameters(context.experiment, context.seed), now))
        context.append(name, encoded(first))
        self._files[context.directory] = name
        self._open[context.directory] = context

    def _results(
        self, context: RunContext, scores: Mapping[str, Mapping[str, Score]], step: int, succeeded: bool | None = None
    ) -> None:
        now = time.time()
        values = {
            f"{part}/{name}": score.value
            for part, found in scores.items()
            for name, score in found.items()
            if math.isfinite(score.value)
        }
        written = [events.version(now)]
        if values:
            written.append(events.numbers(values, step, now))
        if succeeded is not None:
            written.append(events.session_end(succeeded, now))
        with context.write(RESULTS) as file:
            file.write(encoded(written))


def write_figures(context: RunContext) -> None:
    """The figures of a run as images; `ValueError` names those that cannot be drawn, when the others are written."""
    found = sorted(path for path in (context.directory / "figures").glob("*") if path.suffix in (".svg", ".png"))
    if not found:
        return
    from sci_track import pictures  # libraries that only a run with figures needs

    now = time.time()
    written, refused = [events.version(now)], []
    for path in found:
        try:
            picture = pictures.png(path)
            size = pictures.size(picture)
        except ValueError as error:
            refused.append(f"figures/{path.name} cannot be drawn: {error}")
            continue
        written.append(events.image(f"figures/{path.stem}", picture, size, now))
    with context.write(FIGURES) as file:
        file.write(encoded(written))
    if refused:
        raise ValueError("; ".join(refused))


def last_step(directory: pathlib.Path) -> int:
    """The number of updates that a trained model has had."""
    with (directory / "history.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return int(float(rows[-1]["step"])) if rows else 0

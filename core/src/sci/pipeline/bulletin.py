"""What training has to say to observers, in batches: watching costs nothing that could be measured."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

import numpy as np

from sci.api import Step
from sci.pipeline.context import Context

SECONDS = 1.0


class Bulletin:
    """Gathers updates and epochs, and tells them about once a second."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._steps: list[tuple[Sequence[Step], np.ndarray]] = []
        self._rows: list[Mapping[str, float]] = []
        self._issued = time.monotonic()

    def steps(self, steps: Sequence[Step], losses: np.ndarray) -> None:
        """Updates that were made, and the loss of each; losses beyond the last step are of no update."""
        self._steps.append((steps, losses[: len(steps)]))
        self._when_due()

    def epoch(self, row: Mapping[str, float]) -> None:
        """A row of the history."""
        self._rows.append(row)
        self._when_due()

    def _when_due(self) -> None:
        if time.monotonic() - self._issued >= SECONDS:
            self.issue()

    def issue(self) -> None:
        """Tell what was gathered: updates first, then the epochs that they ended."""
        gathered, rows = self._steps, self._rows
        self._steps, self._rows = [], []
        observers = self._context.observers
        if gathered and observers is not None and observers.hear("steps_ended"):
            self._context.tell("steps_ended", steps=as_arrays(gathered))
        if rows:
            self._context.tell("epoch_ended", rows=rows)
        self._issued = time.monotonic()


def as_arrays(gathered: Sequence[tuple[Sequence[Step], np.ndarray]]) -> dict[str, np.ndarray]:
    """Updates as observers hear of them; steps and epochs count from 1, as in the history."""
    steps = [step for chunk, _ in gathered for step in chunk]
    return {
        "step": np.array([step.number for step in steps], dtype=np.int64) + 1,
        "epoch": np.array([step.epoch for step in steps], dtype=np.int64) + 1,
        "loss": np.concatenate([losses for _, losses in gathered]),
        "rate": np.array([step.rate for step in steps], dtype=np.float64),
    }

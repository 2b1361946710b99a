"""The tracker `csv`: updates and epochs as tables that grow while the run is at work."""

from __future__ import annotations

import csv
import io
import pathlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from sci.api import Observer, RunContext
from sci_track.config import CsvConfig
from sci_track.rates import base_rates, columns

STEPS = "tracking/steps.csv"
EPOCHS = "tracking/epochs.csv"


class CsvTracker(Observer):
    """Writes `tracking/steps.csv`, one line for each update, and `tracking/epochs.csv`, one for each epoch.

    The files of a run that was killed and has gone on are those of a run that was never stopped, but for the seconds.
    """

    config: CsvConfig

    def __init__(self, config: CsvConfig) -> None:
        super().__init__(config)
        self._begun: set[pathlib.Path] = set()

    def steps_ended(self, context: RunContext, steps: Mapping[str, np.ndarray]) -> None:
        """Add updates; the first of them in this process begin where training goes on."""
        if context.directory not in self._begun:
            self._begun.add(context.directory)
            for name in (STEPS, EPOCHS):
                cut(context, name, int(steps["step"][0]))
        found = columns(steps, base_rates(context.experiment), self.config.every_steps)
        if len(found["step"]):
            add(context, STEPS, list(found), zip(*(column.tolist() for column in found.values()), strict=True))

    def epoch_ended(self, context: RunContext, rows: Sequence[Mapping[str, float]]) -> None:
        """Add rows of the history."""
        names = list(rows[0])
        add(context, EPOCHS, names, ([row[name] for name in names] for row in rows))


def add(context: RunContext, name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Add lines to a table, with the header first where it is new; numbers are written in full precision."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if not (context.directory / name).is_file():
        writer.writerow(header)
    writer.writerows(rows)
    context.append(name, text.getvalue().encode("utf-8"))


def cut(context: RunContext, name: str, step: int) -> None:
    """Take away lines of this step and later ones, and a last line without an end."""
    path = context.directory / name
    if not path.is_file():
        return
    lines = path.read_bytes().splitlines(keepends=True)
    at = lines[0].decode("utf-8").rstrip("\n").split(",").index("step")
    kept = [line for line in lines[1:] if line.endswith(b"\n") and int(line.split(b",")[at]) < step]
    with context.write(name) as file:
        file.writelines([lines[0], *kept])

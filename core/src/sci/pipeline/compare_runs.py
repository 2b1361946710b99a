"""Runs that are to be compared: opened, and refused where they answer different questions."""

from __future__ import annotations

import pathlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sci.api import ConfigError, DataError, Predictions
from sci.experiment.document import Document, Keys, value_at, walk
from sci.experiment.reading import read
from sci.pipeline.assembly import Assembly, named
from sci.pipeline.child import read_predictions
from sci.pipeline.joined import joined
from sci.pipeline.opened import Run
from sci.plugins.registry import Registry
from sci.runs.loader import Loader
from sci.runs.manifest import FILE

Folded = Mapping[str, Sequence[Predictions]]
"""Fingerprint of the test rows of a fold to the predictions of each seed there."""


@dataclass(frozen=True)
class Contender:
    """A finished run with its test predictions.

    Args:
        label: what it is called in the comparison.
        run: the run.
        assembly: its components.
        folds: its test predictions by the fingerprint of their rows.
    """

    label: str
    run: Run
    assembly: Assembly
    folds: Folded

    @property
    def experiment(self) -> Mapping[str, Any]:
        """The resolved experiment."""
        return self.assembly.experiment

    @property
    def seeds(self) -> int:
        """With how many seeds every fold was finished."""
        return min((len(one) for one in self.folds.values()), default=1)

    def train_rows(self) -> float:
        """Mean number of rows that a fold did not test: its validation rows count as trained on."""
        tested = np.mean([len(one[0]) for one in self.folds.values()])
        return float(self.run.lock["data"]["rows"] - tested)

    def pooled(self, like: Contender, seeds: int = 1) -> Predictions:
        """The rows of all folds, in the order of another run of the same test rows, with the answers of so many seeds;
        the columns of `joined` say whose they are."""
        parts = [
            aligned(self.folds[print_][seed], other[0]) for print_, other in like.folds.items() for seed in range(seeds)
        ]
        return joined(parts, self.train_rows())


def opened(runs: Sequence[Run], registry: Registry) -> list[Contender]:
    """The runs of a comparison.

    Raises:
        ConfigError: fewer than two runs, the same one twice, one that is not finished, or different tasks.
        DataError: their test rows are not the same.
    """
    _demand_several(runs)
    labels = labelled(runs)
    found = [_contender(label, run, registry) for label, run in zip(labels, runs, strict=True)]
    for other in found[1:]:
        _demand_same_task(found[0], other)
        _demand_same_rows(found[0], other)
    return found


def labelled(runs: Sequence[Run]) -> list[str]:
    """Names of the experiments where they differ, else the ends of the runs' names, else their whole names."""
    for names in ([run.name for run in runs], [run.path.name[-4:] for run in runs]):
        if len(set(names)) == len(names):
            return names
    return [f"{run.name}/{run.path.name}" for run in runs]


def _demand_several(runs: Sequence[Run]) -> None:
    if len(runs) < 2:
        raise ConfigError("a comparison needs two runs", id="compare.one", hint="sci compare RUN RUN")
    paths = [run.path.resolve() for run in runs]
    for path in paths:
        if paths.count(path) > 1:
            raise ConfigError(
                f"run {path.name} is named twice, and does not differ from itself",
                id="compare.twice",
                hint="sci runs list",
            )
    for run in runs:
        if run.status != "finished":
            raise ConfigError(
                f"run {run.path.name} is {run.status} and has no results to compare",
                id="run.unfinished",
                hint=f"sci resume {run.path}",
            )


def assembled(run: pathlib.Path, registry: Registry) -> Assembly:
    """The components of a finished run, by its resolved configuration."""
    return Assembly(read(run / "config.resolved.yaml").value, registry, run)


def _contender(label: str, run: Run, registry: Registry) -> Contender:
    assembly = assembled(run.path, registry)
    prints = run.lock["data"]
    if (run.path / "predictions" / "test.parquet").is_file():
        return Contender(label, run, assembly, {str(prints.get("test")): [run.predictions()]})
    found: dict[str, dict[int, Predictions]] = {}
    for directory in sorted(path.parent for path in (run.path / "children").glob(f"*/{FILE}")):
        loader = Loader(directory)
        facts = loader.manifest.data
        own = prints.get(facts.get("fold"))
        mark = str((own if isinstance(own, Mapping) else prints).get("test"))
        if facts["status"] == "finished":
            loader.bytes("predictions/test.parquet")
            found.setdefault(mark, {})[int(facts["seed"])] = read_predictions(directory, "test")
    folds = {mark: [answers[seed] for seed in sorted(answers)] for mark, answers in found.items()}
    return Contender(label, run, assembly, folds)


def _demand_same_task(a: Contender, b: Contender) -> None:
    tasks = [named(one.experiment["task"])[0] for one in (a, b)]
    if tasks[0] != tasks[1]:
        raise ConfigError(
            f"{a.label} is a run of task {tasks[0]} and {b.label} one of {tasks[1]}",
            id="compare.task",
            hint="compare runs of one task",
        )


def _demand_same_rows(a: Contender, b: Contender) -> None:
    if set(a.folds) == set(b.folds):
        return
    prints = " and ".join(
        f"{one.label} {len(one.folds)} folds" if len(one.folds) > 1 else f"{one.label} {next(iter(one.folds))[:12]}"
        for one in (a, b)
    )
    raise DataError(
        f"{a.run.path} and {b.run.path} were not tested on the same rows",
        id="compare.rows",
        note="; ".join([f"test rows: {prints}", *_origins(a, b)]),
        hint="run both with the same data, split and seed",
    )


def _origins(a: Contender, b: Contender) -> list[str]:
    """What the experiment files say differently about the data, the split and the seed, with their lines."""
    found = []
    files = [read(one.run.path / "config.yaml") for one in (a, b)]
    for keys in differing([one.experiment for one in (a, b)], ("data", "seed", "study")):
        said = [_said(one, file, keys) for one, file in zip((a, b), files, strict=True)]
        found.append(f"{'.'.join(map(str, keys))} {' | '.join(said)}")
    return found[:4]


def _said(one: Contender, file: Document, keys: Keys) -> str:
    """A value with its place in the file, unless it came from elsewhere."""
    value = value_at(one.experiment, keys)
    shown = "nothing" if value is None else str(value)
    return f"{shown} ({file.place(keys)})" if value is not None and file.get(keys) == value else shown


def differing(experiments: Sequence[Mapping[str, Any]], sections: Sequence[str]) -> list[Keys]:
    """The keys of these sections whose values differ; of components with different names, the names alone."""
    found: list[Keys] = []
    leaves = {
        keys: None
        for one in experiments
        for section in sections
        for keys, value in walk(one.get(section), (section,))
        if not isinstance(value, dict | list) or not value
    }
    for keys in leaves:
        values = [value_at(one, keys) for one in experiments]
        if any(value != values[0] for value in values[1:]):
            found.append(keys)
    renamed = [keys[:-1] for keys in found if keys[-1] == "name"]
    return [keys for keys in found if keys[-1] == "name" or not any(keys[: len(one)] == one for one in renamed)]


def aligned(predictions: Predictions, like: Predictions) -> Predictions:
    """The rows in the order of others, where the ids are the same."""
    if len(predictions) != len(like) or not np.array_equal(np.sort(predictions.ids), np.sort(like.ids)):
        return predictions  # the comparison says what differs
    order = np.argsort(predictions.ids, kind="stable")
    return predictions.take(order[np.searchsorted(predictions.ids, like.ids, sorter=order)])

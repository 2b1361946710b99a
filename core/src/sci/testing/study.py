"""A small study that really runs, so that a deployer gets a trained pipeline and a run directory."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sci.api import ComponentConfig, ComponentSpec, Dataset, Deployment, Fold, Predictions, hookimpl
from sci.api.rows import to_arrow
from sci.pipeline.opened import Run
from sci.pipeline.runner import run
from sci.pipeline.stages import CoreStages
from sci.plugins.entry import Entry
from sci.plugins.records import PluginRecord
from sci.plugins.registry import Registry
from sci.plugins.system import CORE, PluginSystem
from sci.testing.check import NotApplicable
from sci.testing.data import regression
from sci.testing.training import plain
from sci.testing.trial import Trial

WATCHER = "kit_watcher"


class Source:
    """Component `kit-rows`: the data set `regression`."""

    def __init__(self, config: ComponentConfig) -> None:
        self.config = config

    def read(self, context: Any) -> Dataset:
        """All rows, without roles: those are the core's affair."""
        from sci.api import dataset

        found = regression()
        return dataset({name: to_arrow(found.column(name)) for name in found.schema.columns})


class Splitter:
    """Component `kit-split`: every fourth row for test, every fifth of the rest for validation."""

    def __init__(self, config: ComponentConfig) -> None:
        self.config = config

    def split(self, data: Dataset, context: Any, seed: int) -> Sequence[Fold]:
        """One fold."""
        rows = np.arange(len(data), dtype=np.int64)
        test, rest = rows[rows % 4 == 3], rows[rows % 4 != 3]
        return [Fold("split", rest[rest % 5 != 0], rest[rest % 5 == 0], test)]


class Metric:
    """Component `kit-error`: the mean absolute error."""

    higher_is_better = False
    bounds = (0.0, None)

    def __init__(self, config: ComponentConfig) -> None:
        self.config = config

    def __call__(self, predictions: Predictions) -> float:
        if not len(predictions):
            return float("nan")
        errors = np.asarray(predictions.prediction("value")) - np.asarray(predictions.target())
        return float(np.mean(np.abs(errors)))


SPECS = {
    "sources": [ComponentSpec("kit-rows", "sci.testing.study:Source", "Rows of the conformance kit")],
    "splitters": [ComponentSpec("kit-split", "sci.testing.study:Splitter", "Parts of those rows")],
    "metrics": [ComponentSpec("kit-error", "sci.testing.study:Metric", "Mean absolute error", tasks=("regression",))],
}
RECORD = PluginRecord("kit", "sci-core", "", "sci.testing.study", status="ok", specs=SPECS)


class Watcher:
    """Sees what the deployers of one run return, and which files were there before and after."""

    def __init__(self) -> None:
        self.deployments: list[Deployment] = []
        self.before: set[str] = set()
        self.after: set[str] = set()

    @hookimpl(wrapper=True)
    def sci_deploy(self, context: Any) -> Generator[None, Any, Any]:
        """Around the stage."""
        self.before = _files(context.directory)
        found = yield
        self.deployments = list(found)
        self.after = _files(context.directory)
        return found


@dataclass(frozen=True)
class Deployed:
    """What came of deploying a small study.

    Args:
        run: the finished run.
        deployment: what the deployer returned.
        new: files that it wrote, relative to the run directory.
        rows: the raw rows of the study.
    """

    run: Run
    deployment: Any
    new: set[str]
    rows: Dataset


def deployed(trial: Trial) -> Deployed:
    """A small study, run and handed over by the deployer of a trial; run once.

    Raises:
        NotApplicable: no task, engine or model is installed for it.
    """
    return trial.once("deployed", lambda: _deployed(trial))


def _deployed(trial: Trial) -> Deployed:
    system = _system(trial.subject.system)
    folder = trial.subject.room()
    file = folder / "experiment.yaml"
    settings = dict(trial.case.settings) if trial.case else {}
    chosen = {"deploy": [{"name": trial.component.spec.name, **settings}]}
    file.write_text(json.dumps({**_experiment(system.registry), **chosen}), encoding="utf-8")
    watcher = Watcher()
    system.manager.register(watcher, WATCHER)
    try:
        finished = run(file, output=folder / "runs", system=system)
    finally:
        system.manager.unregister(name=WATCHER)
    found = watcher.deployments[0] if watcher.deployments else None
    return Deployed(finished, found, watcher.after - watcher.before, Source(ComponentConfig()).read(None))


def _system(system: PluginSystem) -> PluginSystem:
    """The installed plugins, with the kit's own components."""
    registry = Registry([*system.records, RECORD], system.registry.policy)
    if not system.manager.has_plugin(CORE):
        system.register_core(CoreStages())
    return replace(system, records=[*system.records], registry=registry)


def _experiment(registry: Registry) -> Mapping[str, Any]:
    """A study of the kit's rows with a task, an engine and a model that are installed."""
    task = next((one for one in registry.entries("tasks") if plain(one) and "number" in _target(one)), None)
    model = next(iter(sorted(_models(registry, task.spec.name if task else ""), key=_effort)), None)
    if task is None or model is None:
        raise NotApplicable("no task with a number to predict is installed, or no engine with a model for it")
    training: dict[str, Any] = {"epochs": 2, "batch_size": 16}
    if "fit-once" not in model.spec.traits:
        optimizer = next((one for one in registry.entries("optimizers", engine=model.engine) if plain(one)), None)
        if optimizer is None:
            raise NotApplicable(f"no optimizer is installed for engine {model.engine}")
        training["optimizer"] = optimizer.spec.name
    return {
        "format": 1,
        "name": "kit",
        "seed": 7,
        "task": task.spec.name,
        "data": {"source": "kit-rows", "target": "y", "split": "kit-split"},
        "model": model.spec.name,
        "engine": model.engine,
        "training": training if "fit-once" not in model.spec.traits else {},
        "evaluation": {"metrics": ["kit-error"], "baselines": []},
        "analysis": [],
        "report": [],
    }


def _models(registry: Registry, task: str) -> list[Entry]:
    engines = set(registry.names("engines"))
    return [
        one
        for one in registry.entries("models")
        if one.engine in engines
        and plain(one)
        and (not one.spec.tasks or task in one.spec.tasks)
        and (not one.spec.accepts or "number" in one.spec.accepts)
    ]


def _effort(entry: Entry) -> tuple[bool, bool, str, str]:
    """Models that look at their inputs and are fitted at once first."""
    return (not entry.spec.accepts, "fit-once" not in entry.spec.traits, str(entry.engine), entry.spec.name)


def _target(entry: Entry) -> Sequence[str]:
    slots = entry.load().slots
    return tuple(slots.get("target", ())) if set(slots) == {"target"} else ()


def _files(folder: pathlib.Path) -> set[str]:
    return {one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file()}

"""A small study that really runs, with the component that is looked at in its place."""

from __future__ import annotations

import contextlib
import dataclasses
import importlib.metadata
import json
import pathlib
import shutil
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sci.api import ConfigError, Dataset, Deployment, Finding, Study, hookimpl
from sci.pipeline.opened import Run
from sci.pipeline.runner import run
from sci.pipeline.scores import Judge
from sci.pipeline.stages import CoreStages
from sci.plugins.entry import Entry
from sci.plugins.records import PluginRecord
from sci.plugins.registry import Registry
from sci.plugins.system import CORE, PluginSystem
from sci.testing.check import NotApplicable
from sci.testing.context import KitContext
from sci.testing.rows import MARK, READ, SPECS, raw
from sci.testing.training import plain
from sci.testing.trial import Trial

WATCHER = "kit_watcher"
RECORD = PluginRecord("kit", "sci-core", "", "sci.testing.rows", status="ok", specs=SPECS)
TARGETS = {"regression": "number", "classification": "category"}
"""Kind of study to the kind of its target."""


class Watcher:
    """Sees what the stages of one run are given and return, and which files were there before the deployers and after.

    Args:
        study: everything known after evaluation.
        findings: of the analyses.
        judge: that the study was scored with.
        deployments: what the deployers returned.
        before: files before the models were handed over.
        after: files then.
    """

    def __init__(self) -> None:
        self.study: Study | None = None
        self.findings: Sequence[Finding] = ()
        self.judge: Judge | None = None
        self.deployments: list[Deployment] = []
        self.before: set[str] = set()
        self.after: set[str] = set()

    @hookimpl(wrapper=True)
    def sci_report(self, context: Any, study: Study, findings: Sequence[Finding]) -> Generator[None, Any, Any]:
        """Around the stage."""
        self.study, self.findings, self.judge = study, findings, context.judge
        return (yield)

    @hookimpl(wrapper=True)
    def sci_deploy(self, context: Any) -> Generator[None, Any, Any]:
        """Around the stage."""
        self.before = set(files(context.directory))
        found = yield
        self.deployments = list(found)
        self.after = set(files(context.directory))
        return found


@dataclass(frozen=True)
class Conducted:
    """A study that was run.

    Args:
        run: the finished run.
        seen: what its stages were given and returned.
    """

    run: Run
    seen: Watcher

    @property
    def study(self) -> Study:
        """What analyses and reporters get."""
        assert self.seen.study is not None
        return self.seen.study

    def at(self, room: pathlib.Path) -> tuple[Study, KitContext]:
        """The study in a copy of its run directory, which may be written to, and a context for it.

        Args:
            room: an empty folder; below it the copy has the place that the run has below its own.
        """
        folder = room.joinpath(*self.run.path.parts[-3:])
        shutil.copytree(self.run.path, folder)
        context = KitContext(folder, run_id=folder.name, experiment=self.study.experiment, judge=self.seen.judge)
        return dataclasses.replace(self.study, run=folder), context


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
    found = conducted(trial, "regression", deploy=[named(trial)])
    deployment = found.seen.deployments[0] if found.seen.deployments else None
    return Deployed(found.run, deployment, found.seen.after - found.seen.before, raw("kit-rows"))


def studies(trial: Trial) -> dict[str, Conducted]:
    """Finished studies for analyses and reporters, by kind of target: names, question, columns and classes hold markup.
    Components that claim the same engine share them.

    Raises:
        NotApplicable: no task, engine or model is installed for any of them.
    """

    def conduct() -> dict[str, Conducted]:
        made, reasons = {}, []
        for kind in TARGETS:
            try:
                made[kind] = conducted(trial, kind, marked=True)
            except NotApplicable as reason:
                reasons.append(str(reason))
        if not made:
            raise NotApplicable("; ".join(reasons))
        return made

    wanted = trial.component.spec.tasks or tuple(TARGETS)
    found: dict[str, Conducted] = trial.subject.once(("studies", trial.claims.get("engine")), conduct)
    return {kind: one for kind, one in found.items() if kind in wanted}


def ordinary(trial: Trial, kind: str) -> Conducted:
    """A study with nothing in it but what every study has; components that claim the same engine share it."""
    return trial.subject.once(("study", kind, trial.claims.get("engine")), lambda: conducted(trial, kind))


def conducted(trial: Trial, kind: str, *, marked: bool = False, **sections: Any) -> Conducted:
    """A study of the kit's rows.

    Of the engines that are installed, one is taken on which nothing refuses the study with a `ConfigError`: a deployer
    may be made for one engine.

    Args:
        trial: whose plugin is at work.
        kind: of target: ``regression`` or ``classification``.
        marked: whether markup stands in everything that is a name.
        sections: of the experiment file, in the place of the kit's own.

    Raises:
        NotApplicable: no task, engine or model is installed for it.
        SciError: every engine refuses.
    """
    system = _system(trial.subject.system)
    refused: ConfigError | None = None
    for experiment in _experiments(trial, system.registry, kind, marked):
        try:
            return _run(trial, system, {**experiment, **sections})
        except ConfigError as error:
            refused = refused or error
    assert refused is not None
    raise refused


def named(trial: Trial) -> dict[str, Any]:
    """The component of a trial as it stands in an experiment file."""
    return {"name": trial.component.spec.name, **(trial.case.settings if trial.case else {})}


def files(folder: pathlib.Path) -> dict[str, bytes]:
    """Path below a folder to content."""
    return {one.relative_to(folder).as_posix(): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def _run(trial: Trial, system: PluginSystem, experiment: Mapping[str, Any]) -> Conducted:
    folder = trial.subject.room()
    file = folder / "experiment.yaml"
    file.write_text(json.dumps(experiment), encoding="utf-8")
    watcher = Watcher()
    system.manager.register(watcher, WATCHER)
    try:
        with contextlib.chdir(folder):
            return Conducted(run(file, output=folder / "runs", system=system), watcher)
    finally:
        system.manager.unregister(name=WATCHER)


def _system(system: PluginSystem) -> PluginSystem:
    """The installed plugins, with the kit's own components."""
    registry = Registry([*system.records, RECORD], system.registry.policy)
    if not system.manager.has_plugin(CORE):
        system.register_core(CoreStages())
    return replace(system, records=[*system.records], registry=registry, folder=None)


def _experiments(trial: Trial, registry: Registry, kind: str, marked: bool) -> Iterator[Mapping[str, Any]]:
    """The study, once for each engine that has a model for it."""
    task = next((one for one in registry.entries("tasks") if plain(one) and TARGETS[kind] in _target(one)), None)
    models = _models(trial, registry, task.spec.name) if task else []
    if task is None or not models:
        raise NotApplicable(f"no task with a {TARGETS[kind]} to predict is installed, or no engine with a model for it")
    source, metric = READ[kind, marked]
    for model in models:
        training: dict[str, Any] = {}
        if "fit-once" not in model.spec.traits:
            training = {"epochs": 2, "batch_size": 16, "optimizer": _optimizer(registry, model)}
        yield {
            "format": 1,
            "name": "kit",
            "question": f"Which one is it? {MARK}" if marked else "Which one is it?",
            "seed": 7,
            "task": task.spec.name,
            "data": {"source": source, "target": "y", "split": "kit-split"},
            "model": model.spec.name,
            "engine": model.engine,
            "training": training,
            "evaluation": {"metrics": [metric], "baselines": []},
            "analysis": [],
            "report": [],
        }


def _models(trial: Trial, registry: Registry, task: str) -> list[Entry]:
    """For each engine the model that takes the least effort, on the most suitable engine first."""
    engines = set(registry.names("engines"))
    found = [
        one
        for one in registry.entries("models")
        if one.engine in engines
        and plain(one)
        and (not one.spec.tasks or task in one.spec.tasks)
        and (not one.spec.accepts or "number" in one.spec.accepts)
        and ("fit-once" in one.spec.traits or _optimizer(registry, one))
    ]
    best = {str(one.engine): one for one in sorted(found, key=_effort, reverse=True)}
    order = {name: _weight(trial, registry, name) for name in best}
    return [best[name] for name in sorted(best, key=lambda name: (*order[name], name))]


def _effort(entry: Entry) -> tuple[bool, bool, str]:
    """Models that look at their inputs and are fitted at once first."""
    return (not entry.spec.accepts, "fit-once" not in entry.spec.traits, entry.spec.name)


def _weight(trial: Trial, registry: Registry, engine: str) -> tuple[bool, bool, int]:
    """How well an engine suits a study: that of the claim ``engine`` first, then one of the same plugin, then the one
    whose distribution requires the least."""
    record = registry.find("engines", engine).record
    required = importlib.metadata.requires(record.distribution) or []
    count = sum("extra ==" not in line for line in required)
    return (engine != trial.claims.get("engine"), record is not trial.subject.record, count)


def _optimizer(registry: Registry, model: Entry) -> str | None:
    """The first that needs no settings, on the engine of a model."""
    entries = registry.entries("optimizers", engine=model.engine)
    return next((one.spec.name for one in entries if plain(one)), None)


def _target(entry: Entry) -> Sequence[str]:
    slots = entry.load().slots
    return tuple(slots.get("target", ())) if set(slots) == {"target"} else ()

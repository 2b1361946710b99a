"""From the names in an experiment to the components that do the work."""

from __future__ import annotations

import contextlib
import copy
import pathlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pydantic

from sci.api import ComponentConfig, ConfigError, DataError, PluginError, Preprocessor, Schema, SciError, Task
from sci.api.errors import Place
from sci.experiment.document import walk
from sci.experiment.generic import generic_keys
from sci.experiment.load import LoadedExperiment, derived
from sci.pipeline.blame import guarded
from sci.pipeline.places import Places, nowhere
from sci.pipeline.steps import Recipe, Steps
from sci.plugins.entry import Entry
from sci.plugins.nearest import nearest
from sci.plugins.records import PluginRecord
from sci.plugins.registry import Registry
from sci.runs.paths import resolve

OTHERS = {
    "calibration": "calibrators",
    "tracking": "trackers",
    "analysis": "analyses",
    "report": "reporters",
    "deploy": "deployers",
}
"""The other lists of an experiment, and what kinds of components they name."""


@dataclass(frozen=True)
class Part:
    """A component as the experiment names it, with its settings."""

    kind: str
    name: str
    entry: Entry
    settings: Any
    generic: Mapping[str, Any]
    where: Place | None
    engine: str | None = None

    def make(self, *more: Any) -> Any:
        """The component itself: its target, called with its settings and what its kind is called with."""
        made = guarded(self, "create", self.target(), self.settings, *more)
        if made is None:
            raise PluginError(f"{self.name} is nothing", id="plugin.result", where=self.where, note=self.owner)
        return made

    def target(self) -> Any:
        """What the component's target names; imported now."""
        return guarded(self, "import", self.entry.load, self.engine)

    def has(self, trait: str) -> bool:
        """Whether its spec names this trait."""
        return self.entry.has(trait)

    @property
    def owner(self) -> str:
        """The distribution that brings it, for messages."""
        return f"{self.entry.record.distribution} {self.entry.record.version}"


class Assembly:
    """The components of one resolved experiment.

    Args:
        experiment: the resolved experiment as a plain mapping.
        registry: finds components by kind and name.
        base: the folder that data paths are relative to.
        place: where keys stand in the experiment file.

    `used` gathers the plugins whose components were asked for, for the lock, and `cited` the components with
    their settings, for what they cite.
    """

    def __init__(
        self, experiment: Mapping[str, Any], registry: Registry, base: pathlib.Path, place: Places = nowhere
    ) -> None:
        self.experiment = experiment
        self.registry = registry
        self.base = base
        self.place = place
        self.used: dict[str, PluginRecord] = {}
        self.cited: dict[tuple[str, str], tuple[Entry, ComponentConfig]] = {}
        self.loaded: LoadedExperiment | None = None

    @classmethod
    def of(cls, loaded: LoadedExperiment, registry: Registry) -> Assembly:
        """The components of an experiment that was read and checked."""
        made = cls(loaded.resolved, registry, loaded.base, loaded.place)
        made.loaded = loaded
        return made

    @property
    def engine(self) -> str:
        """The engine's name."""
        return named(self.experiment["engine"])[0]

    @property
    def training(self) -> Mapping[str, Any]:
        """The `training` section."""
        return self.experiment.get("training") or {}

    def part(self, kind: str, value: Any, *keys: str | int) -> Part:
        """One component, found and its settings checked."""
        name, settings = named(value)
        native = kind in ("models", "losses", "optimizers")
        where = self.place(*keys)
        try:
            entry = self.registry.find(kind, name, self.engine if native else None)
            self.used[entry.record.distribution] = entry.record
            shared = generic_keys(kind, entry.config_class())
            generic = {key: settings.pop(key) for key in shared if key in settings}
            own = entry.settings(settings)
            self.cited[kind, name] = entry, own
            return Part(kind, name, entry, own, generic, where, self.engine if native else None)
        except SciError as error:
            error.where = error.where or where
            raise
        except pydantic.ValidationError as error:
            first = error.errors()[0]
            setting = ".".join(str(item) for item in first["loc"])
            raise ConfigError(f"{name}: {setting}: {first['msg']}", id="config.value", where=where) from error

    def parts(self, kind: str, values: Sequence[Any] | None, *keys: str | int) -> list[Part]:
        """Several components of one kind."""
        return [self.part(kind, value, *keys, position) for position, value in enumerate(values or ())]

    def file(self, text: str) -> pathlib.Path:
        """A data file, by a path as the experiment gives it.

        Raises:
            DataError: it cannot be opened; said where the path stands, with the name that was most likely meant.
        """
        try:
            return resolve(self.base, text)
        except DataError as error:
            keys = self.written(text)
            if keys is not None:
                error.where = self.place(*keys)
                if error.id == "data.missing-file" and (meant := beside(self.base / text)):
                    error.message += f"; did you mean `{meant}`?"
                    error.hint = f"{keys[-1]}: {pathlib.PurePath(text).with_name(meant)}"
            raise

    def written(self, text: str) -> tuple[str | int, ...] | None:
        """The keys under which the `data` section says this; None where it does not."""
        return next((keys for keys, value in walk(self.experiment.get("data"), ("data",)) if value == text), None)

    def installed(self, kind: str, names: Sequence[str]) -> list[str]:
        """Those of these names that are installed: for defaults, which nobody asked for by name."""
        known = set(self.registry.names(kind))
        return [name for name in names if name in known]

    def with_trait(self, kind: str, trait: str) -> list[str]:
        """The installed components of a kind whose spec names a trait."""
        return [entry.spec.name for entry in self.registry.entries(kind) if entry.has(trait)]

    def source(self) -> Part:
        return self.part("sources", self.experiment["data"]["source"], "data", "source")

    def splitter(self) -> Part:
        return self.part("splitters", self.experiment["data"]["split"], "data", "split")

    def task(self) -> Task:
        """A fresh task."""
        task: Task = self.part("tasks", self.experiment["task"], "task").make()
        return task

    def model(self) -> Part:
        """The model; weights to start from that lie beside the experiment are found there."""
        return self._located(self.part("models", self.experiment["model"], "model"))

    def settled(self) -> Assembly:
        """The assembly of what is trained: what the model's settings leave to files is written out, so that the network
        can be built again where those files are no more."""
        part = self.model()
        if part.settings is None:
            return self
        before = part.settings.model_dump(mode="json")
        after = guarded(part, "read", part.settings.settled).model_dump(mode="json")
        name, given = named(self.experiment["model"])
        read = {key: value for key, value in after.items() if value != before[key]}
        other = copy.copy(self)
        other.experiment = {**self.experiment, "model": {"name": name, **given, **read}} if read else self.experiment
        return other

    def _located(self, part: Part) -> Part:
        """The component with those files and folders that its settings name and that lie beside the experiment file."""
        asked = {key: getattr(part.settings, key, None) for key in getattr(part.settings, "paths", ())}
        found = {
            key: str(resolve(self.base, text).absolute())
            for key, text in asked.items()
            if isinstance(text, str) and (self.base / text).exists()  # else it is a name that the component looks up
        }
        return replace(part, settings=part.settings.model_copy(update=found)) if found else part

    def recipes(self, task: Task, schema: Schema) -> list[Recipe]:
        """The steps in their order: those that the task needs for its targets, then the experiment's."""
        asked = self.parts("preprocessors", self.experiment.get("preprocessing"), "preprocessing")
        return [*self.target_recipes(task, schema), *(recipe(self._located(part)) for part in asked)]

    def steps(self, task: Task, schema: Schema) -> Steps:
        """The steps of a pipeline, not yet fitted."""
        return Steps(self.recipes(task, schema), seed=int(self.experiment.get("seed") or 0))

    def target_recipes(self, task: Task, schema: Schema) -> list[Recipe]:
        """The steps that the task needs for its targets."""
        return [recipe(self.part("preprocessors", dict(value), "task")) for value in task.target_steps(schema)]

    def optimizers(self) -> dict[str, Part]:
        """Group of parameters to optimiser; group ``""`` when one serves all."""
        value = self.training.get("optimizer")
        if value is None:
            return {}
        if isinstance(value, str) or "name" in value:
            return {"": self.part("optimizers", value, "training", "optimizer")}
        return {group: self.part("optimizers", item, "training", "optimizer", group) for group, item in value.items()}

    def loss(self, task: Task) -> Part | None:
        """The loss that training minimises.

        A model that is fitted in one step can do without: there the task's own is left out where the engine has no code
        for it, or the model has the trait `no-loss`.

        Raises:
            SciError: it is not installed, or denied; of the task's own it is said whose it is.
        """
        asked = self.training.get("loss")
        value = asked or self._own_loss(task)
        try:
            return None if value is None else self.part("losses", value, "training", "loss")
        except SciError as error:
            if not asked:
                error.message = (
                    f"{error.message}; it is what task {named(self.experiment['task'])[0]} minimizes by default"
                )
                error.where = self.place("task")
            raise

    def _own_loss(self, task: Task) -> str | None:
        absent = task.loss not in self.registry.names("losses", self.engine)
        model = self.model()
        return None if model.has("no-loss") or (absent and model.has("fit-once")) else task.loss

    def metrics(self, task: Task) -> dict[str, Part]:
        """Name to metric: those asked for, or the task's that are installed; a study that measures nothing is none."""
        asked = (self.experiment.get("evaluation") or {}).get("metrics")
        values = asked if asked is not None else self.installed("metrics", task.metrics)
        if not values:
            self._no_metric(task)
        return {part.name: part for part in self.parts("metrics", values, "evaluation", "metrics")}

    def _no_metric(self, task: Task) -> None:
        for name in task.metrics[:1]:
            self.registry.find("metrics", name)  # says who denies it, or what to install
        raise ConfigError(
            "nothing measures the result: the task names no metric, and neither does the experiment",
            id="config.metrics",
            where=self.place("evaluation"),
            hint="evaluation: {metrics: [...]}",
        )

    def baselines(self, task: Task) -> dict[str, Part]:
        """Name to baseline: those asked for, or the task's that are installed."""
        asked = (self.experiment.get("evaluation") or {}).get("baselines")
        values = asked if asked is not None else self.installed("baselines", task.baselines)
        return {part.name: part for part in self.parts("baselines", values, "evaluation", "baselines")}

    def controls(self) -> list[Part]:
        """The controls that are asked for."""
        return self.parts(
            "controls", (self.experiment.get("evaluation") or {}).get("controls"), "evaluation", "controls"
        )

    def named_in(self, section: str, kind: str) -> list[Part]:
        """The components of a top-level list: analysis, report, deploy, tracking, calibration."""
        value = self.experiment.get(section)
        values = value if isinstance(value, list) else [] if value is None else [value]
        return self.parts(kind, values, section)

    def ask_for_all(self, schema: Schema) -> None:
        """Ask for every component that the experiment names or its task brings: `used` and `cited` then know those,
        too, that were needed in another process only, or by an earlier start of the run."""
        task = self.task()
        self.source(), self.splitter(), self.metrics(task), self.controls()
        self._ask_for_training(task, schema)
        for section, kind in OTHERS.items():
            self.named_in(section, kind)
        experiment = {**self.experiment, "inputs": inputs_of(schema)}
        for name, part in self.baselines(task).items():
            with contextlib.suppress(SciError):  # one that cannot run is no part of the study
                self.patched(part.make().patch(experiment), f"baseline {name}")._ask_for_training(task, schema)

    def _ask_for_training(self, task: Task, schema: Schema) -> None:
        self.model(), self.optimizers(), self.loss(task), self.recipes(task, schema)
        self.part("engines", self.experiment["engine"], "engine")
        if self.training.get("schedule") is not None:
            self.part("schedules", self.training["schedule"], "training", "schedule")

    def patched(self, patch: Mapping[str, Any], origin: str) -> Assembly:
        """The same experiment with top-level keys replaced, as a baseline asks; checked like a file."""
        assert self.loaded is not None
        other = Assembly.of(derived(self.loaded, patch, origin, self.registry), self.registry)
        other.used, other.cited = self.used, self.cited
        return other


def named(value: Any) -> tuple[str, dict[str, Any]]:
    """Name and settings of a component as it stands in an experiment."""
    if isinstance(value, str):
        return value, {}
    settings = dict(value)
    return settings.pop("name"), settings


def recipe(part: Part) -> Recipe:
    """A preprocessing step that waits for its columns."""
    target = part.target()
    if not (isinstance(target, type) and issubclass(target, Preprocessor)):
        raise PluginError(f"{part.name} is no Preprocessor", id="plugin.target", where=part.where, note=part.owner)
    columns = part.generic.get("columns")
    return Recipe(
        name=part.name,
        make=part.make,
        accepts=frozenset(target.accepts),
        role=target.role,
        random=target.random,
        columns=None if columns is None else tuple([columns] if isinstance(columns, str) else columns),
        evaluated=target.random and target.random_in_evaluation,
        where=part.where,
        owner=part.owner,
    )


def inputs_of(schema: Schema) -> dict[str, str]:
    """Raw input columns and their kinds, as a baseline sees them."""
    return {name: feature.kind for name, feature in schema.inputs.items()}


def beside(missing: pathlib.Path) -> str | None:
    """The name in a missing file's folder that somebody most likely meant."""
    try:
        names = [one.name for one in missing.parent.iterdir()]
    except OSError:
        return None
    return nearest(missing.name, names)

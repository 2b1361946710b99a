"""Native components of a trial on their engine: the one that is looked at, and installed ones for the rest."""

from __future__ import annotations

from typing import Any

import pydantic

from sci.api import Dataset, SciError
from sci.plugins.entry import Entry
from sci.plugins.registry import Registry
from sci.testing.check import Fault, NotApplicable
from sci.testing.data import named
from sci.testing.fitting import dataset_of
from sci.testing.network import Chosen, Network, question
from sci.testing.trial import Trial, case_trials

READ = {"number": "regression", "image": "images", "tokens": "tokens", "series": "series"}
"""Kind of input to the data set that has it."""

STEPS = 30
"""So many updates show whether something learns."""


class Training:
    """What a trial trains, on one engine.

    Args:
        trial: of a model, a loss, an optimizer or an engine.
        engine: by default that of the trial.
    """

    def __init__(self, trial: Trial, engine: str | None = None) -> None:
        self.trial = trial
        self.registry = trial.subject.system.registry
        found = engine or trial.engine
        assert found is not None
        self.engine = found
        kind = trial.component.kind
        self.data = data_of(trial)
        self.model = self._own("models") if kind == "models" else self._claimed("models") or self._smallest()
        self.fit_once = "fit-once" in self.model.entry.spec.traits
        self.heads, loss = question(self.registry, self.data.schema, trial.component.spec.tasks)
        self.loss = self._own("losses") if kind == "losses" else self._claimed("losses") or self._loss(loss)
        self.optimizer = self._own("optimizers") if kind == "optimizers" else self._claimed("optimizers")
        if self.optimizer is None and not self.fit_once:
            self.optimizer = self._any("optimizers")

    def network(self, **more: Any) -> Network:
        """A new network, with what trains it."""
        given = {"loss": self.loss, "optimizer": self.optimizer, "heads": self.heads, **more}
        return Network(self.registry, self.engine, self.model, self.data, **given)

    def on(self, engine: str) -> Training:
        """The same on another engine."""
        return Training(self.trial, engine)

    def _own(self, kind: str) -> Chosen:
        """The component of the trial, on this engine, which another plugin may bring."""
        entry = self.registry.find(kind, self.trial.component.spec.name, self.engine)
        return Chosen(entry, self.trial.case.settings if self.trial.case else {})

    def _claimed(self, kind: str) -> Chosen | None:
        """What the case wants in this place: claims ``model``, ``loss`` and ``optimizer``."""
        noun = {"models": "model", "losses": "loss", "optimizers": "optimizer"}[kind]
        value = self.trial.claims.get(noun)
        return None if value is None else Chosen.named(self.registry, kind, value, self.engine)

    def _loss(self, name: str | None) -> Chosen | None:
        lossless = "no-loss" in self.model.entry.spec.traits
        if name is None or lossless or (self.fit_once and not self._has("losses", name)):
            return None
        if not self._has("losses", name):
            raise NotApplicable(f"no loss `{name}` is installed for engine {self.engine}")
        return Chosen.named(self.registry, "losses", name, self.engine)

    def _has(self, kind: str, name: str) -> bool:
        return name in self.registry.names(kind, self.engine)

    def _any(self, kind: str) -> Chosen:
        """The first that is installed and needs no settings."""
        for entry in self.registry.entries(kind, engine=self.engine):
            if "closure" not in entry.spec.traits and plain(entry):
                return Chosen(entry)
        raise NotApplicable(f"none of the {kind} that are installed runs on engine {self.engine}")

    def _smallest(self) -> Chosen:
        """The model with the fewest weights that reads the rows and is trained step by step: a linear one, where one is
        installed, so that its loss is convex."""
        key = ("smallest", self.engine, self.data.fingerprint())
        return self.trial.subject.once(key, self._looked_for)

    def _looked_for(self) -> Chosen:
        sizes = []
        for entry in self.registry.entries("models", engine=self.engine):
            spec = entry.spec
            if "fit-once" in spec.traits or not plain(entry) or (spec.accepts and "number" not in spec.accepts):
                continue
            try:
                heads, _ = question(self.registry, self.data.schema, spec.tasks)
                made = Network(
                    self.registry, self.engine, Chosen(entry), self.data, loss=None, optimizer=None, heads=heads
                )
            except SciError:
                continue
            sizes.append((sum(array.size for array in made.weights.values()), spec.name, entry))
        if not sizes:
            raise NotApplicable(f"no model is installed that engine {self.engine} could train on these rows")
        return Chosen(min(sizes, key=lambda one: one[:2])[2])


def training(trial: Trial) -> Training:
    """What a trial trains, put together once."""
    return trial.once("training", lambda: Training(trial, engine_of(trial)))


def engine_of(trial: Trial) -> str:
    """The engine: the component itself, or the one that it has code for."""
    return trial.component.spec.name if trial.component.kind == "engines" else str(trial.engine)


def others(trial: Trial) -> list[str]:
    """Other installed engines that the same component runs on, whoever brings it; two engines of one plugin are
    compared once."""
    registry: Registry = trial.subject.system.registry
    kind, name = trial.component.kind, trial.component.spec.name
    own = [one.engine for one in case_trials(trial.subject, kind) if one.component.spec.name == name]
    done = own[: own.index(trial.engine) + 1]
    found = {str(one.engine) for one in registry.entries(kind) if one.spec.name == name}
    return sorted((found & set(registry.names("engines"))) - set(map(str, done)))


def plain(entry: Entry) -> bool:
    """Whether it needs no settings."""
    try:
        entry.settings({})
    except (pydantic.ValidationError, SciError):
        return False
    return True


def data_of(trial: Trial) -> Dataset:
    """The rows of the case, or those of the kit that suit the component."""
    spec = trial.component.spec
    if trial.case is not None and trial.case.data is not None:
        return dataset_of(trial, "regression")
    if trial.component.kind == "losses":
        return _suiting(trial)
    kinds = [kind for kind in READ if not spec.accepts or kind in spec.accepts]
    if not kinds:
        raise Fault(
            f"it reads {', '.join(spec.accepts)}, and the case brings no data",
            expected="a case with `data` for a component whose inputs the kit does not have",
        )
    name = READ[kinds[0]]
    classes = name == "regression" and spec.tasks and "regression" not in spec.tasks
    return named("classification" if classes else name)


def _suiting(trial: Trial) -> Dataset:
    """The first data set whose heads a loss takes."""
    registry: Registry = trial.subject.system.registry
    chosen = Chosen(trial.component, trial.case.settings if trial.case else {})
    refused = ""
    for name in ("regression", "classification"):
        data = named(name)
        try:
            heads, _ = question(registry, data.schema, trial.component.spec.tasks)
            registry.find("losses", trial.component.spec.name, trial.engine).load()(chosen.settings, heads)
        except SciError as error:
            refused = error.message
            continue
        return data
    raise Fault(refused or "no rows of the kit suit it", expected="a case with `data` whose targets the loss takes")

"""What one check looks at: a plugin, one of its components, or one component as a case builds it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sci.plugins.entry import Entry
from sci.testing.case import Case
from sci.testing.check import EVERY, Check, NotApplicable
from sci.testing.result import Result
from sci.testing.settings import Settled, settled
from sci.testing.subject import Subject

T = TypeVar("T")


@dataclass(eq=False)
class Trial:
    """What one check looks at.

    Args:
        subject: the plugin.
        entry: the component, if it is about one.
        case: how it is built, if its code is to be run.
        engine: for native kinds, on which engine.
        results: what was found already, by id.
    """

    subject: Subject
    entry: Entry | None = None
    case: Case | None = None
    engine: str | None = None
    results: dict[str, Result] = field(default_factory=dict, repr=False)
    memory: dict[Any, Any] = field(default_factory=dict, repr=False)

    @property
    def words(self) -> str:
        """The subject of a result."""
        if self.entry is None:
            return self.subject.record.title
        return self.entry.words + (f" on {self.engine}" if self.engine else "")

    @property
    def component(self) -> Entry:
        """The component; only where the check is about one."""
        assert self.entry is not None
        return self.entry

    @property
    def claims(self) -> Mapping[str, Any]:
        """What the case claims."""
        return self.case.claims if self.case else {}

    def tolerance(self, default: float) -> float:
        """How far two numbers may lie apart, relative to their size."""
        return default if self.case is None or self.case.tolerance is None else self.case.tolerance

    @functools.cached_property
    def settled(self) -> Settled:
        """The settings of the case, and the core's keys among them."""
        return settled(self.component, self.case.settings if self.case else {})

    @functools.cached_property
    def target(self) -> Any:
        """The component's code."""
        return self.component.load(self.engine)

    def make(self, *more: Any) -> Any:
        """The component itself, new."""
        return self.target(self.settled.settings, *more)

    def once(self, key: Any, make: Callable[[], T]) -> T:
        """What several checks of this trial share, made when the first of them asks."""
        if key not in self.memory:
            self.memory[key] = make()
        found: T = self.memory[key]
        return found


def plugin_trial(subject: Subject) -> Trial:
    """The plugin as a whole."""
    found: Trial = subject.memory.setdefault("plugin", Trial(subject))
    return found


def component_trials(subject: Subject) -> dict[tuple[str, str], Trial]:
    """Its components, whatever engines they have code for."""
    entries = {(one.kind, one.spec.name): one for one in reversed(subject.entries)}
    trials = {key: Trial(subject, entries[key]) for key in reversed(entries)}
    found: dict[tuple[str, str], Trial] = subject.memory.setdefault("components", trials)
    return found


def case_trials(subject: Subject, kind: str) -> list[Trial]:
    """Its components of a kind as their cases build them; native ones once for each engine that is installed."""
    if ("cases", kind) not in subject.memory:
        subject.memory["cases", kind] = [
            Trial(subject, subject.entry(case), case, engine)
            for case in subject.cases[0]
            if case.kind == kind
            for engine in _engines(subject, case)
        ]
    found: list[Trial] = subject.memory["cases", kind]
    return found


def _engines(subject: Subject, case: Case) -> list[str | None]:
    installed = set(subject.system.registry.names("engines"))
    engines = subject.engines(case.kind, case.name)
    if not engines:
        return [None]
    return [one for one in engines if case.engine in (None, one) and one in installed]


def trials(check: Check, subject: Subject) -> list[Trial]:
    """Everything that a check looks at in a plugin."""
    if check.kind is None:
        return [plugin_trial(subject)]
    if check.kind == EVERY:
        return list(component_trials(subject).values())
    return case_trials(subject, check.kind)


def trial_of(check: Check, trial: Trial) -> Trial:
    """What a check that comes first looks at, seen from another check's trial."""
    if check.kind is None:
        return plugin_trial(trial.subject)
    if check.kind == EVERY and trial.entry is not None:
        return component_trials(trial.subject)[trial.entry.kind, trial.entry.spec.name]
    return trial


def needs(condition: Any, reason: str) -> None:
    """Stop a check that has nothing to look at."""
    if not condition:
        raise NotApplicable(reason)

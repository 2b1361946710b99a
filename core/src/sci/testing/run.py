"""Runs the checks of a plugin."""

from __future__ import annotations

import pathlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sci.api.errors import ConfigError, SciError
from sci.plugins import faults
from sci.plugins.manager import PluginSystem
from sci.plugins.nearest import nearest
from sci.testing.catalogue import checks
from sci.testing.check import CHECKS, EVERY, LEVELS, Check, Fault, Level, NotApplicable
from sci.testing.result import Result
from sci.testing.subject import Subject
from sci.testing.trial import Trial, trial_of, trials

FIRST = {EVERY: ("SCI-DISC-001",), None: ()}
"""Checks that come before all others of a kind: what does not load is not looked at any closer."""

WAITS = "waits for "

_BEFORE_CODE = ("SCI-DISC-001", "SCI-DISC-003", "SCI-DISC-005")


@dataclass(frozen=True)
class Plan:
    """The checks of one plugin, and the failures that were foretold.

    Args:
        subject: the plugin.
        level: `required`, or `recommended` for both levels.
        foretold: id, or id and component as ``SCI-PRE-004:standardize``, to the reason.
    """

    subject: Subject
    level: Level
    foretold: Mapping[str, str]

    @classmethod
    def of(
        cls,
        plugin: str | pathlib.Path,
        expected_failures: Mapping[str, str] | None = None,
        level: Level = "required",
        system: PluginSystem | None = None,
    ) -> Plan:
        """As `run_checks`, before anything is run."""
        if level not in LEVELS:
            raise ConfigError(f"no level is called `{level}`", id="plugin.check", note=f"levels: {', '.join(LEVELS)}")
        subject = Subject.of(plugin, system)
        foretold = {**subject.foretold, **(expected_failures or {})}
        for key, reason in foretold.items():
            _understood(key, reason, subject)
        return cls(subject, level, foretold)

    def checks(self) -> Iterator[tuple[Check, list[Trial]]]:
        """Every check that finds something to look at, with what it looks at."""
        for check in checks().values():
            if self.level == "required" and effective(check, self.subject) != "required":
                continue
            found = trials(check, self.subject)
            if found:
                yield check, found

    def results(self, check: Check, found: list[Trial]) -> list[Result]:
        """What comes of one check, judged by what was foretold."""
        own = [self._judged(check, trial, outcome(check, trial)) for trial in found]
        judged = list(own)
        for key, reason in self.foretold.items():
            id, _, name = key.partition(":")
            if id != check.id:
                continue
            covered = [one for one, trial in zip(own, found, strict=True) if _covers(name, trial)]
            if all(one.outcome == "skipped" for one in covered):
                continue  # there is nothing here that could fail, such as an engine that is not installed
            if not any(one.outcome == "expected" for one in covered):
                judged.append(Result(check, name or self.subject.record.title, "unexpected", "required", reason=reason))
        return judged

    def _judged(self, check: Check, trial: Trial, found: Result) -> Result:
        if found.outcome != "failed":
            return found
        for key, reason in self.foretold.items():
            id, _, name = key.partition(":")
            if id == check.id and _covers(name, trial):
                return replace(found, outcome="expected", reason=reason)
        return found


def run_checks(
    plugin: str | pathlib.Path,
    *,
    expected_failures: Mapping[str, str] | None = None,
    level: Level = "required",
    system: PluginSystem | None = None,
) -> list[Result]:
    """Run the checks of a plugin.

    Args:
        plugin: a distribution, the name of its entry point, or the folder with its pyproject.toml.
        expected_failures: ids of checks that are known to fail, each with the reason, beside those that the plugin
            itself names. ``SCI-PRE-004`` holds for every component, ``SCI-PRE-004:standardize`` for one. One that does
            not fail is a failure.
        level: `recommended` runs both levels.
        system: loaded plugins; by default those that are installed.

    Raises:
        ConfigError: there is no such plugin, check or level, or a reason is empty.
        PluginError: the folder's wheel cannot be built.
    """
    plan = Plan.of(plugin, expected_failures, level, system)
    return [result for check, found in plan.checks() for result in plan.results(check, found)]


def outcome(check: Check, trial: Trial) -> Result:
    """What comes of one check on one thing; it is run once."""
    if check.id not in trial.results:
        trial.results[check.id] = _outcome(check, trial)
    return trial.results[check.id]


def _outcome(check: Check, trial: Trial) -> Result:
    level = effective(check, trial.subject)
    for id in (*FIRST.get(check.kind, _BEFORE_CODE), *check.after):
        earlier = CHECKS[id]
        if earlier is not check and _stands_in_the_way(outcome(earlier, trial_of(earlier, trial))):
            return Result(check, trial.words, "skipped", level, reason=f"{WAITS}{id}")
    try:
        check.run(trial)
    except NotApplicable as nothing:
        return Result(check, trial.words, "skipped", level, reason=str(nothing))
    except Fault as fault:
        return Result(
            check,
            trial.words,
            "failed",
            level,
            fault.expected or check.expects,
            fault.received,
            fault.mend or check.mend,
        )
    except Exception as error:
        return Result(check, trial.words, "failed", level, check.expects, raised(error), check.mend)
    return Result(check, trial.words, "passed", level)


def _stands_in_the_way(earlier: Result) -> bool:
    return earlier.outcome == "failed" or earlier.reason.startswith(WAITS)


def raised(error: BaseException) -> str:
    """An exception in one line, with the plugin's own line where it came from."""
    if isinstance(error, SciError):
        note = f" ({error.note})" if error.note else ""
        return f"{type(error).__name__}: {error.message}{note}"
    own = [frame for frame in faults.frames(error) if not frame.file.startswith("sci/")]
    return f"{faults.cause(error)} ({own[-1]})" if own else faults.cause(error)


def effective(check: Check, subject: Subject) -> Level:
    """The level that a check has for a plugin: it is only recommended where it is newer than the oldest sci-core that
    the plugin supports."""
    if check.level == "required" and _older(subject.record.needs, check.since):
        return "recommended"
    return check.level


def _older(range_: str, since: str) -> bool:
    from packaging.specifiers import SpecifierSet
    from packaging.version import Version

    lowest = [
        Version(part.version.removesuffix(".*"))
        for part in SpecifierSet(range_)
        if part.operator in (">=", "~=", "==", ">")
    ]
    return bool(lowest) and max(lowest) < Version(since)


def _covers(name: str, trial: Trial) -> bool:
    return not name or (trial.entry is not None and trial.entry.spec.name == name)


def _understood(key: str, reason: Any, subject: Subject) -> None:
    """Refuse a foretold failure that means nothing here."""
    id, _, name = key.partition(":")
    known = checks()
    if id not in known:
        guess = nearest(id, known)
        raise ConfigError(
            f"no check is called `{id}`" + (f"; did you mean `{guess}`?" if guess else ""),
            id="plugin.check",
            note="expected failures name checks by id",
        )
    if name and name not in {entry.spec.name for entry in subject.entries}:
        raise ConfigError(f"`{key}` names a component that {subject.record.title} does not offer", id="plugin.check")
    if not trials(known[id], subject):
        raise ConfigError(f"{id} looks at nothing in {subject.record.title}", id="plugin.check")
    if not isinstance(reason, str) or not re.search(r"\w", reason):
        raise ConfigError(f"the expected failure of {key} has no reason", id="plugin.check", hint=f'{{"{key}": "WHY"}}')

"""The models of a study one after the other, each with its baselines; one that fails does not lose the others."""

from __future__ import annotations

import pathlib
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sci.api import ConfigError, Dataset, Fold, SciError
from sci.api.errors import Interrupted, LockedError, StorageError
from sci.pipeline.assembly import inputs_of
from sci.pipeline.child import Outcome, is_finished, run_child, stored
from sci.pipeline.context import Context
from sci.pipeline.seal import Sealed
from sci.runs.lock import RunLock

FATAL = (Interrupted, StorageError, LockedError)
"""What would stop every other child as well."""
PATIENCE = 60.0
"""Seconds that a process may take to end whose study was killed: it does so at its next step."""


@dataclass(frozen=True)
class Job:
    """One model to train: a fold with a seed."""

    fold: Fold
    seed: int

    @property
    def name(self) -> str:
        """The folder of the child."""
        return f"{self.fold.name}.seed-{self.seed}"


@dataclass(frozen=True)
class Family:
    """A child and the baselines on its rows."""

    job: Job
    child: Outcome
    rivals: Mapping[str, Outcome] = field(default_factory=dict)


@dataclass(frozen=True)
class Failure:
    """A child that came to no end, and why; `child` knows how far it came, where it was trained in this process."""

    job: Job
    error: SciError
    child: Context | None = None

    def as_json(self) -> dict[str, Any]:
        """As the manifest and `metrics.json` keep it."""
        return {"fold": self.job.fold.name, "seed": self.job.seed, "error": self.error.as_json()}


def child_of(context: Context, job: Job) -> Context:
    """The context of a child in its own directory."""
    return context.child(context.directory / "children" / job.name, context.assembly, job.seed, quiet=False)


def sealed_for(child: Context, dataset: Dataset, fold: Fold) -> Sealed:
    """The test rows of a fold, opened in the name of the run."""
    return Sealed(dataset, fold.test, f"{child.experiment['name']}/{child.run_id}", child.ledger)


def family(child: Context, dataset: Dataset, job: Job) -> Family:
    """Train and judge one model and its baselines; what is finished is read back."""
    sealed = sealed_for(child, dataset, job.fold)
    child.directory.mkdir(parents=True, exist_ok=True)
    with RunLock(child.directory, PATIENCE):
        found = run_child(child, dataset, job.fold, sealed)
        return Family(job, found, rivals(child, dataset, job.fold, sealed))


def rivals(child: Context, dataset: Dataset, fold: Fold, sealed: Sealed) -> dict[str, Outcome]:
    """The baselines on a fold; one that cannot run is a warning, never a lost study."""
    found: dict[str, Outcome] = {}
    for name in child.assembly.baselines(child.assembly.task()):
        try:
            context = rival_context(child, name, dataset)
            child.report(name)
            found[name] = run_child(context, dataset, fold, sealed)
        except FATAL:
            raise
        except SciError as error:
            child.warn("baseline.failed", f"baseline {name} could not run: {error.message}")
    return found


def rival_context(child: Context, name: str, dataset: Dataset) -> Context:
    """The context of a baseline beside a child."""
    assembly = child.assembly
    part = assembly.baselines(assembly.task())[name]
    experiment = {**assembly.experiment, "inputs": inputs_of(dataset.schema)}
    patched = assembly.patched(part.make().patch(experiment), f"baseline {name}")
    return child.child(_rival_directory(child, name), patched, child.seed, quiet=True)


def _rival_directory(child: Context, name: str) -> pathlib.Path:
    return child.directory / "children" / f"baseline-{name}"


def is_whole(child: Context) -> bool:
    """Whether a child and its baselines are finished, so that nothing is left to train."""
    names = child.assembly.baselines(child.assembly.task())
    return all(map(is_finished, [child.directory, *(_rival_directory(child, name) for name in names)]))


def read_back(child: Context, dataset: Dataset, job: Job) -> Family:
    """A child that is finished, with those of its baselines that are."""
    found = stored(child.directory, dataset, job.fold, job.seed)
    if found is None:
        raise StorageError(f"{job.name} is not finished, although its process said so", id="storage.corrupt")
    beside = {}
    for name in child.assembly.baselines(child.assembly.task()):
        rival = stored(_rival_directory(child, name), dataset, job.fold, job.seed)
        if rival is not None:
            beside[name] = rival
    return Family(job, found, beside)


def in_turn(context: Context, dataset: Dataset, jobs: Sequence[Job]) -> Iterator[Family | Failure]:
    """Each child in this process."""
    for job in jobs:
        if context.stop is not None:
            context.stop.check()
        child = child_of(context, job)
        child.tell("stage_started", stage="train")
        began = time.monotonic()
        try:
            found = family(child, dataset, job)
            child.tell("stage_finished", stage="train", seconds=time.monotonic() - began)
            yield found
        except FATAL:
            raise
        except SciError as error:
            yield Failure(job, error, child)


def settled(found: Sequence[Family | Failure]) -> tuple[list[Family], list[Failure]]:
    """Those that count, and those that failed; the error of the first where none counts."""
    families = [one for one in found if isinstance(one, Family)]
    failures = [one for one in found if isinstance(one, Failure)]
    if not families:
        raise failures[0].error
    return families, failures


def demand_one_to_deploy(models: int, refit: bool) -> None:
    """Of several models none is the one to deploy, unless one more is fitted on all rows."""
    if models > 1 and not refit:
        raise ConfigError(
            "a study of several models has none to deploy", id="study.deploy", hint="study: {refit: true}"
        )

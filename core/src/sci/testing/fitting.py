"""A preprocessor as its case builds it, with rows to fit and to transform."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping

import numpy as np

from sci.api import Batch, DataError, Dataset, Preprocessor, SampleRandom, Schema, State
from sci.pipeline.steps import Recipe, read_only
from sci.runs import arrays
from sci.testing import data as kit
from sci.testing.check import Fault
from sci.testing.trial import Trial

SEED = 7
NO_ROWS = np.zeros(0, dtype=np.int64)


class Fitting:
    """A step of one trial.

    Three of four rows are to be learned from, as an experiment's training rows; all of them are transformed.
    """

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        self.target: type[Preprocessor] = trial.target
        if not (isinstance(self.target, type) and issubclass(self.target, Preprocessor)):
            raise Fault(f"the target is {self.target!r}")
        self.rows = _rows(trial, self.target)
        self.schema = self.rows.schema
        self.columns = self._recipe().taken(self.schema)
        self.train = self.rows.take(np.flatnonzero(np.arange(len(self.rows)) % 4 != 3))

    def _recipe(self) -> Recipe:
        given = self.trial.settled.shared.get("columns")
        return Recipe(
            name=self.trial.component.spec.name,
            make=lambda columns: self.target(self.trial.settled.settings, columns),
            accepts=frozenset(self.target.accepts),
            role=self.target.role,
            random=self.target.random,
            columns=None if given is None else tuple([given] if isinstance(given, str) else given),
        )

    def new(self) -> Preprocessor:
        """The step, not fitted, told of the schema as the core tells it."""
        step = self.target(self.trial.settled.settings, self.columns)
        step.output_schema(self.schema)
        return step

    def fit(self, rows: Dataset | None = None) -> Preprocessor:
        """The step, fitted on these rows; by default on the training rows."""
        step = self.new()
        step.fit(self.train if rows is None else rows)
        step.output_schema(self.schema)
        return step

    @functools.cached_property
    def fitted(self) -> Preprocessor:
        """The step, fitted on the training rows."""
        return self.fit()

    @functools.cached_property
    def promised(self) -> Schema:
        """What the fitted step says that it leaves."""
        return self.fitted.output_schema(self.schema)

    @functools.cached_property
    def whole(self) -> Batch:
        """All rows."""
        return everything(self.rows)

    def draws(self, batch: Batch, epoch: int = 0) -> SampleRandom | None:
        """What a step that draws is given."""
        return SampleRandom(SEED, epoch, np.asarray(batch["id"]), "0.step") if self.target.random else None

    def transform(self, step: Preprocessor, batch: Batch, epoch: int = 0) -> Batch:
        """What the step makes of a batch, which it gets as the core hands it over: in a form that cannot be written
        to. The ids of the rows are the core's affair, and are left out."""
        readable = {name: read_only(column) for name, column in batch.items()}
        found = step.transform(readable, self.draws(batch, epoch))
        if not isinstance(found, Mapping):
            raise Fault(f"`transform` returns a {type(found).__name__}", expected="a dict of columns")
        return {name: column for name, column in found.items() if name != "id"}

    @functools.cached_property
    def transformed(self) -> Batch:
        """All rows, transformed by the fitted step."""
        return self.transform(self.fitted, self.whole)

    def positions(self, found: Batch, rows: int) -> np.ndarray:
        """Where each row of a result stood before."""
        if self.target.rows == "keep":
            return np.arange(rows)
        return np.asarray(found["row"])


def fitting(trial: Trial) -> Fitting:
    """The step of a trial, made once."""
    return trial.once("fitting", lambda: Fitting(trial))


def everything(data: Dataset) -> Batch:
    """All rows of a data set."""
    return data.batch(np.arange(len(data), dtype=np.int64))


def stored(state: State) -> State:
    """A state as it comes back from a disk."""
    return State(arrays.unpack(arrays.pack(state.arrays), "state"), json.loads(json.dumps(state.meta)))


def kept(step: Preprocessor) -> State:
    """The state of a step, as it comes back from a disk: nothing that happens to the step later changes it."""
    return stored(arrays.storable(step.state))


def dataset_of(trial: Trial, default: str) -> Dataset:
    """The rows of a case.

    Raises:
        Fault: what its function returns is no data set.
    """
    given = trial.case.data if trial.case else None
    if callable(given):
        found = given()
        if not isinstance(found, Dataset):
            raise Fault(f"`data` of the case returns a {type(found).__name__}", expected="a Dataset")
        return found
    return kit.named(given or default)


def _rows(trial: Trial, target: type[Preprocessor]) -> Dataset:
    """The rows of the case; a step for targets gets a target of a kind that it takes."""
    number = not target.accepts or "number" in target.accepts
    found = dataset_of(trial, "classes" if target.role == "target" and not number else "table")
    if not len(found):
        raise DataError("the data of the case have no rows", id="plugin.check")
    return found

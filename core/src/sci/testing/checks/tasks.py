"""What a task owes: heads for the network, and answers for people, row by row."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from sci.api import Batch, DataError, Dataset, Fold, Task
from sci.api.errors import SeveralErrors
from sci.api.rows import length
from sci.pipeline.steps import fits, form
from sci.runs import arrays
from sci.testing.check import Fault, NotApplicable, check
from sci.testing.compare import difference, picked
from sci.testing.data import named
from sci.testing.fitting import NO_ROWS, dataset_of, everything, stored
from sci.testing.trial import Trial, needs

KIND = "tasks"
ASKS = ("SCI-TSK-001",)
ANSWERS = (*ASKS, "SCI-TSK-002")
ROWS = {"number": "regression", "category": "classification"}
"""Kind of target to the rows of the kit that have such, after all steps."""


@check(
    "SCI-TSK-001", KIND, mend="Derive the target from `sci.api.Task`; give `heads` and `outputs` shapes without rows."
)
def asks_for_heads(trial: Trial) -> None:
    """The task is a `Task` with slots, and says what the network has to emit and what people get."""
    made, data = _fitted(trial), _rows(trial)
    if not isinstance(made, Task):
        raise Fault(f"the target makes a {type(made).__name__}")
    for words, found in (("heads", made.heads(data.schema)), ("outputs", made.outputs(data.schema))):
        if not isinstance(found, Mapping) or not found:
            raise Fault(f"`{words}` is {found!r}", expected="a mapping from names to features, with at least one")
        open_ = [name for name, one in found.items() if not one.ragged and None in one.shape]
        if open_:
            raise Fault(f"`{open_[0]}` of `{words}` has shape {found[open_[0]].shape} after fitting")
    extra = set(made.request(data.schema).by("target"))
    if extra:
        raise Fault(f"a caller has to send the target `{min(extra)}`")


@check(
    "SCI-TSK-002", KIND, after=ASKS, mend="Return from `decode` one column for each of `outputs`, as its feature says."
)
def answers_every_row(trial: Trial) -> None:
    """`decode` makes of what a network emits one column for each output, in its form, with every row."""
    made, data = _fitted(trial), _rows(trial)
    found = _decoded(trial, made)
    outputs = made.outputs(data.schema)
    if set(found) != set(outputs):
        raise Fault(f"columns {', '.join(sorted(found))}", expected=f"outputs {', '.join(sorted(outputs))}")
    for name, feature in outputs.items():
        if not fits(found[name], feature):
            raise Fault(f"`{name}` is {form(found[name])}", expected=f"{feature.dtype} {['n', *feature.shape]}")
        if length(found[name]) != len(data):
            raise Fault(f"`{name}` has {length(found[name])} of {len(data)} rows")


@check("SCI-TSK-003", KIND, after=ANSWERS, mend="Return all that `fit` learned from `state()`, as arrays and JSON.")
def state_comes_back_from_a_disk(trial: Trial) -> None:
    """A new task that loads the stored state decodes and informs exactly as the fitted one."""
    made = _fitted(trial)
    again = trial.make()
    again.load_state(stored(arrays.storable(made.state)))
    wrong = difference(_decoded(trial, made), _decoded(trial, again))
    if wrong:
        raise Fault(f"the one that loaded the state decodes otherwise: {wrong}")
    if made.info() != again.info():
        raise Fault(f"`info` is {made.info()!r}, then {again.info()!r}")


@check("SCI-TSK-004", KIND, after=ASKS, mend="Return texts, numbers, lists and mappings: no arrays, no NaN.")
def informs_as_json(trial: Trial) -> None:
    """What the task knows after fitting is JSON: metrics, reports and the server read it."""
    info = _fitted(trial).info()
    try:
        text = json.dumps(info, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise Fault(f"{info!r}: {error}") from error
    if json.loads(text) != dict(info):
        raise Fault(f"{info!r} comes back as {text}")


@check("SCI-TSK-005", KIND, after=ANSWERS, mend="Decode each row from that row alone.")
def rows_do_not_know_one_another(trial: Trial) -> None:
    """A row is decoded to the same in whatever batch it comes, and no rows come back as no rows."""
    made = _fitted(trial)
    whole = _decoded(trial, made)
    for rows in (np.array([0]), np.array([3, 1]), NO_ROWS):
        wrong = difference(picked(whole, rows), _decoded(trial, made, rows), trial.tolerance(1e-9))
        if wrong:
            raise Fault(f"in a batch of {len(rows)} of {len(_rows(trial))} rows: {wrong}")


@check(
    "SCI-TSK-006",
    KIND,
    after=ASKS,
    mend="Raise a `DataError` in `check` for rows that cannot answer: targets that are missing.",
)
def refuses_rows_without_answers(trial: Trial) -> None:
    """Rows that answer the question are taken, and rows whose every target is missing are a `DataError`."""
    data = _raw(trial)
    needs(data is not None, "the kit has no raw rows for its targets")
    assert data is not None
    rows = np.arange(len(data), dtype=np.int64)
    fold = Fold("split", rows[rows % 4 < 2], rows[rows % 4 == 2], rows[rows % 4 == 3])
    trial.make().check(data, fold)
    [target] = data.schema.by("target")
    column: Any = data.column(target)
    empty = np.full(len(data), np.nan) if isinstance(column, np.ndarray) else column.filter(rows < 0).take(_nulls(rows))
    try:
        trial.make().check(data.with_columns({target: empty}, data.schema), fold)
    except (DataError, SeveralErrors):
        return
    raise Fault("no error where every target is missing")


@check(
    "SCI-TSK-007", KIND, after=ANSWERS, mend="Let the metrics of a task read what it decodes; look at their `tasks`."
)
def its_metrics_read_its_answers(trial: Trial) -> None:
    """The metrics and the loss that the task names are of use to it: those that are installed serve this task."""
    registry = trial.subject.system.registry
    name, target = trial.component.spec.name, trial.target
    wanted = [("metrics", one) for one in target.metrics] + ([("losses", target.loss)] if target.loss else [])
    entries = [(kind, one) for kind, one in wanted if one in registry.names(kind)]
    needs(entries, "names no loss and no metric that is installed")
    for kind, one in entries:
        for entry in registry.entries(kind):
            if entry.spec.name == one and entry.spec.tasks and name not in entry.spec.tasks:
                raise Fault(f"{entry.words} serves {', '.join(entry.spec.tasks)}")


def _rows(trial: Trial) -> Dataset:
    """Rows after all steps: those of the case, or those of the kit that have such a target."""

    def find() -> Dataset:
        if trial.case is not None and trial.case.data is not None:
            return dataset_of(trial, "")
        slots = trial.target.slots
        kinds = slots.get("target", ()) if set(slots) == {"target"} else ()
        for kind, name in ROWS.items():
            if kind in kinds:
                return named(name)
        raise NotApplicable("the kit has no rows for its targets; a case with `data` would bring some")

    return trial.once("rows", find)


def _raw(trial: Trial) -> Dataset | None:
    """Rows as a source gives them, with a target that the task takes."""
    if trial.case is not None and trial.case.data is not None:
        return None
    kinds = trial.target.slots.get("target", ())
    return named("table" if "number" in kinds else "classes") if {"number", "category"} & set(kinds) else None


def _nulls(rows: np.ndarray) -> Any:
    import pyarrow as pa

    return pa.array([None] * len(rows), pa.int64())


def _fitted(trial: Trial) -> Task:
    def fit() -> Task:
        made: Task = trial.make()
        made.fit(_rows(trial))
        return made

    return trial.once("fitted", fit)


def _decoded(trial: Trial, made: Task, rows: np.ndarray | None = None) -> Batch:
    """What people get for numbers that a network might emit."""
    data = _rows(trial)
    heads = made.heads(data.schema)
    needs(not any(one.ragged for one in heads.values()), "the kit emits no sequences")
    picks = np.arange(len(data)) if rows is None else rows
    raw = {name: _emitted(len(data), one.shape)[picks] for name, one in heads.items()}
    inputs = {name: column for name, column in everything(data).items() if name not in data.schema.by("target")}
    found = made.decode(raw, picked(inputs, picks))
    if not isinstance(found, Mapping):
        raise Fault(f"`decode` returns a {type(found).__name__}", expected="a dict of columns")
    return dict(found)


def _emitted(rows: int, shape: tuple[int | None, ...]) -> np.ndarray:
    """Numbers that a network might emit, [rows, *shape]; no two rows are alike."""
    sizes = [size or 1 for size in shape]
    return np.sin(np.arange(rows * math.prod(sizes)) * 1.7).reshape(rows, *sizes)

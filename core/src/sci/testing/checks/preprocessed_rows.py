"""What a step owes of the rows that it returns."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from sci.api import Batch, Dataset, Schema
from sci.api.rows import length
from sci.pipeline.steps import fits, form
from sci.testing.check import Fault, check
from sci.testing.checks.preprocessors import FIRM, KIND, REFUSALS
from sci.testing.compare import column_difference, difference, is_arrow, picked, together
from sci.testing.fitting import NO_ROWS, Fitting, everything, fitting
from sci.testing.trial import Trial, needs
from sci.testing.variants import can_miss, has_text, with_gaps, with_scripts

SOUND = (*FIRM, "SCI-PRE-012", "SCI-PRE-013")


@check(
    "SCI-PRE-007",
    KIND,
    after=(*SOUND, "SCI-PRE-014"),
    mend="Compute each row from that row and the fitted state; what needs other rows belongs into `fit`.",
)
def rows_do_not_know_one_another(trial: Trial) -> None:
    """A row is transformed to the same in whatever batch it comes."""
    step = fitting(trial)
    parts = [step.transform(step.fitted, step.rows.batch(np.array([row]))) for row in range(len(step.rows))]
    whole = {name: column for name, column in step.transformed.items() if name != "row"}
    alone = together([{name: part[name] for name in whole} for part in parts])
    found = difference(whole, alone, trial.tolerance(1e-6))
    if found:
        raise Fault(f"together and one by one: {found}")


@check(
    "SCI-PRE-011",
    KIND,
    after=FIRM,
    mend="Before `fit`, promise the same columns with None for sizes that only fitting decides.",
)
def schema_before_fit_agrees_with_after(trial: Trial) -> None:
    """`output_schema` promises the same columns before fitting as after it; before, sizes may be left open."""
    step = fitting(trial)
    before = step.target(trial.settled.settings, step.columns).output_schema(step.schema)
    after = step.promised
    for name, feature in before.columns.items():
        if name not in after.columns:
            raise Fault(f"column `{name}` is promised before fitting only")
        later = after.columns[name]
        if (feature.kind, feature.dtype, feature.ragged) != (later.kind, later.dtype, later.ragged):
            raise Fault(f"column `{name}` is {feature.kind} {feature.dtype} before, {later.kind} {later.dtype} after")
        sizes = [*zip(feature.shape, later.shape, strict=False), (feature.size, later.size)]
        if len(feature.shape) != len(later.shape) or any(one not in (None, two) for one, two in sizes):
            raise Fault(
                f"column `{name}` has shape {feature.shape}, size {feature.size} before fitting,"
                f" {later.shape}, {later.size} after it"
            )
    if before.slots != after.slots or any(before.roles[name] != after.roles.get(name) for name in before.columns):
        raise Fault("roles or target slots differ")


@check(
    "SCI-PRE-012",
    KIND,
    after=(*FIRM, "SCI-PRE-013"),
    mend="Return what `output_schema` says, or say what is returned: names, dtype, shape.",
)
def transform_keeps_its_promise(trial: Trial) -> None:
    """`transform` returns the columns that `output_schema` promises after fitting, in dtype and shape, and leaves the
    values of the others alone."""
    step = fitting(trial)
    _as_promised(step, step.transformed, step.promised)
    if step.target.rows == "expand":
        return
    where = step.positions(step.transformed, len(step.rows))
    for name, feature in step.schema.columns.items():
        if name in step.columns or step.promised.columns.get(name) != feature:
            continue
        found = column_difference(picked(step.whole, where)[name], step.transformed[name])
        if found:
            raise Fault(f"column `{name}` is none of the step's, and differs: {found}")


@check(
    "SCI-PRE-013",
    KIND,
    after=FIRM,
    mend='Set `rows = "drop"` or `"expand"` on the class and return key `row`; else return every row.',
)
def rows_are_kept_or_declared(trial: Trial) -> None:
    """As many rows come back as went in, or the class says `drop` or `expand` and key `row` tells where each stood."""
    step = fitting(trial)
    rows = len(step.rows)
    found = {name: length(column) for name, column in step.transformed.items()}
    if step.target.rows == "keep":
        wrong = {name: count for name, count in found.items() if count != rows}
        if wrong:
            raise Fault(f"{rows} rows went in, and {wrong} came back")
        return
    where = step.transformed.get("row")
    if not isinstance(where, np.ndarray) or where.dtype != np.int64:
        raise Fault("there is no key `row` with positions (int64)")
    if len(set(found.values())) != 1 or (len(where) and (where.min() < 0 or where.max() >= rows)):
        raise Fault(
            f"columns have {sorted(set(found.values()))} rows, positions go from {where.min(initial=0)} to"
            f" {where.max(initial=0)} of {rows}"
        )
    if step.target.rows == "drop" and len(np.unique(where)) < len(where):
        raise Fault("a step that drops rows returns one of them twice")


@check(
    "SCI-PRE-014",
    KIND,
    after=SOUND,
    mend="Keep the axis of the rows: no `squeeze`, no statistics over the batch.",
)
def works_on_one_row(trial: Trial) -> None:
    """A single row is transformed: a server asks for one at a time."""
    step = fitting(trial)
    for row in range(min(3, len(step.rows))):
        _as_promised(step, step.transform(step.fitted, step.rows.batch(np.array([row]))), step.promised)


@check(
    "SCI-PRE-015",
    KIND,
    after=SOUND,
    mend="Give arrays their shape from the schema, not from the first row; take no maximum of nothing.",
)
def works_on_no_rows(trial: Trial) -> None:
    """A batch without rows is transformed to one without rows, with the promised columns."""
    step = fitting(trial)
    found = step.transform(step.fitted, step.rows.batch(NO_ROWS))
    if any(length(column) for column in found.values()):
        raise Fault("rows came back where none went in")
    _as_promised(step, found, step.promised)


@check(
    "SCI-PRE-016",
    KIND,
    after=SOUND,
    mend="Work on `str`, not on bytes or ASCII; refuse with a `DataError` that names the column where that is meant.",
)
def reads_every_script(trial: Trial) -> None:
    """Text and names in any script, with combining marks, emoji and nothing at all, are fitted and transformed, or
    refused with a `DataError`."""
    step = fitting(trial)
    needs(has_text(step.rows, step.columns), "reads no text and no names")
    _works_or_refuses(step, with_scripts(step.rows, step.columns))


@check(
    "SCI-PRE-017",
    KIND,
    after=SOUND,
    mend="Carry missing values through, fill them, or raise a `DataError` that names the column.",
)
def missing_values_pass_or_are_refused(trial: Trial) -> None:
    """Missing values (NaN, -1 in codes, null in text) are fitted and transformed, or refused with a `DataError`."""
    step = fitting(trial)
    needs(can_miss(step.rows, step.columns), "no value of its columns can be missing")
    _works_or_refuses(step, with_gaps(step.rows, step.columns))


@check(
    "SCI-PRE-018",
    KIND,
    after=FIRM,
    mend="Return a new dict, `{**batch, ...}`, and compute new arrays instead of writing into those of the batch.",
)
def leaves_its_input_alone(trial: Trial) -> None:
    """`transform` writes neither into the dict nor into the arrays that it is given."""
    step = fitting(trial)
    before = everything(step.rows)
    writable = {name: column.copy() if isinstance(column, np.ndarray) else column for name, column in before.items()}
    given = dict(writable)
    found = step.fitted.transform(given, step.draws(given))
    if found is given:
        raise Fault("it returns the very dict that it was given")
    if given.keys() != writable.keys() or any(given[name] is not writable[name] for name in writable):
        raise Fault("the dict that it was given has other columns afterwards")
    changed = difference(before, given)
    if changed:
        raise Fault(f"the batch has changed: {changed}")


@check(
    "SCI-PRE-019",
    KIND,
    after=FIRM,
    mend="Skip target columns that are not in the batch: `for name in self.columns if name in batch`.",
)
def works_without_targets(trial: Trial) -> None:
    """Rows without their targets are transformed, as in prediction."""
    step = fitting(trial)
    targets = step.schema.by("target")
    needs(targets, "the data have no target")
    batch = {name: column for name, column in step.whole.items() if name not in targets}
    found = step.transform(step.fitted, batch)
    extra = [name for name in targets if name in found]
    if extra:
        raise Fault(f"target `{extra[0]}` comes back, which nobody gave")


@check(
    "SCI-PRE-020",
    KIND,
    after=(*SOUND, "SCI-PRE-007"),
    mend="Undo in `inverse_transform` what `transform` does to a target, so that people read predictions in its unit.",
)
def predictions_come_back_in_the_unit_of_the_target(trial: Trial) -> None:
    """`inverse_transform` undoes what `transform` does to a target."""
    step = fitting(trial)
    targets = [name for name in step.columns if step.schema.roles.get(name) == "target"]
    needs(targets and step.target.rows == "keep", "changes no target")
    for name in targets:
        back: Any = step.fitted.inverse_transform(name, step.transformed[name], step.transformed)
        truth: Any = step.whole[name]
        if is_arrow(truth) and is_arrow(back):
            back = back.cast(truth.type)
        found = column_difference(truth, back, trial.tolerance(1e-6))
        if found:
            raise Fault(f"target `{name}` and what comes back differ: {found}")


@check(
    "SCI-PRE-021",
    KIND,
    after=(*FIRM, "SCI-PRE-007"),
    mend="Keep nothing on `self` while `transform` is at work.",
)
def threads_do_not_disturb_one_another(trial: Trial) -> None:
    """Several threads that transform at once get what each would get alone: engines load batches in threads."""
    step = fitting(trial)
    parts = [np.flatnonzero(np.arange(len(step.rows)) % 4 == part) for part in range(4)]
    expected = [step.transform(step.fitted, step.rows.batch(part)) for part in parts]
    start = threading.Barrier(len(parts), timeout=30)

    def work(part: np.ndarray) -> list[Batch]:
        start.wait()
        return [step.transform(step.fitted, step.rows.batch(part)) for _ in range(5)]

    with ThreadPoolExecutor(len(parts)) as pool:
        found = list(pool.map(work, parts))
    for alone, several in zip(expected, found, strict=True):
        for one in several:
            wrong = difference(alone, one)
            if wrong:
                raise Fault(f"alone and among other threads: {wrong}")


@check(
    "SCI-PRE-025",
    KIND,
    after=SOUND,
    mend="Draw from the argument `random` of `transform`: its draws follow from seed, epoch and row.",
)
def draws_follow_seed_and_epoch(trial: Trial) -> None:
    """A step with `random = True` changes rows in one epoch otherwise than in the next."""
    step = fitting(trial)
    needs(step.target.random, "draws nothing")
    first, second = (step.transform(step.fitted, step.whole, epoch) for epoch in (1, 2))
    if not difference(first, second):
        raise Fault("two epochs gave the same rows")


def _works_or_refuses(step: Fitting, rows: Dataset) -> None:
    """Fit and transform these rows; a clear refusal will do."""
    try:
        fitted = step.fit(rows)
        found = step.transform(fitted, everything(rows))
    except REFUSALS:
        return
    _as_promised(step, found, fitted.output_schema(step.schema))


def _as_promised(step: Fitting, found: Batch, promised: Schema) -> None:
    for name, feature in promised.columns.items():
        if name not in found:
            raise Fault(f"column `{name}` is promised and not returned")
        column = found[name]
        if not fits(column, feature):
            wanted = f"{feature.dtype} {['n', *feature.shape]}" + (" ragged" if feature.ragged else "")
            raise Fault(f"column `{name}` is {form(column)}, and the schema promises {wanted}")
        if isinstance(column, np.ndarray) and str(column.dtype) != feature.dtype:
            raise Fault(f"column `{name}` is {column.dtype}, and the schema promises {feature.dtype}")
    extra = set(found) - set(promised.columns) - {"id", "row"}
    if extra:
        raise Fault(f"column `{min(extra)}` is returned and not promised")

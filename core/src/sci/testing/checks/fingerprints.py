"""What a fingerprint owes: a set for each row that depends on that row alone, and likeness where there is likeness."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sci.api import Column, Dataset, Feature, Ragged
from sci.api.rows import length, take
from sci.testing import data as kit
from sci.testing.check import Fault, check
from sci.testing.fitting import dataset_of
from sci.testing.generators import seeded, untouched
from sci.testing.trial import Trial, needs

KIND = "fingerprints"
SETS = ("SCI-FPR-001",)


@check(
    "SCI-FPR-001", KIND, mend="Return `Ragged(values as uint64, offsets)`, and have a `likeness` above 0, at most 1."
)
def gives_sets(trial: Trial) -> None:
    """Every row of a column has a set of uint64, and the likeness of near copies is a share."""
    likeness = trial.make().likeness
    if not 0 < likeness <= 1:
        raise Fault(f"likeness {likeness!r}")
    for column, feature in _columns(trial):
        found = _elements(trial, column, feature)
        if not isinstance(found, Ragged):
            raise Fault(f"a {type(found).__name__}", expected="Ragged")
        if found.values.dtype != np.uint64 or len(found.lengths) != length(column):
            raise Fault(
                f"{len(found.lengths)} sets of {found.values.dtype}", expected=f"{length(column)} sets of uint64"
            )


@check(
    "SCI-FPR-002", KIND, after=SETS, mend="Compute each set from its row alone; use no mean over rows, draw nothing."
)
def looks_at_each_row_alone(trial: Trial) -> None:
    """The set of a row is the same among other rows, in another order, and whatever the global generators are at."""
    for column, feature in _columns(trial):
        rows = np.arange(length(column))[::-2]
        with seeded(1), untouched():
            whole = _elements(trial, column, feature)
        with seeded(2), untouched():
            part = _elements(trial, take(column, rows), feature)
        for place, row in enumerate(rows):
            if _set(whole, row) != _set(part, place):
                raise Fault(f"row {row} has another set when it stands among other rows")


@check("SCI-FPR-003", KIND, after=SETS, mend="Give near copies more in common, others less; or correct `alike`.")
def finds_what_is_alike(trial: Trial) -> None:
    """In the rows of the case the pairs that the case claims to be `alike` are, and no others."""
    needs("alike" in trial.claims, "no case claims that rows are alike")
    likeness = trial.make().likeness
    claimed = {tuple(sorted(pair)) for pair in trial.claims["alike"]}
    for column, feature in _columns(trial):
        sets = _elements(trial, column, feature)
        rows = [_set(sets, row) for row in range(length(column))]
        pairs = ((one, two) for two in range(len(rows)) for one in range(two))
        found = {pair for pair in pairs if _jaccard(rows[pair[0]], rows[pair[1]]) >= likeness}
        if found != claimed:
            odd = min(found ^ claimed)
            raise Fault(f"rows {odd[0]} and {odd[1]} are {'alike' if odd in found else 'not alike'}")


def _rows(trial: Trial) -> Dataset:
    """The rows of the case, or the first data set of the kit that has a column of a kind that is read."""
    accepts = trial.component.spec.accepts
    names = [
        name for name, made in kit.DATA.items() if any(_read(one, accepts) for one in made().schema.inputs.values())
    ]
    needs(names or (trial.case and trial.case.data), f"the kit has no column of kind {', '.join(accepts)}")
    return trial.once("rows", lambda: dataset_of(trial, names[0] if names else ""))


def _columns(trial: Trial) -> Iterator[tuple[Column, Feature]]:
    """The inputs that it reads."""
    rows = _rows(trial)
    for name, feature in rows.schema.inputs.items():
        if _read(feature, trial.component.spec.accepts):
            yield rows.column(name), feature


def _read(feature: Feature, accepts: tuple[str, ...]) -> bool:
    return not accepts or feature.kind in accepts


def _elements(trial: Trial, column: Column, feature: Feature) -> Ragged:
    found: Ragged = trial.make().elements(column, feature)
    return found


def _set(sets: Ragged, row: int) -> set[int]:
    return set(sets.row(int(row)).tolist())


def _jaccard(one: set[int], two: set[int]) -> float:
    return len(one & two) / max(len(one | two), 1)

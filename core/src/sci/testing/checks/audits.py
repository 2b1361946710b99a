"""What an audit owes: findings that name rows by id, and a data set that it leaves as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pyarrow as pa

from sci.api import AuditFinding, Dataset, Fold
from sci.testing.check import Fault, check
from sci.testing.compare import listed
from sci.testing.context import KitContext
from sci.testing.data import table
from sci.testing.fitting import dataset_of
from sci.testing.generators import seeded, untouched
from sci.testing.trial import Trial, needs
from sci.testing.variants import with_gaps, with_scripts

KIND = "audits"
SEVERITIES = ("error", "warning", "note", "passed")
LOOKS = ("SCI-AUD-001",)
SHORTEST = 6
"""A value of so many characters in a message is no accident."""


@check("SCI-AUD-001", KIND, mend="Return a list of `AuditFinding`s; an empty one where the audit does not apply.")
def finds(trial: Trial) -> None:
    """The audit looks at rows with copies, constant columns and groups in two parts, and says in one line what it
    found."""
    for one in _found(trial):
        if not isinstance(one, AuditFinding):
            raise Fault(f"a {type(one).__name__} among the findings")
        if one.severity not in SEVERITIES:
            raise Fault(f"severity {one.severity!r}", expected=f"one of {', '.join(SEVERITIES)}")
        if not one.message.strip() or "\n" in one.message or not one.check.strip():
            raise Fault(f"check {one.check!r}, message {one.message!r}")


@check(
    "SCI-AUD-002", KIND, after=LOOKS, mend="Take rows from `dataset.ids`, not positions, and columns by their names."
)
def names_rows_that_exist(trial: Trial) -> None:
    """Rows of findings are ids of rows that exist, and their columns exist."""
    data = _rows(trial)
    ids = set(data.ids.tolist())
    for one in _found(trial):
        unknown = [row for row in one.rows if row not in ids]
        if unknown:
            raise Fault(f"row {unknown[0]}", expected=f"ids, which go from {min(ids)} to {max(ids)}")
        odd = [name for name in one.columns if name not in data.schema.columns]
        if odd:
            raise Fault(f"column {odd[0]!r}")


@check(
    "SCI-AUD-003", KIND, after=LOOKS, mend="Say how many rows there are and which ids they have, never what is in them."
)
def tells_no_values(trial: Trial) -> None:
    """No value of a row stands in a finding: findings are shown to people who may not see the rows."""
    data = _rows(trial)
    texts = {
        str(value)
        for name, feature in data.schema.columns.items()
        if feature.dtype == "string"
        for value in listed(data.column(name))
        if value is not None and len(str(value)) >= SHORTEST
    }
    for one in _found(trial):
        words = " ".join([one.message, one.hint])
        told = sorted(value for value in texts if value in words)
        if told:
            raise Fault(f"{told[0]!r} stands in {one.message!r}")


@check(
    "SCI-AUD-004", KIND, after=LOOKS, mend="Draw nothing at random, sort what comes out of a set, write to no column."
)
def looks_the_same_twice(trial: Trial) -> None:
    """A second look finds the same, whatever the global generators are at, and neither rows nor folds have changed."""
    data, folds = _rows(trial), _folds(_rows(trial))
    before = data.fingerprint()
    found = []
    for seed in (1, 2):
        with seeded(seed), untouched():
            found.append(_audit(trial, data, folds))
    if found[0] != found[1] or found[0] != _found(trial):
        raise Fault("the findings differ")
    if data.fingerprint() != before or str(folds) != str(_folds(data)):
        raise Fault("the rows or their division have changed")


@check("SCI-AUD-005", KIND, after=LOOKS, mend="Take missing values as one value of their own, and text as `str`.")
def reads_every_row(trial: Trial) -> None:
    """Missing values, text in any script, rows without inputs and a data set without a target are looked at, too."""
    for words, data in _odd(_rows(trial)):
        try:
            _audit(trial, data, _folds(data))
        except Exception as error:
            raise Fault(f"{words}: {type(error).__name__}: {error}") from error


@check("SCI-AUD-006", KIND, after=LOOKS, mend="Compute it as its definition says, or correct `severity` of the case.")
def finds_what_its_case_claims(trial: Trial) -> None:
    """The worst that it finds in the rows of its case is of the `severity` that the case claims."""
    needs("severity" in trial.claims, "no case claims a severity")
    found = [one.severity for one in _found(trial)]
    worst = min(found, key=SEVERITIES.index) if found else None
    if worst != trial.claims["severity"]:
        raise Fault(f"{worst}", expected=f"{trial.claims['severity']}, which the case claims")


def flawed() -> Dataset:
    """The data set `table` with what audits look for: the rows of one half occur in the other, an input is the same in
    every row, and one names the row."""
    data = table()
    rows = len(data)
    half = np.arange(rows) % (rows // 2)
    columns = {name: data.take(half).column(name) for name in data.schema.columns}
    columns["grade"] = np.ones(rows, dtype=np.int64)
    columns["city"] = pa.array([f"patient {row:04}" for row in range(rows)], pa.large_string())
    return Dataset(columns, data.schema, data.ids)


def _rows(trial: Trial) -> Dataset:
    """The rows of the case, or `flawed`."""
    given: Callable[[], Dataset] = flawed
    found: Dataset = trial.once(
        "rows", lambda: dataset_of(trial, "table") if trial.case and trial.case.data is not None else given()
    )
    return found


def _folds(data: Dataset) -> list[Fold]:
    """Two folds: first half and second half, and every other row."""
    rows = np.arange(len(data), dtype=np.int64)
    none = np.zeros(0, dtype=np.int64)
    return [
        Fold("halves", rows[: len(rows) // 2], none, rows[len(rows) // 2 :]),
        Fold("others", rows[rows % 4 < 2], rows[rows % 4 == 2], rows[rows % 4 == 3]),
    ]


def _audit(trial: Trial, data: Dataset, folds: Sequence[Fold]) -> list[AuditFinding]:
    return list(trial.make().audit(data, folds, KitContext(trial.subject.room())))


def _found(trial: Trial) -> list[AuditFinding]:
    """What it found in its rows; looked at once."""
    data = _rows(trial)
    return trial.once("findings", lambda: _audit(trial, data, _folds(data)))


def _odd(data: Dataset) -> Iterator[tuple[str, Dataset]]:
    names = list(data.schema.columns)
    yield "missing values", with_gaps(data, names)
    yield "text in other scripts", with_scripts(data, names)
    for words, role in (("no inputs", "input"), ("no target", "target"), ("no groups", "group")):
        gone = data.schema.by(role)  # type: ignore[arg-type]
        schema = data.schema.drop(*gone)
        yield words, Dataset({name: data.column(name) for name in schema.columns}, schema, data.ids)

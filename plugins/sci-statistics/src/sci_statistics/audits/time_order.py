"""Test rows that are older than what the model learns from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sci.api import AuditFinding, Dataset, Fold, RunContext
from sci_statistics.audits.parts import ids_of, in_pairs
from sci_statistics.audits.wording import rows

CHECK = "time-order"
HINT = "data.split: {name: time, test: 0.2}   trains on the past and tests on the future"


class TimeOrder:
    """Audit `time-order`: no row of a later part is older than a row that came before it (leakage L3.1 of Kapoor and
    Narayanan 2023).

    An error where a time is declared. Where a group is declared too, nothing is said: whole groups are divided, and
    each may have a clock of its own. An input whose type is a date or a time and that no one declared is a note where
    the parts lie in one another.

    Args:
        config: no settings.
    """

    def __init__(self, config: Any = None) -> None:
        self.config = config

    def audit(self, dataset: Dataset, folds: Sequence[Fold], context: RunContext) -> Sequence[AuditFinding]:
        """Findings for the declared time, or for inputs that hold times; none where there is no time."""
        declared = dataset.schema.by("time")
        if declared:
            if dataset.schema.by("group"):
                return []
            return [finding for name in declared for finding in _declared(dataset, folds, name)]
        return [finding for name in dataset.schema.by("input") for finding in _undeclared(dataset, folds, name)]


def _declared(dataset: Dataset, folds: Sequence[Fold], name: str) -> Iterator[AuditFinding]:
    found = list(in_pairs(folds, _Older(moments(dataset, name))))
    for part, other, _, older in found:
        late = "learn from the future" if other == "train" else "be chosen on the future"
        message = f"{rows(len(older), part)} {_are(older)} older than the latest {other} row, so the model would {late}"
        yield AuditFinding(CHECK, "error", message, (name,), ids_of(dataset, older), len(older), HINT)
    if not found:
        yield AuditFinding(CHECK, "passed", f"by `{name}` every part is later than the one before it", (name,))


def _undeclared(dataset: Dataset, folds: Sequence[Fold], name: str) -> Iterator[AuditFinding]:
    stored = dataset.stored(name)
    if not isinstance(stored, pa.Array | pa.ChunkedArray) or not pa.types.is_temporal(stored.type):
        return
    for part, other, _, older in in_pairs(folds, _Older(moments(dataset, name))):
        if (part, other) == ("test", "train"):
            late = f"{rows(len(older), part)} {_are(older)} older than the latest {other} row"
            message = f"input `{name}` is a time, and {late}"
            hint = f"data.time: {name}   if the model is to predict the future"
            yield AuditFinding(CHECK, "note", message, (name,), ids_of(dataset, older), len(older), hint)


def _are(found: np.ndarray) -> str:
    return "is" if len(found) == 1 else "are"


class _Older:
    """Of the rows of a part, those that are older than the latest row of the other."""

    def __init__(self, times: np.ndarray) -> None:
        self.times = times

    def __call__(self, part: np.ndarray, other: np.ndarray) -> np.ndarray:
        known = self.times[other][self.times[other] >= 0]
        return part[(self.times[part] >= 0) & (self.times[part] < known.max(initial=-1))]


def moments(dataset: Dataset, name: str) -> np.ndarray:
    """The rank of each row's time among the different times, int64 [n]; -1 where it is missing.

    Text is ordered as it is written, which is right for ISO 8601.
    """
    stored = dataset.stored(name)
    column = pa.array(stored) if isinstance(stored, np.ndarray) and stored.ndim == 1 else stored
    if not isinstance(column, pa.Array | pa.ChunkedArray):
        return np.full(len(dataset), -1, dtype=np.int64)
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    ranks = np.asarray(pc.rank(column, tiebreaker="dense"), dtype=np.int64) - 1
    ranks[np.asarray(pc.is_null(column, nan_is_null=True), dtype=bool)] = -1
    return ranks

"""Rows with identical inputs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

import numpy as np

from sci.api import AuditFinding, Dataset, Fold, RunContext
from sci_statistics.audits.parts import ids_of, in_pairs
from sci_statistics.audits.wording import occur, rows
from sci_statistics.hashing import row_kinds

CHECK = "duplicates"
HINT = "data.split: {name: random, test: 0.2}   keeps identical rows in one part"


class Duplicates:
    """Audit `duplicates`: raw rows whose input columns are all equal (leakage L1.4 of Kapoor and Narayanan 2023).

    An error where they lie in two parts of a fold, a note where they lie in one.
    Where a group or a time is declared, the split follows that, and equal rows of two groups or times need not be
    copies: a warning there.

    Args:
        config: no settings.
    """

    def __init__(self, config: Any = None) -> None:
        self.config = config

    def audit(self, dataset: Dataset, folds: Sequence[Fold], context: RunContext) -> Sequence[AuditFinding]:
        """Findings over all folds; none for a task without inputs."""
        inputs = dataset.schema.by("input")
        if not inputs:
            return []
        kinds = row_kinds(dataset, inputs)
        apart = dataset.schema.by("group") or dataset.schema.by("time")
        across = list(_across(dataset, folds, kinds, inputs, "warning" if apart else "error"))
        passed = AuditFinding(CHECK, "passed", "no row occurs in two parts of the split", columns=inputs)
        return [*(across or [passed]), *_within(dataset, folds, kinds, inputs)]


def _across(
    dataset: Dataset,
    folds: Sequence[Fold],
    kinds: np.ndarray,
    inputs: tuple[str, ...],
    severity: Literal["error", "warning"],
) -> Iterator[AuditFinding]:
    hint, so = (HINT, ", so") if severity == "error" else ("", "; if they are copies,")
    for part, other, effect, found in in_pairs(folds, lambda one, two: one[np.isin(kinds[one], kinds[two])]):
        message = f"{rows(len(found), part)} also {occur(len(found))} in {other}{so} {effect}"
        yield AuditFinding(CHECK, severity, message, inputs, ids_of(dataset, found), len(found), hint)


def _within(
    dataset: Dataset, folds: Sequence[Fold], kinds: np.ndarray, inputs: tuple[str, ...]
) -> Iterator[AuditFinding]:
    repeated = np.zeros(len(dataset), dtype=bool)
    for fold in folds:
        for part in (fold.train, fold.validation, fold.test):
            first = np.unique(kinds[part], return_index=True)[1]
            repeated[np.delete(part, first)] = True
    found = np.flatnonzero(repeated)
    if len(found):
        verb = "repeats" if len(found) == 1 else "repeat"
        message = f"{rows(len(found))} {verb} the inputs of another row of the same part"
        yield AuditFinding(CHECK, "note", message, inputs, ids_of(dataset, found), len(found))

"""Rows with identical inputs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

import numpy as np

from sci.api import AuditFinding, Dataset, Fold, RunContext
from sci_statistics.hashing import row_hashes
from sci_statistics.wording import SHOWN, occur, rows

CHECK = "duplicates"
HINT = "data.split: {name: random, test: 0.2}   keeps identical rows in one part"


class Duplicates:
    """Audit `duplicates`: raw rows whose input columns are all equal (leakage L1.4 of Kapoor and Narayanan 2023).

    An error where they lie in two parts of a fold, a note where they lie in one, a warning where their targets differ.
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
        kinds = _kinds(row_hashes(dataset, inputs))
        apart = dataset.schema.by("group") or dataset.schema.by("time")
        across = list(_across(dataset, folds, kinds, inputs, "warning" if apart else "error"))
        passed = AuditFinding(CHECK, "passed", "no row occurs in two parts of the split", columns=inputs)
        within = _within(dataset, folds, kinds, inputs)
        return [*(across or [passed]), *within, *_contradictions(dataset, kinds, inputs)]


def _kinds(hashes: np.ndarray) -> np.ndarray:
    """Rows with equal hashes get one number: int64 [n]."""
    return np.unique(hashes, return_inverse=True)[1].astype(np.int64)


def _across(
    dataset: Dataset,
    folds: Sequence[Fold],
    kinds: np.ndarray,
    inputs: tuple[str, ...],
    severity: Literal["error", "warning"],
) -> Iterator[AuditFinding]:
    hint, so = (HINT, ", so") if severity == "error" else ("", "; if they are copies,")
    for part, other, effect in (
        ("test", "train", "the test would be too easy"),
        ("validation", "train", "the choice of the model would be too optimistic"),
        ("test", "validation", "the model would be chosen on test rows"),
    ):
        found = _shared(folds, kinds, part, other)
        if len(found):
            message = f"{rows(len(found), part)} also {occur(len(found))} in {other}{so} {effect}"
            shown = tuple(dataset.ids[found[:SHOWN]].tolist())
            yield AuditFinding(CHECK, severity, message, inputs, shown, len(found), hint)


def _shared(folds: Sequence[Fold], kinds: np.ndarray, part: str, other: str) -> np.ndarray:
    """Positions of the rows of one part whose inputs occur in another part of the same fold."""
    found = [np.zeros(0, dtype=np.int64)]
    for fold in folds:
        positions = np.asarray(getattr(fold, part), dtype=np.int64)
        found.append(positions[np.isin(kinds[positions], kinds[getattr(fold, other)])])
    return np.unique(np.concatenate(found))


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
        yield AuditFinding(CHECK, "note", message, inputs, tuple(dataset.ids[found[:SHOWN]].tolist()), len(found))


def _contradictions(dataset: Dataset, kinds: np.ndarray, inputs: tuple[str, ...]) -> Iterator[AuditFinding]:
    targets = dataset.schema.by("target")
    if not targets:
        return
    answers = _kinds(row_hashes(dataset, targets))
    first_answer = answers[np.unique(kinds, return_index=True)[1]]
    contradicted = np.unique(kinds[answers != first_answer[kinds]])
    found = np.flatnonzero(np.isin(kinds, contradicted))
    if len(found):
        message = f"{rows(len(found))} share their inputs but not their target, so no model can be right on all of them"
        shown = tuple(dataset.ids[found[:SHOWN]].tolist())
        yield AuditFinding(CHECK, "warning", message, (*inputs, *targets), shown, len(found))

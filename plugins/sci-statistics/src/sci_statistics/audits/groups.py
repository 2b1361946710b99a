"""Groups that lie in two parts of the split."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sci.api import AuditFinding, Dataset, Fold, Ragged, RunContext
from sci_statistics.audits.parts import ids_of, in_pairs
from sci_statistics.audits.wording import rows
from sci_statistics.hashing import row_kinds

CHECK = "groups"
WHO = (
    "animal|author|client|customer|donor|driver|engine|family|household|individual|mouse|participant|patient|person|"
    "reviewer|rider|scene|session|speaker|student|subject|user|vehicle|volunteer|writer"
)
TELLING = re.compile(rf"(^|[_\W])({WHO})([_\W]?(id|key|code|name|no|nr|number))?$|[_\W](id|uid|guid)$")
"""Names of columns that say whose row it is."""
FEWEST, MOST = 2, 0.9
"""Rows that a suspected group has on average, and the largest share of different values among the rows."""


class Groups:
    """Audit `groups`: rows of one group belong in one part of the split (leakage L3.2, Kapoor and Narayanan 2023).

    An error for a declared group. A column of another role whose name says whose row it is (a patient, a speaker) and
    whose values lie in two parts is a warning. A row whose group is missing belongs to none.

    Args:
        config: no settings.
    """

    def __init__(self, config: Any = None) -> None:
        self.config = config

    def audit(self, dataset: Dataset, folds: Sequence[Fold], context: RunContext) -> Sequence[AuditFinding]:
        """One finding for each column with role `group`, and one for each suspected column."""
        declared = dataset.schema.by("group")
        if declared:
            return [_finding(dataset, folds, name) for name in declared]
        return [finding for name in dataset.schema.columns if (finding := _suspicion(dataset, folds, name))]


def _finding(dataset: Dataset, folds: Sequence[Fold], name: str) -> AuditFinding:
    kinds, found = _torn(dataset, folds, name)
    if not len(found):
        return AuditFinding(CHECK, "passed", f"every group of `{name}` lies in one part of the split", (name,))
    torn = len(np.unique(kinds[found]))
    groups = f"{torn:,} group{'' if torn == 1 else 's'} of `{name}` {'lies' if torn == 1 else 'lie'}"
    message = f"{groups} in two parts of the split ({rows(len(found), 'held-out')}), so the test would be too easy"
    return AuditFinding(CHECK, "error", message, (name,), ids_of(dataset, found), len(found), _hint(name))


def _suspicion(dataset: Dataset, folds: Sequence[Fold], name: str) -> AuditFinding | None:
    role, feature = dataset.schema.roles.get(name), dataset.schema.columns[name]
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    if role not in ("input", "context", "id") or feature.ragged or feature.shape or not TELLING.search(words):
        return None
    kinds, found = _torn(dataset, folds, name)
    different = len(np.unique(kinds))
    if not len(found) or not FEWEST < different <= min(MOST * len(dataset), len(dataset) / FEWEST):
        return None
    have = "has" if len(found) == 1 else "have"
    message = f"{rows(len(found), 'held-out')} {have} a value of `{name}` that is known from another part"
    so = "if it says whose row it is, the test would be too easy"
    return AuditFinding(CHECK, "warning", f"{message}; {so}", (name,), ids_of(dataset, found), len(found), _hint(name))


def _hint(name: str) -> str:
    return f"data.split: {{name: group, group_by: {name}, test: 0.2}}"


def _torn(dataset: Dataset, folds: Sequence[Fold], name: str) -> tuple[np.ndarray, np.ndarray]:
    """The group of each row, int64 [n], and positions of the held-out rows whose group lies in two parts."""
    kinds, known = row_kinds(dataset, [name]), ~_missing(dataset, name)
    pairs = in_pairs(folds, lambda one, two: one[known[one] & np.isin(kinds[one], kinds[two])])
    backwards = in_pairs(folds, lambda one, two: two[known[two] & np.isin(kinds[two], kinds[one])])
    held = [pair.rows for pair in pairs] + [pair.rows for pair in backwards if pair.other != "train"]
    return kinds, np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *held]))


def _missing(dataset: Dataset, name: str) -> np.ndarray:
    stored = dataset.stored(name)
    if isinstance(stored, pa.Array | pa.ChunkedArray):
        return np.asarray(pc.is_null(stored, nan_is_null=True), dtype=bool)
    if isinstance(stored, Ragged):
        return stored.lengths == 0
    return np.isnan(stored) if stored.dtype.kind == "f" else stored < 0

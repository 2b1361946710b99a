"""Groups that lie in two parts of the split."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sci.api import AuditFinding, Dataset, Fold, Ragged, RunContext
from sci_statistics.hashing import row_hashes
from sci_statistics.wording import SHOWN, rows

CHECK = "groups"


class Groups:
    """Audit `groups`: rows of one declared group belong in one part of the split (leakage L3.2, Kapoor and Narayanan).

    A row whose group is missing belongs to none.

    Args:
        config: no settings.
    """

    def __init__(self, config: Any = None) -> None:
        self.config = config

    def audit(self, dataset: Dataset, folds: Sequence[Fold], context: RunContext) -> Sequence[AuditFinding]:
        """One finding for each column with role `group`; none where no group is declared."""
        return [_finding(dataset, folds, name) for name in dataset.schema.by("group")]


def _finding(dataset: Dataset, folds: Sequence[Fold], name: str) -> AuditFinding:
    kinds = np.unique(row_hashes(dataset, [name]), return_inverse=True)[1]
    known = ~_missing(dataset, name)
    broken, affected = np.zeros(0, dtype=np.int64), np.zeros(len(dataset), dtype=bool)
    for fold in folds:
        parts = [np.unique(kinds[part][known[part]]) for part in (fold.train, fold.validation, fold.test)]
        values, places = np.unique(np.concatenate(parts), return_counts=True)
        torn = values[places > 1]
        broken = np.union1d(broken, torn)
        for part in (fold.validation, fold.test):
            affected[part] |= np.isin(kinds[part], torn) & known[part]
    if not len(broken):
        return AuditFinding(CHECK, "passed", f"every group of `{name}` lies in one part of the split", (name,))
    found = np.flatnonzero(affected)
    groups = f"{len(broken):,} group{'' if len(broken) == 1 else 's'} of `{name}`"
    lie = "lies" if len(broken) == 1 else "lie"
    message = f"{groups} {lie} in two parts of the split ({rows(len(found), 'held-out')})"
    shown = tuple(dataset.ids[found[:SHOWN]].tolist())
    hint = f"data.split: {{name: group, group_by: {name}, test: 0.2}}"
    return AuditFinding(CHECK, "error", f"{message}, so the test would be too easy", (name,), shown, len(broken), hint)


def _missing(dataset: Dataset, name: str) -> np.ndarray:
    stored = dataset.stored(name)
    if isinstance(stored, pa.Array | pa.ChunkedArray):
        return np.asarray(pc.is_null(stored, nan_is_null=True), dtype=bool)
    if isinstance(stored, Ragged):
        return stored.lengths == 0
    return np.isnan(stored) if stored.dtype.kind == "f" else stored < 0

"""Classes that a part of the split has no row of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from sci.api import AuditFinding, Dataset, Fold, RunContext
from sci_statistics.audits.parts import over_folds, rows_of
from sci_statistics.hashing import value_codes

CHECK = "missing-classes"
FEWEST = 5
"""Rows that a class has on average; targets with fewer are no classes but texts or numbers."""
EFFECTS = {
    "train": "the model could not learn {them}",
    "test": "the test could not say how well {they} recognized",
    "validation": "the model would be chosen without {them}",
}


class MissingClasses:
    """Audit `missing-classes`: classes of the target without a row in train, test or validation.

    A class counts as tested when any fold tests it. A warning for train and test, a note for validation.

    Args:
        config: no settings.
    """

    def __init__(self, config: Any = None) -> None:
        self.config = config

    def audit(self, dataset: Dataset, folds: Sequence[Fold], context: RunContext) -> Sequence[AuditFinding]:
        """One finding for each part that lacks classes; none for targets that are no classes."""
        targets = {name: codes for name in dataset.schema.by("target") if len(codes := _classes(dataset, name))}
        found = [finding for name, codes in targets.items() for finding in _findings(name, codes, folds)]
        passed = [AuditFinding(CHECK, "passed", "every part has rows of every class", (name,)) for name in targets]
        return found or passed


def _classes(dataset: Dataset, name: str) -> np.ndarray:
    """The class of each row, int64 [n], -1 where it is missing; of length 0 where the target has no classes."""
    stored, kind = dataset.stored(name), dataset.schema.columns[name].kind
    if dataset.schema.columns[name].ragged:
        return np.zeros(0, dtype=np.int64)
    if isinstance(stored, np.ndarray) and kind in ("category", "boolean") and stored.ndim == 1:
        codes = np.where(stored < 0, -1, stored).astype(np.int64)
    elif isinstance(stored, pa.Array | pa.ChunkedArray) and kind in ("category", "boolean", "text"):
        codes = value_codes(stored)
    else:
        return np.zeros(0, dtype=np.int64)
    return codes if len(np.unique(codes)) * FEWEST <= len(codes) else codes[:0]


def _findings(name: str, codes: np.ndarray, folds: Sequence[Fold]) -> Iterator[AuditFinding]:
    used = over_folds(folds, lambda fold: np.concatenate([rows_of(fold, part) for part in EFFECTS]))
    every = np.unique(codes[used][codes[used] >= 0])
    tested = codes[over_folds(folds, lambda fold: rows_of(fold, "test"))]
    validated = codes[over_folds(folds, lambda fold: rows_of(fold, "validation"))]
    untaught = [np.setdiff1d(every, codes[rows_of(fold, "train")]) for fold in folds]
    lacking = {
        "train": np.unique(np.concatenate([every[:0], *untaught])),
        "test": np.setdiff1d(every, tested) if len(tested) else every[:0],
        "validation": np.setdiff1d(every, validated) if len(validated) else every[:0],
    }
    for part, classes in lacking.items():
        if len(classes):
            one = len(classes) == 1
            effect = EFFECTS[part].format(them="it" if one else "them", they="it is" if one else "they are")
            lacks = f"{len(classes):,} of {len(every):,} classes {'has' if one else 'have'} no row in {part}"
            hint = "data.split: {name: stratified, validation: 0.1, test: 0.2}"
            yield AuditFinding(
                CHECK, "note" if part == "validation" else "warning", f"{lacks}, so {effect}", (name,), (), 0, hint
            )

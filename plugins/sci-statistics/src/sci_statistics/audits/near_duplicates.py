"""Rows that are nearly the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeGuard

import numpy as np
import pyarrow as pa

from sci.api import AuditFinding, Column, Dataset, Feature, Fold, Ragged, RunContext
from sci.api.likeness import Likeness, as_sets
from sci.api.shingles import shingles
from sci_statistics.audits.parts import ids_of, in_pairs, rows_of
from sci_statistics.audits.rounding import rounded_rows
from sci_statistics.audits.values import is_free_text, some_rows, texts_of
from sci_statistics.audits.wording import rows
from sci_statistics.hashing import mixed, row_kinds

CHECK = "near-duplicates"
ALIKE_TEXTS, ALIKE_ROWS = 0.8, 2 / 3
"""Jaccard index from which on texts, and the rounded numbers of rows, are near copies."""
FEW = 0.01
"""Share of a part below which near copies are a note."""
HINT = "data.split: {name: group, group_by: COLUMN, test: 0.2}   with a column that copies share"
TRAINED, HELD, FOLDS, SEED = 20_000, 5_000, 20, 0x6E656172
"""Rows of the parts and folds that are looked at, and what the choice of rows follows from."""


class NearDuplicates:
    """Audit `near-duplicates`: rows that nearly repeat a row of another part (leakage L1.4, Kapoor and Narayanan 2023).

    Texts are near copies where four fifths of their passages of five letters are common, and where they differ in case,
    blanks and punctuation only; sequences likewise. Table rows are near copies where four fifths of the numbers that
    tell rows apart agree when rounded. What is alike in images, sounds or other columns, installed fingerprints say.
    Rows that are identical belong to the audit `duplicates`. At most 20,000 rows of train and 5,000 of another part are
    looked at, drawn by a fixed seed. A warning where one test row in a hundred has a near copy in train, else a note.

    Args:
        config: no settings.
    """

    def __init__(self, config: Any = None) -> None:
        self.config = config

    def audit(self, dataset: Dataset, folds: Sequence[Fold], context: RunContext) -> Sequence[AuditFinding]:
        """Findings for each text and for the numbers; none where no input can be looked at."""
        return list(_findings(dataset, folds, context))


def _findings(dataset: Dataset, folds: Sequence[Fold], context: RunContext) -> Iterator[AuditFinding]:
    inputs = dataset.schema.by("input")
    folds, chosen = _looked_at(folds)
    seen = dataset.take(chosen)
    exact = row_kinds(seen, inputs) if inputs else None
    for columns, sets, least in _fingerprints(seen, inputs, context):
        assert exact is not None
        found = list(_copies(seen, folds, exact, columns, Likeness(sets, least)))
        passed = AuditFinding(CHECK, "passed", "no row is nearly the same as one of another part", columns)
        yield from found or [passed]


def _looked_at(folds: Sequence[Fold]) -> tuple[list[Fold], np.ndarray]:
    """The folds by positions in the rows that are looked at, and these rows."""
    parts = {"train": TRAINED, "validation": HELD, "test": HELD}
    if any(len(rows_of(folds[0], part)) > most for part, most in parts.items()):
        folds = folds[:1]
    kept = [[some_rows(rows_of(fold, part), most, SEED) for part, most in parts.items()] for fold in folds[:FOLDS]]
    chosen = np.unique(np.concatenate([part for fold in kept for part in fold]))
    return [
        Fold(fold.name, *(np.searchsorted(chosen, part) for part in found))
        for fold, found in zip(folds, kept, strict=False)
    ], chosen


def _fingerprints(
    seen: Dataset, inputs: Sequence[str], context: RunContext
) -> Iterator[tuple[tuple[str, ...], Ragged, float]]:
    """Columns, the set of each row, and from which Jaccard index on two rows are near copies."""
    for name in inputs:
        column, feature = seen.column(name), seen.schema.columns[name]
        if _is_read(column, feature):
            yield (name,), shingles(texts_of(column, feature)), ALIKE_TEXTS
        for fingerprint in context.fingerprints(feature.kind):
            yield (name,), _sets(fingerprint.elements(column, feature)), fingerprint.likeness
    numbers = rounded_rows(seen, inputs)
    if numbers is not None:
        yield numbers[1], numbers[0], ALIKE_ROWS


def _is_read(column: Column, feature: Feature) -> TypeGuard[pa.ChunkedArray]:
    """Whether a column holds free text or sequences."""
    if not isinstance(column, pa.Array | pa.ChunkedArray) or feature.dtype != "string":
        return False
    return bool(feature.alphabet) or is_free_text(column)


def _sets(elements: Ragged) -> Ragged:
    rows = np.repeat(np.arange(len(elements.lengths)), elements.lengths)
    return as_sets(rows, mixed(elements.values), len(elements.lengths))


def _copies(
    seen: Dataset, folds: Sequence[Fold], exact: np.ndarray, columns: tuple[str, ...], likeness: Likeness
) -> Iterator[AuditFinding]:
    def known(part: np.ndarray, other: np.ndarray) -> np.ndarray:
        return likeness.known(part[~np.isin(exact[part], exact[other])], other)

    for part, other, effect, found in in_pairs(folds, known):
        looked = len(np.unique(np.concatenate([rows_of(fold, part) for fold in folds])))
        message = f"{rows(len(found), part)} {'has a near copy' if len(found) == 1 else 'have near copies'} in {other}"
        if (part, other) == ("test", "train") and len(found) >= FEW * looked:
            yield AuditFinding(
                CHECK, "warning", f"{message}, so {effect}", columns, ids_of(seen, found), len(found), HINT
            )
        else:
            yield AuditFinding(CHECK, "note", message, columns, ids_of(seen, found), len(found))

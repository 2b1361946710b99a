"""Inputs that name the row instead of describing it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sci.api import AuditFinding, Dataset, Fold, RunContext
from sci_statistics.audits.values import is_text

CHECK = "id-columns"

FEWEST = 30
"""Rows below which unique values say nothing."""

NEARLY = 0.95
"""Share of different values that looks like an identifier; a telling name needs 0.9 only."""

TELLING = re.compile(r"(^|[^a-z])(id|ids|uid|uuid|guid|key|identifier|serial|accession)([^a-z]|$)|[a-z](ID|Id)$")
LONGEST = 64
"""Characters of the longest thing that is still taken for an identifier."""


class IdColumns:
    """Audit `id-columns`: text, category or integer inputs with a value of its own for (nearly) every row (leakage L2).

    Text counts when its values are short, have no blanks and hold digits: ``M14860``, not a sentence, a name or DNA.
    Integers count when they number the rows: consecutive or rising from row to row. That is not
    asked of a column called ``id``.

    Args:
        config: no settings.
    """

    def __init__(self, config: Any = None) -> None:
        self.config = config

    def audit(self, dataset: Dataset, folds: Sequence[Fold], context: RunContext) -> Sequence[AuditFinding]:
        """One warning for each suspected column; `passed` where there is none."""
        findings = [finding for name in dataset.schema.by("input") if (finding := _finding(dataset, name))]
        return findings or [AuditFinding(CHECK, "passed", "no input names the rows")]


def _finding(dataset: Dataset, name: str) -> AuditFinding | None:
    stored = dataset.stored(name)
    column = pa.array(stored) if isinstance(stored, np.ndarray) and stored.ndim == 1 else stored
    if len(dataset) < FEWEST or not isinstance(column, pa.Array | pa.ChunkedArray):
        return None
    column = _plain(column)
    different = _different(column, dataset.schema.columns[name].alphabet)
    telling = bool(TELLING.search(name) or TELLING.search(name.lower()))
    if different < len(dataset) * (0.9 if telling else NEARLY) or not (telling or _like_an_id(column)):
        return None
    message = f"input `{name}` has {different:,} different values in {len(dataset):,} rows, so a model could"
    hint = f"data.context: [{name}]   travels along, the model does not see it"
    return AuditFinding(CHECK, "warning", f"{message} learn the rows by heart", (name,), (), different, hint)


def _plain(column: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Names without their dictionary, and whole numbers that a file gave as floating point as integers."""
    if pa.types.is_dictionary(column.type):
        return column.cast(column.type.value_type)
    if pa.types.is_floating(column.type):
        whole = pc.all(pc.and_(pc.less(pc.abs(column), 2.0**53), pc.equal(pc.floor(column), column))).as_py()
        return column.cast(pa.int64()) if whole else column
    return column


def _different(column: pa.Array | pa.ChunkedArray, alphabet: str | None) -> int:
    """Number of different values; 0 for what is never an identifier."""
    if alphabet or not (pa.types.is_integer(column.type) or is_text(column.type)):
        return 0
    if is_text(column.type) and (pc.max(pc.utf8_length(column)).as_py() or 0) > LONGEST:
        return 0
    return int(pc.count_distinct(column, mode="only_valid").as_py())


def _like_an_id(column: pa.Array | pa.ChunkedArray) -> bool:
    known = column.drop_null()
    if is_text(column.type):
        blanks = pc.sum(pc.match_substring_regex(known, r"\s")).as_py()
        digits = pc.sum(pc.match_substring_regex(known, r"[0-9]")).as_py()
        return bool(blanks <= 0.05 * len(known) and digits >= 0.9 * len(known))
    values = known.to_numpy()
    consecutive = int(values.max()) - int(values.min()) < 1.1 * len(values)
    return consecutive or bool(np.all(values[1:] > values[:-1]))

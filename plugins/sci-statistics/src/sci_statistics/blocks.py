"""Rows that belong together: what is drawn or exchanged as a whole."""

from __future__ import annotations

import numpy as np

from sci.api import Dataset
from sci_statistics.hashing import row_hashes


def blocks(rows: Dataset) -> list[np.ndarray]:
    """The declared groups as positions, int64 each; none where none is declared."""
    names = rows.schema.by("group")
    if not names or not len(rows):
        return []
    codes = np.unique(row_hashes(rows, names), return_inverse=True)[1]
    order = np.argsort(codes, kind="stable").astype(np.int64)
    return np.split(order, np.flatnonzero(np.diff(codes[order])) + 1)


def classes(rows: Dataset) -> np.ndarray | None:
    """The class of each row, int64 [n]; None where the target is no single category."""
    if list(rows.schema.slots) != ["target"] or rows.schema.target().kind != "category":
        return None
    hashes = row_hashes(rows, [rows.schema.slots["target"]])
    return np.unique(hashes, return_inverse=True)[1].astype(np.int64)

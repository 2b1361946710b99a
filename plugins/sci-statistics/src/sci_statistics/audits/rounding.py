"""Table rows as sets of their rounded numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from sci.api import Dataset, Ragged
from sci.api.likeness import as_sets
from sci_statistics.audits.values import bounded
from sci_statistics.hashing import mixed

STEPS = 1000
"""Numbers are rounded to such a part of the middle nine tenths of their range."""
FARTHEST = 2.0**40
"""Steps from which on numbers are taken as equal; what is missing lies there."""
CHANCE = 0.05
"""A column tells rows apart when two of them agree by chance at most so often."""
MOST, SEED = 64, 0x726F756E
"""Columns that are compared, and what the choice of them follows from."""
AGREEING, MARGIN = 0.8, 20.0
"""Share of the columns that near copies agree in, and bits by which that must be unlikely for the nearest two rows."""


def rounded_rows(dataset: Dataset, names: Sequence[str]) -> tuple[Ragged, tuple[str, ...]] | None:
    """The numbers of each row in at most 64 columns, each with its column, as uint64, and the columns.

    None where they are too few to tell a copy from a neighbor: independent columns would have two rows agree by chance.
    """
    columns: dict[str, np.ndarray] = {}
    bits = 0.0
    for place in np.random.default_rng(SEED).permutation(len(names)).tolist():
        name = names[place]
        codes = _rounded(dataset, name) if len(columns) < MOST else None
        chance = 1.0 if codes is None else _chance(codes)
        if codes is not None and chance <= CHANCE:
            columns[name] = mixed(mixed(codes.view(np.uint64)) + np.uint64(place))
            bits -= math.log2(chance)
    if AGREEING * bits < 2 * math.log2(max(len(dataset), 2)) + MARGIN:
        return None
    elements = np.stack(list(columns.values()), axis=1)
    owners = np.repeat(np.arange(len(dataset)), elements.shape[1])
    return as_sets(owners, elements.ravel(), len(dataset)), tuple(name for name in names if name in columns)


def _rounded(dataset: Dataset, name: str) -> np.ndarray | None:
    """int64 [n]; None for what is no number."""
    column = dataset.column(name)
    if dataset.schema.columns[name].kind != "number" or not isinstance(column, np.ndarray) or column.ndim != 1:
        return None
    values = bounded(column)
    known = values[np.isfinite(values)]
    low, high = np.quantile(known, [0.05, 0.95]) if len(known) else (0.0, 0.0)
    if high <= low:
        return None
    scaled = np.where(np.isfinite(values), (values - low) / (high - low) * STEPS, -FARTHEST)
    return np.floor(np.clip(scaled, -FARTHEST, FARTHEST) + 0.5).astype(np.int64)


def _chance(codes: np.ndarray) -> float:
    """How often two rows agree; at least as often as two of `STEPS` equally likely values."""
    counts = np.unique(codes, return_counts=True)[1].astype(np.float64)
    pairs = len(codes) * (len(codes) - 1.0)
    return max(float(np.sum(counts * (counts - 1.0))) / max(pairs, 1.0), 1.0 / STEPS)

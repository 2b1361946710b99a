"""Rows cut into pieces that an engine answers at once, bounded by what they hold."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping

import numpy as np

from sci.api import Batch, Feature, Ragged
from sci.api.gathering import concatenated
from sci.api.rows import take

MULTIPLE = 8
"""Lengths are padded to multiples of this, so that few different shapes occur."""

POSITIONS = 2**14
"""So many positions, rows times the longest of them, are answered at once."""

HEAD_BYTES = 2**26
"""So large may become what a network emits for the positions of a piece."""


def padded(lengths: np.ndarray) -> np.ndarray:
    """How many positions rows of these lengths take up at least, in a batch."""
    return np.asarray(-(-np.maximum(lengths, 1) // MULTIPLE) * MULTIPLE, dtype=np.int64)


def together(lengths: Iterable[np.ndarray]) -> np.ndarray | None:
    """Positions that each row takes up in several columns together, int64 [n]; None where there are no columns.

    Args:
        lengths: of the rows of each column.
    """
    found = [padded(one) for one in lengths]
    return np.sum(found, axis=0) if found else None


def positions_for(heads: Mapping[str, Feature]) -> int:
    """How many positions a piece may have, given what a network emits for each."""
    widths = [math.prod(size or 1 for size in head.shape) * (head.size or 1) for head in heads.values() if head.ragged]
    return max(min(POSITIONS, HEAD_BYTES // (4 * max(widths, default=1))), 1)


def cut(lengths: np.ndarray, positions: int) -> list[np.ndarray]:
    """Rows in pieces of similar length, longest first: int64 positions of rows, of which rows times the longest are at
    most `positions` unless it is one row."""
    order = np.argsort(-lengths, kind="stable")
    pieces, start = [], 0
    while start < len(order):
        count = max(positions // int(lengths[order[start]]), 1)
        pieces.append(order[start : start + count])
        start += count
    return pieces


def answered(batch: Batch, columns: Iterable[str], positions: int, answer: Callable[[Batch], Batch]) -> Batch:
    """What `answer` gives for these rows, in their order; it is asked for rows of similar length at a time.

    Args:
        batch: the rows.
        columns: those that are padded where they are ragged.
        positions: most positions of a piece.
        answer: gives one row for each row of a piece.
    """
    found = [batch[name] for name in columns if name in batch]
    lengths = together(column.lengths for column in found if isinstance(column, Ragged))
    if lengths is None or len(lengths) * lengths.max(initial=0) <= positions:
        return answer(batch)
    pieces = cut(lengths, positions)
    parts = [answer({name: take(column, rows) for name, column in batch.items()}) for rows in pieces]
    back = np.argsort(np.concatenate(pieces), kind="stable")
    return {name: take(concatenated([part[name] for part in parts]), back) for name in parts[0]}

"""Equal rows have equal hashes: 64 bits for each row, computed column by column without a loop over rows."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from sci.api import Column, Dataset, Ragged
from sci.api.occurrences import occurrences

ELEMENTS = 2**20
"""Elements of arrays that are hashed at once."""

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)


def row_hashes(dataset: Dataset, columns: Sequence[str]) -> np.ndarray:
    """uint64 [n]: equal for rows whose values in these columns are equal; nulls are equal to each other, and -0 to 0.

    Two rows that differ share a hash with probability 2^-64: among ten million rows one such pair has probability 3e-6.
    """
    hashes = np.zeros(len(dataset), dtype=np.uint64)
    for name in columns:
        hashes = mixed(hashes * _GOLDEN + _column_hashes(dataset, name))
    return hashes


def row_kinds(dataset: Dataset, columns: Sequence[str]) -> np.ndarray:
    """int64 [n]: one number for rows whose values in these columns are equal."""
    return np.unique(row_hashes(dataset, columns), return_inverse=True)[1].astype(np.int64)


def _column_hashes(dataset: Dataset, name: str) -> np.ndarray:
    stored, feature = dataset.stored(name), dataset.schema.columns[name]
    nested = isinstance(stored, pa.Array | pa.ChunkedArray) and pa.types.is_nested(stored.type)
    if isinstance(stored, pa.Array | pa.ChunkedArray) and (not nested or feature.dtype == "string"):
        return mixed(value_codes(stored, dataset.mapped).view(np.uint64))
    return _array_hashes(dataset.column(name))


def value_codes(column: pa.Array | pa.ChunkedArray, frugal: bool = False) -> np.ndarray:
    """Each value as the position of its first occurrence among the different values, int64 [n]; null is -1."""
    return occurrences(column, frugal)


def _array_hashes(column: Column) -> np.ndarray:
    rows = len(column.offsets) - 1 if isinstance(column, Ragged) else len(column)
    elements = column.values.size if isinstance(column, Ragged) else column.size
    step = max(1, rows * ELEMENTS // max(elements, 1))
    parts = [_block_hashes(column, start, min(start + step, rows)) for start in range(0, rows, step)]
    return np.concatenate([np.zeros(0, dtype=np.uint64), *parts])


def _block_hashes(column: Column, start: int, stop: int) -> np.ndarray:
    if not isinstance(column, Ragged):
        return _element_hashes(column[start:stop])
    offsets = column.offsets[start : stop + 1]
    lengths = np.diff(offsets)
    within = np.arange(offsets[-1] - offsets[0]) - np.repeat(offsets[:-1] - offsets[0], lengths)
    elements = _element_hashes(column.values[offsets[0] : offsets[-1]]) + mixed(within.astype(np.uint64) + _GOLDEN)
    totals = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(mixed(elements), dtype=np.uint64)])
    sums = totals[offsets[1:] - offsets[0]] - totals[offsets[:-1] - offsets[0]]
    return mixed(sums + mixed(lengths.astype(np.uint64)))


def _element_hashes(values: np.ndarray) -> np.ndarray:
    """One hash for each position of the first axis."""
    bits = _bits(values).reshape(len(values), math.prod(values.shape[1:]))
    places = mixed(np.arange(1, bits.shape[1] + 1, dtype=np.uint64) * _GOLDEN)
    return mixed(bits ^ places).sum(axis=1, dtype=np.uint64)


def _bits(values: np.ndarray) -> np.ndarray:
    if values.dtype.kind != "f":
        return np.ascontiguousarray(values, dtype=np.int64).view(np.uint64)
    plain = np.ascontiguousarray(values, dtype=np.float64) + 0.0
    return np.where(np.isnan(plain), np.nan, plain).view(np.uint64)


def mixed(bits: np.ndarray) -> np.ndarray:
    """The finalizer of SplitMix64 (Steele, Lea and Flood 2014), which spreads every input bit over all output bits."""
    bits = (bits ^ (bits >> np.uint64(30))) * _MIX_1
    bits = (bits ^ (bits >> np.uint64(27))) * _MIX_2
    return bits ^ (bits >> np.uint64(31))

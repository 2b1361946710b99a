"""Rows that hold the same."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sci.api.columns import Column, Ragged
from sci.api.occurrences import occurrences
from sci.api.rows import Dataset, is_text_list

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)


def alike(dataset: Dataset, columns: Sequence[str]) -> np.ndarray:
    """Equal rows get equal numbers, int64 [n]; nulls are equal to each other, and -0 to 0.

    Rows are told apart by 64 bits; two different ones that share them, which among ten million rows happens with
    probability 3e-6, only go to the same part.
    """
    hashes = np.zeros(len(dataset), dtype=np.uint64)
    for name in columns:
        hashes = mixed(hashes * GOLDEN + codes(dataset, name).view(np.uint64))
    return np.unique(hashes, return_inverse=True)[1].astype(np.int64)


def codes(dataset: Dataset, name: str) -> np.ndarray:
    """Different values of a column as different numbers, int64 [n]; null and NaN are -1."""
    stored = dataset.stored(name)
    if isinstance(stored, pa.Array | pa.ChunkedArray) and (
        not pa.types.is_nested(stored.type) or is_text_list(stored.type)
    ):
        return _arrow_codes(stored, dataset.mapped)
    column = dataset.column(name)
    if isinstance(column, np.ndarray) and column.ndim == 1:
        return _arrow_codes(pa.array(column), dataset.mapped) if column.dtype.kind == "f" else column.astype(np.int64)
    return np.array([_digest(row) for row in _rows(column)], dtype=np.int64)


def _arrow_codes(column: pa.Array | pa.ChunkedArray, frugal: bool) -> np.ndarray:
    if pa.types.is_null(column.type):
        return np.full(len(column), -1, dtype=np.int64)
    found = occurrences(column, frugal)
    if pa.types.is_floating(column.type):
        found[np.asarray(pc.is_nan(column).fill_null(False))] = -1
    return found


def _rows(column: Column) -> list[np.ndarray]:
    if isinstance(column, Ragged):
        return [column.row(row) for row in range(len(column.lengths))]
    return list(np.asarray(column))


def _digest(row: np.ndarray) -> int:
    plain = row + 0.0 if row.dtype.kind == "f" else row
    if row.dtype.kind == "f":
        plain = np.where(np.isnan(plain), np.nan, plain)
    text = f"{plain.shape}".encode() + np.ascontiguousarray(plain).tobytes()
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "little") >> 1


def mixed(bits: np.ndarray) -> np.ndarray:
    """The finalizer of SplitMix64 (Steele, Lea and Flood 2014), which spreads every input bit over all output bits."""
    bits = (bits ^ (bits >> np.uint64(30))) * _MIX_1
    bits = (bits ^ (bits >> np.uint64(27))) * _MIX_2
    return bits ^ (bits >> np.uint64(31))

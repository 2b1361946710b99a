"""Which rows belong together."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
import pyarrow as pa

from sci.api import Column, Dataset, Ragged, RunContext
from sci.api.occurrences import occurrences

BLOCK = 2**16
"""Rows that are hashed at once."""

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)


def kin(dataset: Dataset, identical: bool, groups: Sequence[str], context: RunContext) -> np.ndarray:
    """A number for each row, int64 [n]: rows that go to one part together have the same.

    Args:
        dataset: the rows.
        identical: whether rows with equal inputs belong together.
        groups: columns whose equal values belong together.
        context: hears how many rows are identical.
    """
    inputs = dataset.schema.by("input")
    twins = _twins(dataset, inputs, groups) if identical and inputs else np.arange(len(dataset))
    repeated = len(dataset) - len(np.unique(twins))
    if repeated:
        context.report(f"{repeated:,} rows repeat the inputs of another row and stay with it")
    together, alone = twins, not repeated
    for name in groups:
        found = grouped(dataset, name, context)
        together, alone = (found if alone else joined(together, found)), False
    return together


def _twins(dataset: Dataset, inputs: Sequence[str], groups: Sequence[str]) -> np.ndarray:
    """As `alike`. Data that are larger than memory are first asked, with less work, whether any row is repeated."""
    if dataset.mapped and not groups and all_differ(dataset, inputs):
        return np.arange(len(dataset))
    return alike(dataset, inputs)


def all_differ(dataset: Dataset, columns: Sequence[str]) -> bool:
    """Whether no row is equal to another; False also where 64 bits of two rows are the same."""
    hashes = np.zeros(len(dataset), dtype=np.uint64)
    for name in columns:
        stored = dataset.stored(name)
        values = stored if isinstance(stored, np.ndarray) else codes(dataset, name)
        for start in range(0, len(values), BLOCK):
            part = hashes[start : start + BLOCK]
            for element in values[start : start + BLOCK].reshape(len(part), -1).T:
                part[:] = _mixed(part * _GOLDEN + _bits(element))
    hashes.sort()
    return not bool((hashes[1:] == hashes[:-1]).any())


def _bits(values: np.ndarray) -> np.ndarray:
    if values.dtype.kind != "f":
        return values.astype(np.int64).view(np.uint64)
    plain = values.astype(np.float64) + 0.0
    return np.where(np.isnan(plain), np.nan, plain).view(np.uint64)


def alike(dataset: Dataset, columns: Sequence[str]) -> np.ndarray:
    """Equal rows get equal numbers, int64 [n]; nulls are equal to each other, and -0 to 0.

    Rows are told apart by 64 bits; two different ones that share them, which among ten million rows happens with
    probability 3e-6, only go to the same part.
    """
    hashes = np.zeros(len(dataset), dtype=np.uint64)
    for name in columns:
        hashes = _mixed(hashes * _GOLDEN + codes(dataset, name).view(np.uint64))
    return np.unique(hashes, return_inverse=True)[1].astype(np.int64)


def grouped(dataset: Dataset, name: str, context: RunContext) -> np.ndarray:
    """The groups of a column as numbers, int64 [n]; a row without a value is a group of its own."""
    found = codes(dataset, name)
    alone = found < 0
    if alone.any():
        context.warn("split.no-group", f"{int(alone.sum()):,} rows have no value in `{name}`; each is split on its own")
        found = np.where(alone, found.max(initial=-1) + np.cumsum(alone), found)
    return found


def joined(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Rows that are linked through either numbering, directly or by way of other rows, get equal numbers: int64 [n]."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    first = np.unique(one, return_inverse=True)[1]
    second = np.unique(other, return_inverse=True)[1] + first.max(initial=-1) + 1
    nodes = int(second.max(initial=-1)) + 1
    graph = coo_array((np.ones(len(first), dtype=np.int8), (first, second)), shape=(nodes, nodes))
    return connected_components(graph, directed=False)[1][first].astype(np.int64)


def codes(dataset: Dataset, name: str) -> np.ndarray:
    """Different values of a column as different numbers, int64 [n]; null and NaN are -1."""
    stored = dataset.stored(name)
    if isinstance(stored, pa.Array | pa.ChunkedArray) and not pa.types.is_nested(stored.type):
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
        found[np.asarray(pa.compute.is_nan(column).fill_null(False))] = -1
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


def _mixed(bits: np.ndarray) -> np.ndarray:
    """The finalizer of SplitMix64 (Steele, Lea and Flood 2014), which spreads every input bit over all output bits."""
    bits = (bits ^ (bits >> np.uint64(30))) * _MIX_1
    bits = (bits ^ (bits >> np.uint64(27))) * _MIX_2
    return bits ^ (bits >> np.uint64(31))

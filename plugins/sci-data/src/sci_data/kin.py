"""Which rows belong together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sci.api import DataError, Dataset, RunContext
from sci.api.alike import GOLDEN, alike, codes, mixed

BLOCK = 2**16
"""Rows that are hashed at once."""


def kin(dataset: Dataset, identical: bool, groups: Sequence[str], context: RunContext) -> np.ndarray:
    """A number for each row, int64 [n]: rows that go to one part together have the same.

    Args:
        dataset: the rows.
        identical: whether rows with equal inputs belong together.
        groups: columns whose equal values belong together.
        context: hears how many rows are identical.

    Raises:
        DataError: all of them are, so that they cannot be divided.
    """
    inputs = dataset.schema.by("input")
    twins = _twins(dataset, inputs, groups) if identical and inputs else np.arange(len(dataset))
    repeated = len(dataset) - len(np.unique(twins))
    if repeated and repeated == len(dataset) - 1:
        raise DataError(
            f"all {len(dataset):,} rows have the same inputs ({', '.join(inputs[:5])}), and such rows stay in one part",
            id="data.empty-part",
            hint="data.inputs: a column that differs from row to row",
        )
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
                part[:] = mixed(part * GOLDEN + _bits(element))
    hashes.sort()
    return not bool((hashes[1:] == hashes[:-1]).any())


def _bits(values: np.ndarray) -> np.ndarray:
    if values.dtype.kind != "f":
        return values.astype(np.int64).view(np.uint64)
    plain = values.astype(np.float64) + 0.0
    return np.where(np.isnan(plain), np.nan, plain).view(np.uint64)


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

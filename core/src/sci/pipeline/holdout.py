"""Rows that no fold of a study sees."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sci.api import DataError, Dataset, Fold
from sci.api.alike import alike, codes
from sci.api.errors import Place
from sci.api.rows import to_arrow
from sci.pipeline.order import generator

PARTS = ("train", "validation", "test")


def held_out(dataset: Dataset, share: float, seed: int, where: Place | None = None) -> np.ndarray:
    """About this share of the rows, int64 [n] ascending: the latest where `data.time` orders them, else drawn.

    Rows of one group, and rows with identical inputs, are held out together. Raises `DataError` where nothing is left
    on one of the sides.
    """
    wanted = max(1, round(share * len(dataset)))
    times = dataset.schema.by("time")
    rows = _latest(dataset, times[0], wanted) if times else _drawn(dataset, wanted, seed)
    if not len(rows) or len(rows) == len(dataset):
        raise DataError(
            f"a holdout of {share:g} cannot be drawn: too many rows belong together",
            id="study.holdout",
            where=where,
            hint="another study.holdout, or none",
        )
    return rows


def without(folds: Sequence[Fold], holdout: np.ndarray) -> list[Fold]:
    """The folds without these rows; a fold that has nothing else to test is left out."""
    kept = [Fold(one.name, *(np.setdiff1d(getattr(one, part), holdout) for part in PARTS)) for one in folds]
    return [one for one in kept if len(one.test)]


def as_fold(rows: int, holdout: np.ndarray) -> Fold:
    """The holdout against all that is learned from, for those who look for leaks."""
    everything = np.arange(rows, dtype=np.int64)
    return Fold("holdout", np.setdiff1d(everything, holdout), np.zeros(0, dtype=np.int64), holdout)


def _latest(dataset: Dataset, time: str, wanted: int) -> np.ndarray:
    column = to_arrow(dataset.stored(time))
    flat = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    order = pc.array_sort_indices(flat).to_numpy().astype(np.int64)
    return np.sort(order[len(order) - wanted :])


def _drawn(dataset: Dataset, wanted: int, seed: int) -> np.ndarray:
    inputs = dataset.schema.by("input")
    kin = [_small(codes(dataset, name)) for name in dataset.schema.by("group")]
    kin += [alike(dataset, inputs)] if inputs else []
    units = _linked(kin, len(dataset))
    found = np.unique(units, return_inverse=True)[1]
    order = generator(seed, "holdout").permutation(int(found.max()) + 1)
    sizes = np.cumsum(np.bincount(found)[order])
    taken = order[: int(np.argmin(np.abs(sizes - wanted))) + 1]
    return np.flatnonzero(np.isin(found, taken)).astype(np.int64)


def _small(numbers: np.ndarray) -> np.ndarray:
    """The same numbering with numbers below that of the rows; -1 stays."""
    return np.where(numbers < 0, -1, np.unique(numbers, return_inverse=True)[1])


def _linked(kin: Sequence[np.ndarray], rows: int) -> np.ndarray:
    """Rows that are linked through any of the numberings get equal numbers, int64 [n]; -1 links nothing."""
    label = np.arange(rows, dtype=np.int64)
    while True:
        before = label
        for numbers in kin:
            known = numbers >= 0
            least = np.full(int(numbers.max(initial=0)) + 1, rows, dtype=np.int64)
            np.minimum.at(least, numbers[known], label[known])
            label = np.where(known, np.minimum(label, least[np.maximum(numbers, 0)]), label)
        if np.array_equal(label, before):
            return label

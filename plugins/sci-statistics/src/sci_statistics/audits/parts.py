"""The parts of a split, and rows of one that have something in another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from sci.api import Dataset, Fold

PAIRS = (
    ("test", "train", "the test would be too easy"),
    ("validation", "train", "the choice of the model would be too optimistic"),
    ("test", "validation", "the model would be chosen on test rows"),
)
"""A part, one that the model knows when it meets that, and what follows where rows of the one are known already."""


class Shared(NamedTuple):
    """Rows of one part that have something in another: both names, what follows, and positions int64 [n], ascending."""

    part: str
    other: str
    effect: str
    rows: np.ndarray


def rows_of(fold: Fold, part: str) -> np.ndarray:
    """Positions of the rows of a part, int64 [n]."""
    return np.asarray(getattr(fold, part), dtype=np.int64)


def over_folds(folds: Sequence[Fold], found: Callable[[Fold], np.ndarray]) -> np.ndarray:
    """Positions that are found in any fold, ascending and each once."""
    return np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *map(found, folds)]))


def in_pairs(folds: Sequence[Fold], known: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> Iterator[Shared]:
    """The pairs of parts in which `known(rows of the part, rows of the other)` gives any of the part's rows."""
    for part, other, effect in PAIRS:
        rows = over_folds(folds, lambda fold, a=part, b=other: known(rows_of(fold, a), rows_of(fold, b)))  # type: ignore[misc]
        if len(rows):
            yield Shared(part, other, effect, rows)


def ids_of(dataset: Dataset, positions: np.ndarray) -> tuple[int, ...]:
    """Ids of all these rows: a verdict is judged again without them."""
    return tuple(dataset.ids[positions].tolist())

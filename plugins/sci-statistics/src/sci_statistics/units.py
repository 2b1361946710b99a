"""What is drawn with replacement: single rows, or whole groups of rows that belong together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from sci.api import Predictions, Ragged
from sci_statistics.hashing import value_codes

PICKS = 2**21
"""Picks that are held in memory at once."""

STREAM = 0x626F6F74
"""Keeps these draws apart from what else the seed of a study drives."""


@dataclass(frozen=True)
class Units:
    """The units of a bootstrap.

    Args:
        sizes: rows of each unit, int64 [units].
        members: rows of each unit; None where every row is a unit of its own.
    """

    sizes: np.ndarray
    members: Ragged | None = None

    @classmethod
    def of(cls, predictions: Predictions) -> Units:
        """Groups where the predictions carry a column ``group``, else rows. A row without a group stands for itself."""
        if "group" not in predictions.table.column_names or not predictions.paired:
            return cls(np.ones(len(predictions), dtype=np.int64))
        codes = group_codes(predictions.table.column("group"))
        sizes = np.bincount(codes)
        offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        return cls(sizes, Ragged(np.argsort(codes, kind="stable"), offsets))

    def __len__(self) -> int:
        return len(self.sizes)

    def __str__(self) -> str:
        return "rows" if self.members is None else f"whole groups ({len(self):,})"

    def rows(self, units: np.ndarray) -> np.ndarray:
        """Positions of the rows of these units, in this order."""
        return units if self.members is None else self.members.take(units).values

    def spread(self, counts: np.ndarray) -> np.ndarray:
        """How often units are drawn [b, units] as how often each of their rows is [b, n]."""
        if self.members is None:
            return counts
        unit = np.empty(len(self.members.values), dtype=np.int64)
        unit[self.members.values] = np.repeat(np.arange(len(self)), self.sizes)
        return counts[:, unit]

    def sums(self, statistics: np.ndarray) -> np.ndarray:
        """Statistics of rows [n, k] added up within each unit: [units, k]."""
        if self.members is None:
            return statistics
        return np.add.reduceat(statistics[self.members.values], self.members.offsets[:-1], axis=0)

    def draws(self, resamples: int, seed: int, stream: int = 0) -> Iterator[np.ndarray]:
        """As many units as there are, drawn with replacement: int64 [some, units], until there are `resamples` rows."""
        return draws(len(self), resamples, seed, stream)


def draws(units: int, resamples: int, seed: int, stream: int = 0) -> Iterator[np.ndarray]:
    """So many units, each time drawn with replacement: int64 [some, units], until there are `resamples` rows."""
    random = np.random.default_rng([seed, STREAM, stream])
    for some in portions(resamples, units):
        yield random.integers(0, units, size=(some, units))


def portions(resamples: int, width: int) -> Iterator[int]:
    """Cuts resamples of `width` numbers into portions that fit in memory."""
    most = max(1, PICKS // max(width, 1))
    for start in range(0, resamples, most):
        yield min(most, resamples - start)


def group_codes(column: pa.ChunkedArray) -> np.ndarray:
    """Groups as int64 [n] from 0; every null is a group of its own."""
    codes = value_codes(column)
    alone = codes < 0
    codes[alone] = codes.max(initial=-1) + 1 + np.arange(alone.sum())
    return codes

"""The categories that the training rows hold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sci.api import Column, Feature

MISSING, UNSEEN = -1, -2


@dataclass(frozen=True)
class Categories:
    """Distinct categories in their order.

    Args:
        names: what people call them.
        codes: int64, sorted, where the column holds codes; None where it holds names.
    """

    names: tuple[str, ...]
    codes: np.ndarray | None = None

    def positions(self, column: Column) -> np.ndarray:
        """Where each row's category stands, int64 [n]; `MISSING` or `UNSEEN` for those that stand nowhere."""
        if self.codes is None:
            return self._positions_of_names(read_names(column))
        rows = np.asarray(column, dtype=np.int64)
        found = np.searchsorted(self.codes, rows)
        known = self.codes[np.minimum(found, len(self.codes) - 1)] == rows
        return np.where(rows < 0, MISSING, np.where(known, found, UNSEEN))

    def _positions_of_names(self, column: pa.Array | pa.ChunkedArray) -> np.ndarray:
        found = pc.index_in(column, value_set=pa.array(self.names, type=pa.large_string()))
        found = found.fill_null(UNSEEN).to_numpy(zero_copy_only=False).astype(np.int64)
        return np.where(column.is_null().to_numpy(zero_copy_only=False), MISSING, found)


class Distinct:
    """Collects the categories of one column, batch by batch, in memory that grows with their number only."""

    def __init__(self, feature: Feature) -> None:
        self._feature = feature
        self._codes = np.zeros(0, dtype=np.int64)
        self._names = pa.array([], type=pa.large_string())

    def __len__(self) -> int:
        return len(self._names) if self._feature.dtype == "string" else len(self._codes)

    def add(self, column: Column) -> None:
        """Take in a batch; missing values are left out."""
        if self._feature.dtype == "string":
            fresh = pc.unique(read_names(column)).drop_null()
            self._names = pc.unique(pa.concat_arrays([self._names, fresh]))
        else:
            codes = np.asarray(column, dtype=np.int64)
            self._codes = np.union1d(self._codes, codes[codes >= 0])

    def categories(self) -> Categories:
        """The categories, sorted: names by code point, codes by number."""
        if self._feature.dtype == "string":
            return Categories(tuple(self._names.take(pc.sort_indices(self._names)).to_pylist()))
        known = self._feature.values
        names = tuple(known[code] if known and code < len(known) else str(code) for code in self._codes.tolist())
        return Categories(names, self._codes)


def read_names(column: Column) -> pa.Array | pa.ChunkedArray:
    """A column of category names as Arrow large_string."""
    return column.cast(pa.large_string())  # type: ignore[union-attr]

"""The same rows with something about them that real data have: gaps, and letters of other scripts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from sci.api import Batch, Column, Dataset, Feature, Ragged

SCRIPTS = ("Größe ñ", "今日は", "שלום עולם", "🧬👩‍🔬", "e\u0301 and é", "\u200f\u00a0zero\u200bwidth", "")
"""Text that breaks code which means bytes, ASCII, or one letter for each character."""

EVERY = 5
"""Each so many rows something is missing."""


class InSmallBatches(Dataset):
    """The same rows, handed over a few at a time, as those of a large data set are."""

    rows = 7

    def batches(self, rows: int | None = None) -> Iterator[Batch]:
        return super().batches(self.rows)


def in_small_batches(data: Dataset) -> Dataset:
    """The same rows in batches of 7."""
    return InSmallBatches({name: data.stored(name) for name in data.schema.columns}, data.schema, data.ids)


def with_gaps(data: Dataset, columns: Sequence[str]) -> Dataset:
    """The rows with missing values in these columns, where their kind has such."""
    changed = {name: _gaps(data.column(name), data.schema.columns[name]) for name in columns}
    return data.with_columns({name: column for name, column in changed.items() if column is not None}, data.schema)


def can_miss(data: Dataset, columns: Sequence[str]) -> bool:
    """Whether a value of one of these columns can be missing."""
    return any(_gaps(data.column(name), data.schema.columns[name]) is not None for name in columns)


def with_scripts(data: Dataset, columns: Sequence[str]) -> Dataset:
    """The rows with text and names of other scripts in these columns; equal values stay equal."""
    changed = {name: _scripts(data.column(name)) for name in columns}
    return data.with_columns({name: column for name, column in changed.items() if column is not None}, data.schema)


def has_text(data: Dataset, columns: Sequence[str]) -> bool:
    """Whether one of these columns holds text or names."""
    return any(data.schema.columns[name].dtype == "string" for name in columns)


def _gaps(column: Column, feature: Feature) -> Any:
    if isinstance(column, Ragged):
        return None
    if not isinstance(column, np.ndarray):
        values = column.to_pylist()
        return pa.array([None if row % EVERY == 2 else value for row, value in enumerate(values)], column.type)
    missing = np.arange(len(column)) % EVERY == 2
    if column.dtype.kind == "f":
        return np.where(missing.reshape(-1, *[1] * (column.ndim - 1)), np.nan, column).astype(column.dtype)
    if feature.kind in ("boolean", "category"):
        return np.where(missing, -1, column).astype(column.dtype)
    return None


def _scripts(column: Column) -> Any:
    if isinstance(column, np.ndarray | Ragged) or not pa.types.is_large_string(column.type):
        return None
    values = column.to_pylist()
    number = {value: place for place, value in enumerate(dict.fromkeys(values))}
    new = {
        value: value if value is None else SCRIPTS[place % len(SCRIPTS)] + "·" * (place // len(SCRIPTS))
        for value, place in number.items()
    }
    return pa.array([new[value] for value in values], column.type)

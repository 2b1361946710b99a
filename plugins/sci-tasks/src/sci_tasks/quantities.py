"""The target numbers of a fold, and what can be wrong with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from sci.api import DataError, Dataset, Fold
from sci_tasks.labels import NUMBER
from sci_tasks.names import codes_of, distinct
from sci_tasks.wording import SHOWN, quoted, rows


@dataclass(frozen=True)
class Quantities:
    """The target of the rows of one fold.

    Args:
        column: name of the target column.
        kind: the kind that the schema gives it.
        values: float64 [n]; NaN where the row has no number.
        strange: int64, positions in `values` where something else stands that is not a number.
        words: what stands at the first of these positions.
        ids: int64 [n], ids of the rows.
    """

    column: str
    kind: str
    values: np.ndarray
    strange: np.ndarray
    words: list[str]
    ids: np.ndarray

    @classmethod
    def read(cls, dataset: Dataset, column: str, fold: Fold) -> Quantities:
        """The target of the rows that are in some part of the fold, in the order of the data."""
        positions = np.sort(np.concatenate([fold.train, fold.validation, fold.test]).astype(np.int64))
        kind, ids = dataset.schema.columns[column].kind, dataset.ids[positions]
        stored = dataset.stored(column)
        if isinstance(stored, pa.Array | pa.ChunkedArray) and _is_text(stored.type):
            text = stored.take(pa.array(positions)).cast(pa.large_string())
            values, strange = parsed(text)
            return cls(column, kind, values, strange, text.take(pa.array(strange[:SHOWN])).to_pylist(), ids)
        is_number = kind == "number"
        values = np.asarray(dataset.column(column))[positions] if is_number else np.zeros(len(positions))
        return cls(column, kind, values.astype(np.float64), np.zeros(0, dtype=np.int64), [], ids)

    def text(self) -> Iterator[DataError]:
        """Cells that are not numbers, or numbers that the source gave as text."""
        if len(self.strange):
            some, words = len(self.strange) < len(self.values), ", ".join(map(quoted, self.words))
            yield DataError(
                f"`{self.column}` is not a number in {rows(self.ids[self.strange])}: {words}",
                id="data.text-target",
                hint="write numbers there, or leave these rows out of the data" if some else "task: classification",
            )
        elif self.kind != "number":
            yield DataError(
                f"`{self.column}` is {self.kind}, but regression needs a number",
                id="data.text-target",
                hint=f"data.columns: {{{self.column}: {{kind: number}}}}",
            )

    def missing(self) -> Iterator[DataError]:
        """Rows without a number."""
        empty = np.isnan(self.values)
        empty[self.strange] = False
        if empty.any():
            yield DataError(
                f"`{self.column}` has no value in {rows(self.ids[empty])}",
                id="data.missing-target",
                hint="give these rows a value, or leave them out of the data",
            )

    def infinite(self) -> Iterator[DataError]:
        """Rows with an infinite number."""
        endless = np.isinf(self.values)
        if endless.any():
            yield DataError(
                f"`{self.column}` is infinite in {rows(self.ids[endless])}",
                id="data.infinite-target",
                hint="give these rows a finite value, or leave them out of the data",
            )


def parsed(text: pa.Array | pa.ChunkedArray) -> tuple[np.ndarray, np.ndarray]:
    """Numbers written as text, float64 [n] with NaN elsewhere, and positions of what is neither a number nor blank."""
    names = distinct(text)
    codes = codes_of(text, names)
    numbers = np.array([float(name) if NUMBER.fullmatch(name) else np.nan for name in names] + [np.nan])
    is_word = np.array([bool(name.strip()) for name in names] + [False]) & np.isnan(numbers)
    return numbers[codes], np.flatnonzero(is_word[codes])


def _is_text(type_: pa.DataType) -> bool:
    if pa.types.is_dictionary(type_):
        type_ = type_.value_type
    return bool(pa.types.is_string(type_) or pa.types.is_large_string(type_) or pa.types.is_string_view(type_))

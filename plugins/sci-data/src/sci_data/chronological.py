"""Splitter `time`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sci.api import DataError, Dataset, Fold, RunContext
from sci_data.names import require_columns
from sci_data.notation import shown
from sci_data.parts import checked, warn_about_shares
from sci_data.shares import rounded
from sci_data.split_config import TimeConfig


class Chronological:
    """The earliest rows for training, then validation, then test: the future judges what was learned from the past.

    Rows of one moment stay in one part: a border that would part them moves to the nearer end of the moment.

    Args:
        config: the shares, the column of times, and a gap.
    """

    def __init__(self, config: TimeConfig) -> None:
        self.config = config

    def split(self, dataset: Dataset, context: RunContext, seed: int) -> Sequence[Fold]:
        """One fold; the seed does not matter. Rows in a gap are in no part."""
        times = moments(dataset, self._column(dataset))
        order = np.argsort(times, kind="stable")
        ordered = times[order]
        rows = len(ordered)
        testing = _border(ordered, rows - rounded(self.config.test, rows))
        validating = testing
        if self.config.validation:
            wanted = rows - rounded(self.config.test, rows) - rounded(self.config.validation, rows)
            validating = min(_border(ordered, wanted), testing)
        train = order[: self._end(ordered, 0, validating)]
        validation = order[validating : self._end(ordered, validating, testing)]
        one = checked(Fold("split", *(np.sort(part).astype(np.int64) for part in (train, validation, order[testing:]))))
        found = {"validation": testing - validating, "test": rows - testing}
        shares = {"validation": self.config.validation, "test": self.config.test}
        warn_about_shares(found, shares, rows, context, "rows of one moment stay together")
        return [one]

    def _column(self, dataset: Dataset) -> str:
        if self.config.column is not None:
            require_columns([self.config.column], list(dataset.schema.columns), "column")
            return self.config.column
        found = dataset.schema.by("time")
        if len(found) == 1:
            return found[0]
        raise DataError(
            f"{len(found)} columns have the times of `data.time`; one is needed"
            if found
            else "no column has the times",
            id="data.split-column",
            hint=f"split: {{name: time, column: {found[0] if found else 'COLUMN'}}}",
        )

    def _end(self, ordered: np.ndarray, start: int, end: int) -> int:
        """Where a part ends that begins at `start`, once the gap before `end` is left out."""
        gap = self.config.gap
        if gap is None or end == len(ordered):
            return end
        if gap.rows is not None:
            return max(start, end - gap.rows)
        return max(start, int(np.searchsorted(ordered, ordered[end] - gap.seconds, side="right")))


def _border(ordered: np.ndarray, wanted: int) -> int:
    """The place nearest to the wanted one where the moment changes; the earlier of two that are equally near.

    The very beginning and the very end count only where there is no other place.
    """
    if not 0 < wanted < len(ordered):
        return wanted
    before = int(np.searchsorted(ordered, ordered[wanted], side="left"))
    after = int(np.searchsorted(ordered, ordered[wanted], side="right"))
    if before == 0:
        return after
    return before if after == len(ordered) or wanted - before <= after - wanted else after


def moments(dataset: Dataset, name: str) -> np.ndarray:
    """The times of a column in seconds, float64 [n]; a number stands for itself.

    Raises `DataError` for a missing time, and for text that is not an ISO 8601 date or time: whether 1/2 is in January
    or in February cannot be told."""
    stored = dataset.column(name)
    if isinstance(stored, pa.Array | pa.ChunkedArray):
        times = _read(stored, name)
    elif isinstance(stored, np.ndarray) and stored.ndim == 1:
        times = stored.astype(np.float64)
    else:
        raise DataError(f"`{name}` holds no times", id="data.time")
    missing = np.flatnonzero(np.isnan(times))
    if len(missing):
        rows = ", ".join(map(str, dataset.ids[missing][:5]))
        raise DataError(f"`{name}` has no time in {len(missing):,} rows", id="data.time", note=f"rows {rows}")
    return times


def _read(column: pa.Array | pa.ChunkedArray, name: str) -> np.ndarray:
    text = column.cast(pa.large_string())
    months = pc.match_substring_regex(text, r"^[0-9]{4}-[0-9]{2}$")
    if pc.all(months).as_py() and len(text.drop_null()):
        text = pc.binary_join_element_wise(text, pa.scalar("01", pa.large_string()), pa.scalar("-", pa.large_string()))
    for type_ in (pa.timestamp("us"), pa.timestamp("us", tz="UTC")):
        try:
            stamps = pc.cast(text, type_).cast(pa.int64())
        except pa.ArrowInvalid:
            continue
        return np.asarray(stamps.cast(pa.float64()).to_numpy(zero_copy_only=False)) * 1e-6
    found = next(value for value in text.to_pylist() if value is not None and not _iso(value))
    raise DataError(
        f"`{shown(found)}` in column {name} is not a time",
        id="data.time",
        note="times are numbers, or text such as 2024-05-31 or 2024-05-31T12:00:00, with a time zone in all or in none",
    )


def _iso(value: str) -> bool:
    try:
        pc.cast(pa.scalar(value), pa.timestamp("us"))
    except pa.ArrowInvalid:
        return False
    return True

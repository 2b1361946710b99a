"""Training rows that are complete and within range."""

from __future__ import annotations

import numpy as np

from sci.api import Batch, ConfigError, Preprocessor, SampleRandom, Schema
from sci.api.rows import take
from sci_tabular.config import CleanRowsConfig
from sci_tabular.missing import is_missing


class CleanRows(Preprocessor):
    """Leaves out training rows with a missing value in one of its columns, or with a number outside its range.

    Rows to predict pass untouched. Of an array, one missing element is enough; a ragged row is never missing. Returns
    every column of the batch, `id` included, at the kept rows, and their positions in the batch under key ``row``
    (int64). Raises `ConfigError` for the range of a column that holds no numbers.
    """

    rows = "drop"
    config: CleanRowsConfig

    def __init__(self, config: CleanRowsConfig, columns: tuple[str, ...]) -> None:
        super().__init__(config, columns)
        self._not_codes: frozenset[str] = frozenset()

    def output_schema(self, schema: Schema) -> Schema:
        for name in self.config.ranges:
            if name not in schema.columns or schema.columns[name].kind != "number":
                found = f"is {schema.columns[name].kind}" if name in schema.columns else "is not in the table here"
                raise ConfigError(
                    f"clean-rows has a range for `{name}`, which {found}",
                    id="flow.kind",
                    note="ranges are of number columns",
                )
        # -1 is a value of a column of whole numbers, and null in a column of codes: the arrays look alike.
        self._not_codes = frozenset(
            name for name, feature in schema.columns.items() if feature.kind not in ("boolean", "category")
        )
        return schema

    def transform(self, batch: Batch, random: SampleRandom | None = None) -> Batch:
        kept = np.ones(len(batch["id"]), dtype=bool)
        for name in self.columns if self.config.missing else ():
            if name in batch:
                kept &= ~is_missing(batch[name], codes=name not in self._not_codes)
        for name, (low, high) in self.config.ranges.items():
            if name in batch:
                kept &= ~_outside(np.asarray(batch[name], dtype=np.float64), low, high)
        row = np.flatnonzero(kept).astype(np.int64)
        return {**{name: take(column, row) for name, column in batch.items()}, "row": row}


def _outside(values: np.ndarray, low: float | None, high: float | None) -> np.ndarray:
    below = np.zeros(len(values), dtype=bool) if low is None else values < low
    return below if high is None else below | (values > high)

"""Splitter `predefined`: parts that somebody else fixed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from sci.api import DataError, Dataset, Fold, RunContext
from sci_data.drawn import validated
from sci_data.indices import row_numbers
from sci_data.kin import kin
from sci_data.names import require_columns
from sci_data.notation import shown
from sci_data.parts import NAMES, checked, fold, group_columns
from sci_data.split_config import IndexFiles, PredefinedConfig
from sci_data.starred import expanded

PART = "split.part"
"""The column that the core adds when each part is a file."""


class Predefined:
    """Parts named by a column, by files, or by files of row numbers.

    Args:
        config: where the parts are named.
    """

    def __init__(self, config: PredefinedConfig) -> None:
        self.config = config

    def split(self, dataset: Dataset, context: RunContext, seed: int) -> Sequence[Fold]:
        """One fold, called split, or fold-1, fold-2, ... where files of row numbers are named."""
        if self.config.folds is not None:
            found = [self._from_files(name, files, dataset, context) for name, files in self._named(context)]
        else:
            found = [fold("split", named_parts(dataset, self.config.column or PART))]
        return [self._with_validation(one, number, dataset, context, seed) for number, one in enumerate(found)]

    def _named(self, context: RunContext) -> Iterator[tuple[str, IndexFiles]]:
        """The folds with their names: fold-1, fold-2, ..., and with a `*` what it stands for instead of the number."""
        for number, files in enumerate(self.config.folds or (), 1):
            several = {f"fold-{star}": one for star, one in expanded(files, context).items()}
            yield from several.items() if several else ((f"fold-{number}", files),)

    def _from_files(self, name: str, files: IndexFiles, dataset: Dataset, context: RunContext) -> Fold:
        rows = {
            part: row_numbers(path, len(dataset), context) if path else np.zeros(0, dtype=np.int64)
            for part, path in (
                ("train", files.train_index),
                ("validation", files.validation_index),
                ("test", files.test_index),
            )
        }
        for one, other in (("test", "train"), ("validation", "train"), ("test", "validation")):
            shared = np.intersect1d(rows[one], rows[other])
            if len(shared):
                raise DataError(
                    f"{len(shared):,} rows of {name} are in {other} and in {one}",
                    id="data.split-overlap",
                    note=f"rows {', '.join(map(str, shared[:5]))}",
                )
        unused = len(dataset) - sum(map(len, rows.values()))
        if unused:
            context.warn("split.unused-rows", f"{unused:,} of {len(dataset):,} rows are in no part of {name}")
        return checked(Fold(name, rows["train"], rows["validation"], rows["test"]))

    def _with_validation(self, one: Fold, number: int, dataset: Dataset, context: RunContext, seed: int) -> Fold:
        """The fold with validation rows drawn from its training rows, where they are asked for."""
        if not self.config.validation:
            return one
        if len(one.validation):
            raise DataError(
                f"`{self.config.column}` names {len(one.validation):,} validation rows, and validation"
                f" {self.config.validation:g} would draw others",
                id="data.split-validation",
                hint="leave `validation` out",
            )
        together = kin(dataset, True, group_columns(dataset, None), context)
        return validated(one, together, self.config.validation, seed, number)


def named_parts(dataset: Dataset, name: str) -> np.ndarray:
    """The part of each row from a column with the words train, validation and test: int64 [n]."""
    require_columns([name], list(dataset.schema.columns), "column")
    column = dataset.stored(name)
    if not isinstance(column, pa.Array | pa.ChunkedArray):
        column = pa.array(column)
    column = column.cast(pa.large_string())
    found = pa.compute.index_in(column, value_set=pa.array(list(NAMES), type=pa.large_string()))
    unknown = np.flatnonzero(found.is_null().to_numpy(zero_copy_only=False))
    if len(unknown):
        words = list(dict.fromkeys(column.take(pa.array(unknown)).to_pylist()))
        shown_words = ", ".join("no value" if word is None else f"`{shown(word)}`" for word in words[:8])
        raise DataError(
            f"column {name} says {shown_words} in {len(unknown):,} rows, which is no part",
            id="data.split-part",
            note="parts are train, validation and test; rows " + ", ".join(map(str, dataset.ids[unknown][:5])),
        )
    return found.to_numpy().astype(np.int64)

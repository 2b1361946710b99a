"""Categories as vectors of zeros and a one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow.compute as pc

from sci.api import Batch, Column, DataError, Dataset, Feature, Preprocessor, SampleRandom, Schema, State
from sci_tabular.categories import MISSING, UNSEEN, Categories, Distinct
from sci_tabular.config import OneHotConfig
from sci_tabular.faults import no_values, require_kinds


class OneHot(Preprocessor):
    """A category column, names or codes, becomes one array column of the same name: float32 [n, k].

    The k places are the categories of the training rows, sorted (names by code point, codes by number), and
    `Feature.values` names them. A category that no training row has, and a missing one, are all zeros; settings say
    otherwise. Raises `DataError` for a column with more than `max_categories` categories, without any, or, with
    ``unseen: error``, for a category that no training row has.
    """

    accepts = frozenset({"category"})
    config: OneHotConfig

    def __init__(self, config: OneHotConfig, columns: tuple[str, ...]) -> None:
        super().__init__(config, columns)
        self._fitted: dict[str, Categories] = {}

    def output_schema(self, schema: Schema) -> Schema:
        require_kinds("one-hot", "categories", schema, self.columns, lambda feature: feature.kind == "category")
        return replace(schema, columns={**schema.columns, **{name: self._feature(name) for name in self.columns}})

    def _feature(self, name: str) -> Feature:
        if name not in self._fitted:
            return Feature("array", dtype="float32", shape=(None,))
        places = self._places(self._fitted[name])
        return Feature("array", dtype="float32", shape=(len(places),), values=places)

    def _places(self, categories: Categories) -> tuple[str, ...]:
        kept = categories.names[self._dropped :]
        return (*kept, "missing") if self.config.missing else kept

    @property
    def _dropped(self) -> int:
        return 1 if self.config.drop == "first" else 0

    def fit(self, train: Dataset) -> None:
        seen = {name: Distinct(train.schema.columns[name]) for name in self.columns}
        for batch in train.batches():
            for name, distinct in seen.items():
                distinct.add(batch[name])
        for name, distinct in seen.items():
            self._require_number(name, len(distinct))
            self._fitted[name] = distinct.categories()

    def _require_number(self, name: str, count: int) -> None:
        if count == 0:
            raise no_values(name)
        if count > self.config.max_categories:
            raise DataError(
                f"column `{name}` has {count:,} categories in the training rows; one-hot takes up to "
                f"{self.config.max_categories:,}",
                id="data.categories",
                hint=f"{{name: ordinal, columns: [{name}]}}   or: {{name: one-hot, max_categories: {count}}}",
            )

    def transform(self, batch: Batch, random: SampleRandom | None = None) -> Batch:
        return {**batch, **{name: self._places_of(name, batch[name]) for name in self.columns if name in batch}}

    def _places_of(self, name: str, column: Column) -> np.ndarray:
        categories = self._fitted[name]
        positions = categories.positions(column)
        if self.config.unseen == "error" and (positions == UNSEEN).any():
            raise _unseen(name, column, int(np.argmax(positions == UNSEEN)))
        places = np.zeros((len(positions), len(self._places(categories))), dtype=np.float32)
        rows = np.flatnonzero(positions >= self._dropped)
        places[rows, positions[rows] - self._dropped] = 1.0
        if self.config.missing:
            places[positions == MISSING, -1] = 1.0
        return places

    def state(self) -> State:
        names = {name: list(categories.names) for name, categories in self._fitted.items()}
        codes = {f"codes.{name}": kept.codes for name, kept in self._fitted.items() if kept.codes is not None}
        return State(arrays=codes, meta={"categories": names})

    def load_state(self, state: State) -> None:
        self._fitted = {
            name: Categories(tuple(names), state.arrays.get(f"codes.{name}"))
            for name, names in state.meta["categories"].items()
        }


def _unseen(name: str, column: Column, row: int) -> DataError:
    found = column[row] if isinstance(column, np.ndarray) else pc.take(column, [row]).to_pylist()[0]
    return DataError(
        f"column `{name}` holds `{found}`, a category that no training row has",
        id="data.unseen-category",
        hint="{name: one-hot, unseen: zeros}   to read such rows as none of the categories",
    )

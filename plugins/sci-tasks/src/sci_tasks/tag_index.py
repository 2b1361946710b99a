"""Tags to codes."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sci.api import Batch, Column, Dataset, Feature, Preprocessor, Ragged, Role, SampleRandom, Schema, State
from sci_tasks.label_lists import label_lists, require_tags
from sci_tasks.names import codes_of, distinct, names_of


class TagIndex(Preprocessor):
    """Turns the tags in the lists of a target into int64 codes: positions in the sorted tags of the training rows.

    A null and a tag that no training row has become -1, which nothing is learned from; `token-classification` refuses
    such rows before anything is fitted.
    """

    accepts: ClassVar[frozenset[str]] = frozenset({"category", "text"})
    role: ClassVar[Role] = "target"

    def __init__(self, config: object, columns: tuple[str, ...]) -> None:
        super().__init__(config, columns)
        self.classes_: dict[str, tuple[str, ...]] = {}

    def output_schema(self, schema: Schema) -> Schema:
        for column in self.columns:
            require_tags(column, schema.columns[column])
            classes = self.classes_.get(column)
            size = None if classes is None else len(classes)
            feature = Feature("category", dtype="int64", ragged=True, size=size, values=classes, pad=-1)
            schema = schema.replace(column, **{column: feature})
        return schema

    def fit(self, train: Dataset) -> None:
        found: dict[str, set[str]] = {column: set() for column in self.columns}
        for batch in train.batches():
            for column in self.columns:
                found[column].update(distinct(label_lists(batch[column], None).flatten()))
        self.classes_ = {column: tuple(sorted(names)) for column, names in found.items()}

    def transform(self, batch: Batch, random: SampleRandom | None = None) -> Batch:
        return {**batch, **{name: self._codes(name, batch[name]) for name in self.columns if name in batch}}

    def _codes(self, name: str, column: Column) -> Ragged:
        lists = label_lists(column, None)
        lengths = pc.list_value_length(lists).fill_null(0).to_numpy()
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        return Ragged(codes_of(lists.flatten(), self.classes_[name]), offsets)

    def inverse_transform(self, column: str, values: Column, batch: Batch) -> Column:
        if column not in self.columns or not isinstance(values, Ragged):
            return values
        return pa.LargeListArray.from_arrays(pa.array(values.offsets), names_of(values.values, self.classes_[column]))

    def state(self) -> State:
        return State(meta={"classes": {column: list(names) for column, names in self.classes_.items()}})

    def load_state(self, state: State) -> None:
        self.classes_ = {column: tuple(names) for column, names in state.meta["classes"].items()}

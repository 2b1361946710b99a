"""Lists of labels to one number for each label."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
import pyarrow as pa

from sci.api import Batch, Column, Dataset, Feature, Preprocessor, Role, SampleRandom, Schema, State
from sci_tasks.config import LabelSetsConfig
from sci_tasks.label_lists import label_lists, lists_of, owners, require_labels
from sci_tasks.names import codes_of, distinct


class LabelSets(Preprocessor):
    """Turns the lists of labels of a target into float32 [n, k]: 1 where the label is in the list, else 0.

    Labels are the sorted names of the training rows. A label counts once in a list that has it twice; one that no
    training row has does not count. `multi-label` refuses such rows before anything is fitted.
    """

    accepts: ClassVar[frozenset[str]] = frozenset({"category", "text"})
    role: ClassVar[Role] = "target"
    config: LabelSetsConfig

    def __init__(self, config: LabelSetsConfig, columns: tuple[str, ...]) -> None:
        super().__init__(config, columns)
        self.classes_: dict[str, tuple[str, ...]] = {}
        self._repeated: dict[str, int] = {}

    def output_schema(self, schema: Schema) -> Schema:
        for column in self.columns:
            require_labels(column, schema.columns[column], self.config.separator)
            classes = self.classes_.get(column)
            size = None if classes is None else len(classes)
            schema = schema.replace(column, **{column: Feature("category", shape=(size,), size=size, values=classes)})
        return schema

    def fit(self, train: Dataset) -> None:
        found: dict[str, set[str]] = {column: set() for column in self.columns}
        self._repeated = dict.fromkeys(self.columns, 0)
        for batch in train.batches():
            for column in self.columns:
                lists = self._lists(batch[column])
                found[column].update(name for name in distinct(lists.flatten()) if name.strip())
                self._repeated[column] += sum(len(set(row)) < len(row) for row in lists.to_pylist() if row)
        self.classes_ = {column: tuple(sorted(names)) for column, names in found.items()}

    def warnings(self) -> Sequence[str]:
        return [
            f"a label stands twice in {count:,} training row{'s' * (count > 1)} of `{name}`, and counts once"
            for name, count in self._repeated.items()
            if count
        ]

    def transform(self, batch: Batch, random: SampleRandom | None = None) -> Batch:
        return {**batch, **{name: self._sets(name, batch[name]) for name in self.columns if name in batch}}

    def _lists(self, column: Column) -> pa.LargeListArray:
        return label_lists(column, self.config.separator)

    def _sets(self, name: str, column: Column) -> np.ndarray:
        lists = self._lists(column)
        codes, rows = codes_of(lists.flatten(), self.classes_[name]), owners(lists)
        sets = np.zeros((len(lists), len(self.classes_[name])), dtype=np.float32)
        sets[rows[codes >= 0], codes[codes >= 0]] = 1
        return sets

    def inverse_transform(self, column: str, values: Column, batch: Batch) -> Column:
        if column not in self.columns or not isinstance(values, np.ndarray):
            return values
        return lists_of(values > 0.5, self.classes_[column], np.zeros(len(values), dtype=bool))

    def state(self) -> State:
        return State(meta={"classes": {column: list(names) for column, names in self.classes_.items()}})

    def load_state(self, state: State) -> None:
        self.classes_ = {column: tuple(names) for column, names in state.meta["classes"].items()}

"""Class names to codes."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from sci.api import Batch, Column, ConfigError, Dataset, Feature, Preprocessor, Role, SampleRandom, Schema, State
from sci_tasks.names import class_names, codes_of, distinct, names_of


class LabelIndex(Preprocessor):
    """Turns the class names of a target into int64 codes: positions in the sorted names of the training rows.

    Names are sorted by code point, so that ``10`` stands before ``2``. Booleans are the classes ``false`` and ``true``.
    A null and a name that no training row has become -1; `classification` refuses such rows before anything is fitted.
    """

    accepts: ClassVar[frozenset[str]] = frozenset({"category", "boolean"})
    role: ClassVar[Role] = "target"

    def __init__(self, config: object, columns: tuple[str, ...]) -> None:
        super().__init__(config, columns)
        self.classes_: dict[str, tuple[str, ...]] = {}

    def output_schema(self, schema: Schema) -> Schema:
        for column in self.columns:
            self._refuse_other_kinds(column, schema.columns[column])
            classes = self.classes_.get(column)
            size = None if classes is None else len(classes)
            schema = schema.replace(column, **{column: Feature("category", dtype="int64", size=size, values=classes)})
        return schema

    def _refuse_other_kinds(self, column: str, feature: Feature) -> None:
        if feature.kind not in self.accepts:
            raise ConfigError(
                f"label-index reads category or boolean, but `{column}` is {feature.kind}",
                id="flow.kind",
                hint=f"data.columns: {{{column}: {{kind: category}}}}",
            )

    def fit(self, train: Dataset) -> None:
        found: dict[str, set[str]] = {column: set() for column in self.columns}
        for batch in train.batches():
            for column in self.columns:
                found[column].update(distinct(class_names(batch[column])))
        self.classes_ = {column: tuple(sorted(names)) for column, names in found.items()}

    def transform(self, batch: Batch, random: SampleRandom | None = None) -> Batch:
        present = (column for column in self.columns if column in batch)
        return {**batch, **{column: codes_of(class_names(batch[column]), self.classes_[column]) for column in present}}

    def inverse_transform(self, column: str, values: Column, batch: Batch) -> Column:
        if column in self.columns and isinstance(values, np.ndarray):
            return names_of(values, self.classes_[column])
        return values

    def state(self) -> State:
        return State(meta={"classes": {column: list(names) for column, names in self.classes_.items()}})

    def load_state(self, state: State) -> None:
        self.classes_ = {column: tuple(names) for column, names in state.meta["classes"].items()}

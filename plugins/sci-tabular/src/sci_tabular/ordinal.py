"""Categories as codes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sci.api import Batch, ConfigError, DataError, Dataset, Feature, Preprocessor, SampleRandom, Schema, State
from sci_tabular.categories import Categories, Distinct
from sci_tabular.config import OrdinalConfig
from sci_tabular.faults import no_values, require_kinds


class Ordinal(Preprocessor):
    """Category names become codes, int64 from 0, in the order of the settings or else sorted by code point.

    A missing name, and one that no training row has, becomes -1. Columns that are codes already stay as they are.
    Raises `ConfigError` for an order of a column that this step does not turn into codes, `DataError` for a column
    without values and for a name of the training rows that its order does not list.
    """

    accepts = frozenset({"category"})
    config: OrdinalConfig

    def __init__(self, config: OrdinalConfig, columns: tuple[str, ...]) -> None:
        super().__init__(config, columns)
        self._fitted: dict[str, tuple[str, ...]] = {}

    def output_schema(self, schema: Schema) -> Schema:
        require_kinds("ordinal", "categories", schema, self.columns, lambda feature: feature.kind == "category")
        for name in self.config.order:
            if name not in self.columns or schema.columns[name].dtype != "string":
                raise ConfigError(
                    f"ordinal has an order for `{name}`, which is no column of category names that it takes",
                    id="config.columns",
                    note=f"it takes: {', '.join(self.columns[:8])}",
                )
        coded = {name: self._coded(name, schema.columns[name]) for name in self.columns}
        return replace(schema, columns={**schema.columns, **coded})

    def _coded(self, name: str, feature: Feature) -> Feature:
        if feature.dtype != "string":
            return feature
        names = self.config.order.get(name) or self._fitted.get(name)
        return replace(feature, dtype="int64", size=None if names is None else len(names), values=names)

    def fit(self, train: Dataset) -> None:
        features = train.schema.columns
        seen = {name: Distinct(features[name]) for name in self.columns if features[name].dtype == "string"}
        for batch in train.batches():
            for name, distinct in seen.items():
                distinct.add(batch[name])
        for name, distinct in seen.items():
            if not len(distinct):
                raise no_values(name)
            self._fitted[name] = self._ordered(name, distinct.categories().names)

    def _ordered(self, name: str, found: tuple[str, ...]) -> tuple[str, ...]:
        order = self.config.order.get(name)
        if order is None:
            return found
        unlisted = [category for category in found if category not in set(order)]
        if unlisted:
            raise DataError(
                f"column `{name}` holds `{unlisted[0]}`, which its order does not list",
                id="data.category",
                note=f"order: {', '.join(order[:8])}",
            )
        return order

    def transform(self, batch: Batch, random: SampleRandom | None = None) -> Batch:
        coded = {
            name: np.maximum(Categories(names).positions(batch[name]), -1)
            for name, names in self._fitted.items()
            if name in batch
        }
        return {**batch, **coded}

    def state(self) -> State:
        return State(meta={"names": {name: list(names) for name, names in self._fitted.items()}})

    def load_state(self, state: State) -> None:
        self._fitted = {name: tuple(names) for name, names in state.meta["names"].items()}

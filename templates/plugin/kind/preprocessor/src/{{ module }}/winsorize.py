"""Outliers pulled to quantiles."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from sci.api import Batch, ConfigError, DataError, Dataset, Preprocessor, SampleRandom, Schema, State

from {{ module }}.config import WinsorizeConfig


class Winsorize(Preprocessor):
    """Values beyond two quantiles of the training rows become those quantiles; NaN stays NaN.

    Infinite values do not count among the training rows, and become a quantile like any other value beyond it. Raises
    `ConfigError` for a column that holds no numbers, and `DataError` for one without a finite value to learn from.
    """

    accepts = frozenset({"number"})
    config: WinsorizeConfig

    def __init__(self, config: WinsorizeConfig, columns: tuple[str, ...]) -> None:
        super().__init__(config, columns)
        self._limits: dict[str, np.ndarray] = {}

    def output_schema(self, schema: Schema) -> Schema:
        for name in self.columns:
            feature = schema.columns[name]
            if feature.kind != "number" or feature.ragged:
                raise ConfigError(f"column `{name}` is {feature.kind}, and this step reads numbers", id="flow.kind")
        limited = {name: replace(schema.columns[name], dtype="float64") for name in self.columns}
        return replace(schema, columns={**schema.columns, **limited})

    def fit(self, train: Dataset) -> None:
        for name in self.columns:
            values = np.asarray(train.column(name), dtype=np.float64)
            finite = values[np.isfinite(values)]
            if not len(finite):
                raise DataError(f"column `{name}` has no value in any training row", id="data.empty-column")
            self._limits[name] = np.quantile(finite, (self.config.lower, self.config.upper))

    def transform(self, batch: Batch, random: SampleRandom | None = None) -> Batch:
        limited = {
            name: np.clip(np.asarray(batch[name], dtype=np.float64), *self._limits[name])
            for name in self.columns
            if name in batch
        }
        return {**batch, **limited}

    def state(self) -> State:
        """The limits of each column, float64 [2]."""
        return State(arrays={f"limits.{name}": limits for name, limits in self._limits.items()})

    def load_state(self, state: State) -> None:
        self._limits = {name: state.arrays[f"limits.{name}"] for name in self.columns}

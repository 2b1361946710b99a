"""Filling missing values."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sci.api import Batch, Column, ConfigError, Dataset, Feature, Preprocessor, SampleRandom, Schema, State
from sci_tabular.categories import read_names
from sci_tabular.config import ImputeConfig
from sci_tabular.faults import no_values, overflows, require_kinds
from sci_tabular.filling import Constant, Fill, Filling, Mean, Median, MostFrequent
from sci_tabular.missing import is_missing
from sci_tabular.numbers import read_numbers

KINDS = ("number", "boolean", "category")


class Impute(Preprocessor):
    """Missing values become a value that the training rows decide.

    ============  ======================  =============  ============
    strategy      number (float64)        boolean        category
    ============  ======================  =============  ============
    mean, median  mean, exact median      most frequent  ``missing``
    most-frequent most frequent           most frequent  most frequent
    constant      value                   value          value
    ============  ======================  =============  ============

    A category that stands for "missing" is added to codes at the end, unless they have one of that name. For the other
    columns a boolean input ``<name>.missing`` (int64, 0 or 1) is added if, and only if, the column had missing values
    in the training rows: `output_schema` therefore names these columns after `fit` and not before. A value that is
    missing in new rows only is filled without a trace. Raises `ConfigError` for targets and for a value that does not
    suit its column, `DataError` for a column that is missing in every training row and for infinite numbers.
    """

    accepts = frozenset(KINDS)
    config: ImputeConfig

    def __init__(self, config: ImputeConfig, columns: tuple[str, ...]) -> None:
        super().__init__(config, columns)
        self._fills: dict[str, Fill] = {}
        self._flagged: tuple[str, ...] = ()

    def output_schema(self, schema: Schema) -> Schema:
        require_kinds("impute", "numbers, booleans and categories", schema, self.columns, _fillable)
        for name in self.columns:
            self._require_input(name, schema)
        filled = {name: self._filled(name, schema.columns[name]) for name in self.columns}
        flags = {f"{name}.missing": Feature("boolean", dtype="int64") for name in self._flagged}
        return replace(schema, columns={**schema.columns, **filled}).add("input", **flags)

    def _require_input(self, name: str, schema: Schema) -> None:
        if schema.roles[name] == "target":
            raise ConfigError(
                f"column `{name}` is a target, and a filled target is not the truth",
                id="config.columns",
                hint=f"{{name: clean-rows, columns: [{name}]}}   leaves such training rows out",
            )

    def _filled(self, name: str, feature: Feature) -> Feature:
        if self.config.strategy == "constant":
            self._constant(name, feature)
        if feature.kind == "number":
            return replace(feature, dtype="float64")
        added = self._own_category(feature)
        if added is None or (feature.values and added in feature.values):
            return feature
        size = _size(feature)
        values = None if feature.values is None else (*feature.values, added)
        return replace(feature, size=None if size is None else size + 1, values=values)

    def _own_category(self, feature: Feature) -> str | None:
        if feature.kind != "category" or self.config.strategy == "most-frequent":
            return None
        return str(self.config.value) if self.config.strategy == "constant" else "missing"

    def fit(self, train: Dataset) -> None:
        features = {name: train.schema.columns[name] for name in self.columns}
        fillings = {name: self._filling(name, feature) for name, feature in features.items()}
        missing, rows = dict.fromkeys(self.columns, 0), 0
        for batch in train.batches():
            rows += len(batch["id"])
            for name, filling in fillings.items():
                column = _read(batch, name, features[name])
                absent = is_missing(column)
                filling.add(_present(column, absent))
                missing[name] += int(absent.sum())
        for name, filling in fillings.items():
            if missing[name] == rows:
                raise no_values(name)
            self._fills[name] = _finite(name, filling.value())
        flagged = [name for name in self.columns if missing[name] and self._own_category(features[name]) is None]
        self._flagged = tuple(flagged) if self.config.indicators else ()

    def _filling(self, name: str, feature: Feature) -> Filling:
        own = self._own_category(feature)
        if own is not None:
            return Constant(own if feature.dtype == "string" else _code(name, own, feature))
        if self.config.strategy == "constant":
            return Constant(self._constant(name, feature))
        if feature.kind == "number" and self.config.strategy != "most-frequent":
            return Mean() if self.config.strategy == "mean" else Median()
        return MostFrequent()

    def _constant(self, name: str, feature: Feature) -> Fill:
        value = self.config.value
        if feature.kind == "number" and isinstance(value, float):
            return value
        if feature.kind == "boolean" and isinstance(value, bool | float) and value in (0, 1):
            return int(value)
        if feature.kind == "category" and isinstance(value, str):
            return value
        raise ConfigError(
            f"impute fills with `{value}`, but column `{name}` is {feature.kind}",
            id="config.value",
            note="one step fills columns of one kind with a constant",
            hint="{name: impute, columns: [...], strategy: constant, value: ...}   once for each kind",
        )

    def transform(self, batch: Batch, random: SampleRandom | None = None) -> Batch:
        result = dict(batch)
        for name, fill in self._fills.items():
            if name in batch:
                column, absent = _without_gaps(batch[name], fill)
                result[name] = column
                if name in self._flagged:
                    result[f"{name}.missing"] = absent.astype(np.int64)
        return result

    def state(self) -> State:
        return State(meta={"fills": dict(self._fills), "flagged": list(self._flagged)})

    def load_state(self, state: State) -> None:
        self._fills = dict(state.meta["fills"])
        self._flagged = tuple(state.meta["flagged"])


def _fillable(feature: Feature) -> bool:
    return feature.kind in KINDS


def _read(batch: Batch, name: str, feature: Feature) -> Column:
    return read_numbers(batch, name) if feature.kind == "number" else batch[name]


def _present(column: Column, absent: np.ndarray) -> Column:
    return column[~absent] if isinstance(column, np.ndarray) else column.drop_null()  # type: ignore[union-attr]


def _finite(name: str, fill: Fill) -> Fill:
    if isinstance(fill, float) and not np.isfinite(fill):
        raise overflows(name)
    return fill


def _code(name: str, category: str, feature: Feature) -> int:
    """The code of a category, or the first that is free."""
    if feature.values and category in feature.values:
        return feature.values.index(category)
    size = _size(feature)
    if size is None:
        raise ConfigError(
            f"column `{name}` has codes without a number of categories, so `{category}` has no code",
            id="config.value",
            hint="{name: impute, strategy: most-frequent}",
        )
    return size


def _size(feature: Feature) -> int | None:
    return feature.size if feature.values is None else len(feature.values)


def _without_gaps(column: Column, fill: Fill) -> tuple[Column, np.ndarray]:
    """The column without gaps, and where they were, bool [n]."""
    if isinstance(fill, str):
        names = read_names(column)
        return names.fill_null(fill), is_missing(names)
    values = np.asarray(column, dtype=np.float64 if isinstance(fill, float) else np.int64)
    absent = is_missing(values)
    return np.where(absent, fill, values), absent

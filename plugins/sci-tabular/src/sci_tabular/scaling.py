"""Steps that move and stretch number columns."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

import numpy as np

from sci.api import Batch, Column, Dataset, Preprocessor, Role, SampleRandom, Schema, State
from sci_tabular.config import MinMaxConfig
from sci_tabular.faults import no_values, overflows, require_kinds
from sci_tabular.moments import Moments
from sci_tabular.numbers import READS, is_numeric, read_numbers


class Scaler(Preprocessor):
    """``(x - shift) / scale + base`` for each number column, and for each element of an array column of shape (k,).

    Arithmetic and results are float64, NaN stays NaN, and the unit is gone. Array columns are taken only when the
    experiment names them, so that indicators and bags of words are not stretched by default. Raises `ConfigError` for
    columns of other kinds, and `DataError` for a column without values and for numbers that overflow, in `fit` and in
    `transform`.
    """

    accepts = frozenset({"number"})
    name: ClassVar[str]
    base = 0.0

    def __init__(self, config: Any, columns: tuple[str, ...]) -> None:
        super().__init__(config, columns)
        self._shift: dict[str, np.ndarray] = {}
        self._scale: dict[str, np.ndarray] = {}

    def output_schema(self, schema: Schema) -> Schema:
        require_kinds(self.name, READS, schema, self.columns, is_numeric)
        scaled = {name: replace(schema.columns[name], dtype="float64", unit=None) for name in self.columns}
        return replace(schema, columns={**schema.columns, **scaled})

    def transform(self, batch: Batch, random: SampleRandom | None = None) -> Batch:
        return {**batch, **{name: self._scaled(batch, name) for name in self.columns if name in batch}}

    def _scaled(self, batch: Batch, name: str) -> np.ndarray:
        values = read_numbers(batch, name)
        with np.errstate(over="ignore"):
            scaled = (values - self._shift[name]) / self._scale[name] + self.base
        if np.isinf(scaled).any():
            raise overflows(name)
        return scaled

    def inverse_transform(self, column: str, values: Column, batch: Batch) -> Column:
        """Values [n], or [n, q] for quantiles and interval ends of a number column."""
        if column not in self._shift:
            return values
        return (np.asarray(values, dtype=np.float64) - self.base) * self._scale[column] + self._shift[column]

    def state(self) -> State:
        shifts = {f"shift.{name}": value for name, value in self._shift.items()}
        scales = {f"scale.{name}": value for name, value in self._scale.items()}
        return State(arrays={**shifts, **scales})

    def load_state(self, state: State) -> None:
        self._shift = {name: state.arrays[f"shift.{name}"] for name in self.columns}
        self._scale = {name: state.arrays[f"scale.{name}"] for name in self.columns}


class Standardize(Scaler):
    """Mean 0 and standard deviation 1 on the training rows; a constant column is centred only."""

    name = "standardize"

    def fit(self, train: Dataset) -> None:
        moments = {name: Moments() for name in self.columns}
        for batch in train.batches():
            for name, seen in moments.items():
                seen.add(read_numbers(batch, name))
        for name, seen in moments.items():
            if not seen.count.all():
                raise no_values(name)
            if not seen.finite:
                raise overflows(name)
            self._shift[name], self._scale[name] = seen.mean, seen.deviation()


class ScaleTarget(Standardize):
    """`standardize` for targets that are numbers. Predictions go back to the unit of the target."""

    name = "scale-target"
    role: ClassVar[Role] = "target"


class MinMax(Scaler):
    """The range of the training rows becomes ``low`` to ``high``; a constant column becomes `low`.

    New values outside the range of the training rows go beyond it, unless `clip` cuts them.
    """

    name = "min-max"
    config: MinMaxConfig

    def __init__(self, config: MinMaxConfig, columns: tuple[str, ...]) -> None:
        super().__init__(config, columns)
        self.base = config.low

    def fit(self, train: Dataset) -> None:
        lows = {name: np.array([np.nan]) for name in self.columns}
        highs = dict(lows)
        for batch in train.batches():
            for name in self.columns:
                values = read_numbers(batch, name)
                rows = values.reshape(len(values), *(values.shape[1:] or (1,)))
                lows[name] = np.fmin(lows[name], np.fmin.reduce(rows, axis=0, initial=np.nan))
                highs[name] = np.fmax(highs[name], np.fmax.reduce(rows, axis=0, initial=np.nan))
        for name in self.columns:
            self._shift[name] = lows[name]
            self._scale[name] = self._spread(name, lows[name], highs[name])

    def _spread(self, name: str, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        if np.isnan(low).any():
            raise no_values(name)
        with np.errstate(over="ignore"):
            spread = high - low
        if np.isinf(spread).any():
            raise overflows(name)
        return np.where(spread == 0.0, 1.0, spread) / (self.config.high - self.config.low)

    def _scaled(self, batch: Batch, name: str) -> np.ndarray:
        scaled = super()._scaled(batch, name)
        return np.clip(scaled, self.config.low, self.config.high) if self.config.clip else scaled

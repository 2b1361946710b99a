"""Figures of merit as functions of how often each row counts, and means over rows: what intervals are made for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from sci.api import Feature, Predictions

Weighted = Callable[[np.ndarray], np.ndarray]
"""Counts float64 [b, n] to values float64 [b]."""

COLUMN = "number"


@dataclass
class Quantity:
    """A metric that is given as a function of counts.

    Args:
        make: predictions to that function.
        bounds: the smallest and the largest value.
        higher_is_better: whether a larger value is a better one.
    """

    make: Callable[[Predictions], Weighted]
    bounds: tuple[float | None, float | None] = (0.0, 1.0)
    higher_is_better: bool = True

    def __call__(self, predictions: Predictions) -> float:
        return float(self.make(predictions)(np.ones((1, len(predictions))))[0])

    def weighted(self, predictions: Predictions) -> Weighted:
        """For resampling."""
        return self.make(predictions)


@dataclass
class Mean:
    """The mean of the number that each row carries, see `carrying`.

    Args:
        bounds: the smallest and the largest value.
        higher_is_better: whether a larger value is a better one.
    """

    bounds: tuple[float | None, float | None] = (None, None)
    higher_is_better: bool = True

    def __call__(self, predictions: Predictions) -> float:
        return float(self.statistics(predictions).mean()) if len(predictions) else float("nan")

    def statistics(self, predictions: Predictions) -> np.ndarray:
        """The numbers, float64 [n, 1]."""
        return np.asarray(predictions.table.column(COLUMN).to_numpy(), dtype=np.float64)[:, None]

    def value(self, sums: np.ndarray, n: Any) -> np.ndarray:
        """The mean of rows with these sums."""
        return np.asarray(sums[..., 0] / n)


@dataclass
class Share(Mean):
    """The share of rows whose number is 1 and not 0."""

    bounds: tuple[float | None, float | None] = (0.0, 1.0)
    interval: str = "wilson"


def carrying(predictions: Predictions, values: np.ndarray) -> Predictions:
    """The same rows, each with a number.

    Args:
        predictions: n rows.
        values: float64 or bool [n].
    """
    table = predictions.table.append_column(COLUMN, pa.array(np.asarray(values, dtype=np.float64)))
    return replace(predictions, table=table, features={**predictions.features, COLUMN: Feature("number")})

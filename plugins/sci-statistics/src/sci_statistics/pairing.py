"""What every comparison of two models on the same rows begins and ends with."""

from __future__ import annotations

import math

import numpy as np

from sci.api import Column, DataError, Difference, Predictions, Ragged

POWER = 2.8
"""1.96 + 0.84: a difference of so many standard errors is found at two-sided 5 % in 80 % of all test sets."""

UNPAIRED = "not defined: predictions are samples, not answers to rows"


def nothing(value: float, confidence: float, reason: str) -> Difference:
    """A difference without interval and p, and why."""
    return Difference(value, math.nan, math.nan, confidence, math.nan, reason, math.nan)


def detectable(error: float) -> float:
    """The smallest difference that is found with 80 % power, from the standard error; NaN where that is 0."""
    return POWER * error if error else math.nan


def standardized(values: np.ndarray) -> tuple[float, str]:
    """Cohen's d_z, the mean of paired differences over their standard deviation, and its name; NaN without spread.

    Cohen, Statistical Power Analysis for the Behavioral Sciences (1988), section 2.3.5.
    """
    spread = float(np.std(values, ddof=1)) if len(values) > 1 else 0.0
    return (float(np.mean(values)) / spread, "Cohen's d_z") if spread > 0 else (math.nan, "")


def check_same_rows(a: Predictions, b: Predictions) -> None:
    """Raise `DataError` unless both are predictions of the same rows, in the same order and with the same truth."""
    if len(a) != len(b) or not np.array_equal(a.ids, b.ids):
        ids = np.setxor1d(a.ids, b.ids)
        differ = f"{len(ids):,} ids are in one of them only" if len(ids) else "the ids are in another order"
        raise DataError(
            f"the two models were not tested on the same rows: {len(a):,} and {len(b):,} rows, {differ}",
            id="compare.rows",
            hint="sci evaluate RUN DATA   for both, on the same data",
        )
    for slot in _slots(a):
        if slot not in _slots(b) or not _equal(a.target(slot), b.target(slot)):
            raise DataError(
                f"the two models were tested on the same ids, but their `{slot}` is not the same",
                id="compare.targets",
                hint="sci evaluate RUN DATA   for both, on the same data",
            )


def _slots(predictions: Predictions) -> list[str]:
    names = predictions.table.column_names
    return [name.removeprefix("target.") for name in names if name == "target" or name.startswith("target.")]


def _equal(one: Column, other: Column) -> bool:
    if isinstance(one, Ragged):
        return isinstance(other, Ragged) and all(np.array_equal(*parts) for parts in zip(one, other, strict=True))
    if isinstance(one, np.ndarray):
        return np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
    return bool(one.equals(other))

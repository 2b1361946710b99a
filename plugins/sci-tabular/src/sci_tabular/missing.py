"""Which rows of a column hold nothing."""

from __future__ import annotations

import numpy as np

from sci.api import Column, Ragged


def is_missing(column: Column, *, codes: bool = True) -> np.ndarray:
    """Where a row is missing, bool [n]: NaN in numbers (one element of an array is enough), null in Arrow, -1 in codes.

    Args:
        column: a column in the form in which it passes between steps. A ragged row is never missing.
        codes: integers are codes of a boolean or category column; otherwise -1 is a value like any other.
    """
    if isinstance(column, Ragged):
        return np.zeros(len(column.lengths), dtype=bool)
    if not isinstance(column, np.ndarray):
        return column.is_null().to_numpy(zero_copy_only=False)
    if np.issubdtype(column.dtype, np.floating):
        return np.asarray(np.isnan(column).any(axis=tuple(range(1, column.ndim))))
    if codes and column.ndim == 1 and np.issubdtype(column.dtype, np.signedinteger):
        return column == -1
    return np.zeros(len(column), dtype=bool)

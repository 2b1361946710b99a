"""Mean and variance in one pass over batches."""

from __future__ import annotations

import numpy as np


class Moments:
    """Count, mean and sum of squared deviations of each element, in float64, NaN left out.

    Batches are merged by the pairwise update of Chan, Golub and LeVeque (1983), so that the result depends on how rows
    are grouped only through rounding. Attributes have shape (1,) for a number column and (k,) for an array column.
    """

    def __init__(self) -> None:
        self.count = np.zeros(1)
        self.mean = np.zeros(1)
        self.squares = np.zeros(1)

    def add(self, values: np.ndarray) -> None:
        """Take in a batch, [n] or [n, k]. Overflow becomes infinity or NaN, which `finite` tells."""
        rows = values.reshape(len(values), *(values.shape[1:] or (1,)))
        present = ~np.isnan(rows)
        count = present.sum(axis=0, dtype=np.float64)
        with np.errstate(over="ignore", invalid="ignore"):
            mean = np.where(present, rows, 0.0).sum(axis=0) / np.maximum(count, 1.0)
            squares = np.square(np.where(present, rows - mean, 0.0)).sum(axis=0)
            total = self.count + count
            share = count / np.maximum(total, 1.0)
            delta = mean - self.mean
            self.squares = self.squares + squares + np.square(delta) * self.count * share
            self.mean = self.mean + delta * share
        self.count = total

    @property
    def finite(self) -> bool:
        """Whether nothing overflowed."""
        return bool(np.isfinite(self.squares).all() and np.isfinite(self.mean).all())

    def deviation(self) -> np.ndarray:
        """Population standard deviation; 1 where the values are equal up to rounding.

        The bound on rounding is the one that scikit-learn's `StandardScaler` uses.
        """
        epsilon = np.finfo(np.float64).eps
        variance = self.squares / self.count
        rounding = self.count * epsilon * variance + np.square(self.count * self.mean * epsilon)
        return np.where(variance <= rounding, 1.0, np.sqrt(variance))

"""Linear and ridge regression in closed form."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sci.api import DataError, Feature, Schema, input_width, only_head
from sci_numpy.config import LeastSquaresConfig
from sci_numpy.linear import Value
from sci_numpy.network import Arrays, numbers, shares


class LeastSquares(Value):
    """The weights that minimise the mean squared error plus `l2` times the sum of squared weights.

    Solved by the singular value decomposition, not by inverting ``X^T X``, whose condition number is that of X squared.
    Where inputs determine one another, the solution with the smallest weights is taken. For n rows, `l2` is 1/n times
    the ``alpha`` of scikit-learn's Ridge (Hoerl and Kennard 1970).
    """

    def __init__(self, config: LeastSquaresConfig, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> None:
        super().__init__(config, 1, np.zeros((1, input_width(inputs, "a linear model"))))
        self.head, _ = only_head(heads, 0, "least squares")

    def fit(self, batch: Arrays) -> None:
        """Solve for these rows, in double precision, each counting by its ``weight``.

        Raises:
            DataError: an input or target is infinite, or so large that the solution would be.
        """
        inputs = numbers(batch).astype(np.float64, copy=False)
        target = batch["target"].astype(np.float64, copy=False)
        share = shares(batch)
        # Centred inputs leave the intercept out of the penalty and out of the condition number.
        means, mean = (share @ inputs, share @ target) if "bias" in self.parameters else (0.0, 0.0)
        root = np.sqrt(share)
        weight = self._solve(root[:, None] * (inputs - means), root * (target - mean))
        self.parameters["weight"][0] = weight
        if "bias" in self.parameters:
            self.parameters["bias"][0] = mean - means @ weight

    def _solve(self, inputs: np.ndarray, target: np.ndarray) -> np.ndarray:
        if self.l2:
            size = inputs.shape[1]
            inputs = np.concatenate([inputs, np.sqrt(self.l2) * np.eye(size)])
            target = np.concatenate([target, np.zeros(size)])
        if not (np.isfinite(inputs).all() and np.isfinite(target).all()):
            raise DataError(
                "the inputs or the target hold infinite values, or values too large to average",
                id="data.infinite",
                hint="leave these rows out, or take the logarithm first",
            )
        return np.linalg.lstsq(inputs, target, rcond=None)[0]

"""Linear and ridge regression in closed form."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sci.api import DataError, Feature, Schema, only_head
from sci_networks.config import LeastSquaresConfig, LinearConfig
from sci_networks.tensorflow.linear import Value
from sci_tensorflow.api import Tensors


class LeastSquares(Value):
    """The weights that minimise the mean squared error plus `l2` times the sum of squared weights.

    Solved by the singular value decomposition, not by inverting ``X^T X``, whose condition number is that of X squared.
    Where inputs determine one another, the solution with the smallest weights is taken. For n rows, `l2` is 1/n times
    the ``alpha`` of scikit-learn's Ridge (Hoerl and Kennard 1970).
    """

    def __init__(self, config: LeastSquaresConfig, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> None:
        head, _ = only_head(heads, 0, "least squares")
        super().__init__(LinearConfig(l2=config.l2, intercept=config.intercept), inputs, 1, head, seed)

    def fit(self, batch: Tensors) -> None:
        """Solve for these rows, in double precision, each counting by its ``weight``.

        By LAPACK, whatever the device: accelerators have no solver for inputs that determine one another.

        Raises:
            DataError: an input or target is infinite, or so large that the solution would be.
        """
        names = [key for key in ("numbers", "target", "weight") if key in batch]
        rows = {key: np.asarray(batch[key], dtype=np.float64) for key in names}
        inputs, target, share = rows["numbers"], rows["target"], shares(rows)
        # Centred inputs leave the intercept out of the penalty and out of the condition number.
        centred = self.linear.use_bias
        with np.errstate(all="ignore"):  # what overflows is found by `solved`
            means, mean = (share @ inputs, share @ target) if centred else (np.zeros(inputs.shape[1]), np.zeros(()))
            root = np.sqrt(share)
            weight = solved(root[:, None] * (inputs - means), root * (target - mean), self.l2)
        weights = {one.name: one for one in self.weights}
        weights["weight"].assign(weight[None])
        if centred:
            weights["bias"].assign(np.reshape(mean - means @ weight, [1]))


def shares(rows: Mapping[str, np.ndarray]) -> np.ndarray:
    """How much each row counts in a mean: [n], summing to 1; all zero where every weight is."""
    if "weight" not in rows:
        return np.full(len(rows["target"]), 1 / len(rows["target"]))
    return np.asarray(rows["weight"] / (rows["weight"].sum() or 1.0))


def solved(inputs: np.ndarray, target: np.ndarray, l2: float) -> np.ndarray:
    """The smallest of the vectors that bring ``inputs @ vector`` nearest to `target`, with the penalty as more rows.

    Singular values below the largest one times epsilon times the longer side count as zero.
    """
    size = inputs.shape[1]
    if l2:
        inputs = np.concatenate([inputs, np.sqrt(l2) * np.eye(size)])
        target = np.concatenate([target, np.zeros(size)])
    if not (np.isfinite(inputs).all() and np.isfinite(target).all()):
        raise DataError(
            "the inputs or the target hold infinite values, or values too large to average",
            id="data.infinite",
            hint="leave these rows out, or take the logarithm first",
        )
    found: np.ndarray = np.linalg.lstsq(inputs, target, rcond=None)[0]
    return found

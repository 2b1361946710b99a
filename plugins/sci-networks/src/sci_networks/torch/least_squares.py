"""Linear and ridge regression in closed form."""

from __future__ import annotations

from collections.abc import Mapping

import torch

from sci.api import DataError, Feature, Schema, only_head
from sci_networks.config import LeastSquaresConfig, LinearConfig
from sci_networks.torch.linear import Value
from sci_torch.api import Tensors


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

        On the CPU, whatever the device: accelerators have no solver for inputs that determine one another.

        Raises:
            DataError: an input or target is infinite, or so large that the solution would be.
        """
        rows = {key: batch[key].to("cpu", torch.float64) for key in ("numbers", "target", "weight") if key in batch}
        inputs, target, share = rows["numbers"], rows["target"], shares(rows)
        # Centred inputs leave the intercept out of the penalty and out of the condition number.
        centred = self.bias is not None
        means, mean = (share @ inputs, share @ target) if centred else (inputs.new_zeros(()), target.new_zeros(()))
        root = share.sqrt()
        weight = solved(root[:, None] * (inputs - means), root * (target - mean), self.l2)
        self.weight.copy_(weight[None])
        if self.bias is not None:
            self.bias.copy_((mean - means @ weight)[None])


def shares(rows: Tensors) -> torch.Tensor:
    """How much each row counts in a mean: [n], summing to 1; all zero where every weight is."""
    if "weight" not in rows:
        count = len(rows["target"])
        return torch.full((count,), 1 / count, dtype=torch.float64)
    weight = rows["weight"]
    total = weight.sum()
    return weight / torch.where(total == 0, 1, total)


def solved(inputs: torch.Tensor, target: torch.Tensor, l2: float) -> torch.Tensor:
    """The smallest of the vectors that bring ``inputs @ vector`` nearest to `target`, with the penalty as more rows.

    Singular values below the largest one times epsilon times the longer side count as zero.
    """
    size = inputs.shape[1]
    if l2:
        inputs = torch.cat([inputs, l2**0.5 * torch.eye(size, dtype=inputs.dtype)])
        target = torch.cat([target, target.new_zeros(size)])
    if not (inputs.isfinite().all() and target.isfinite().all()):
        raise DataError(
            "the inputs or the target hold infinite values, or values too large to average",
            id="data.infinite",
            hint="leave these rows out, or take the logarithm first",
        )
    found: torch.Tensor = torch.linalg.lstsq(inputs, target[:, None], driver="gelsd").solution[:, 0]
    return found

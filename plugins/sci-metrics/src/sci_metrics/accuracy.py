"""The share of rows that are right."""

from __future__ import annotations

from typing import Any

import numpy as np

from sci.api import Predictions
from sci_metrics.sums import Summed


class Accuracy(Summed):
    """The share of rows whose label is the target.

    A row without a label, or of a class that the model does not know, is wrong.
    """

    interval = "wilson"
    comparison = "mcnemar"

    def statistics(self, predictions: Predictions) -> np.ndarray:
        """One column: 1 where the row is right, else 0."""
        truth = predictions.codes("target")
        right = (truth == predictions.codes("label")) & (truth >= 0)
        return right.astype(np.float64)[:, None]

    def value(self, sums: np.ndarray, n: Any) -> np.ndarray:
        return sums[..., 0] / n

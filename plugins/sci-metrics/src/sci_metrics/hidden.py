"""How well a model says which tokens were hidden."""

from __future__ import annotations

from typing import Any

import numpy as np

from sci.api import Predictions
from sci_metrics.sums import Summed, defined


class OfHidden(Summed):
    """A metric of the tokens that were hidden, all rows together; NaN where none was."""

    output: str

    def statistics(self, predictions: Predictions) -> np.ndarray:
        """Two columns: what is summed over the hidden tokens of a row, and their number."""
        named = (predictions.prediction(name) for name in (self.output, "hidden"))
        return np.stack([np.asarray(column, dtype=np.float64) for column in named], axis=1)

    def describe(self, predictions: Predictions) -> dict[str, Any]:
        """How many tokens were hidden."""
        return {"tokens": int(self.sums(predictions)[1])}


class MaskedAccuracy(OfHidden):
    """The share of the hidden tokens that are said rightly."""

    output = "right"

    def value(self, sums: np.ndarray, n: Any) -> np.ndarray:
        return defined(sums[..., 0], sums[..., 1])


class Perplexity(OfHidden):
    """The exponential of the mean negative logarithm of the probability of a hidden token: among so many tokens of
    equal chance the model hesitates."""

    output = "log_probability"
    higher_is_better = False
    bounds = (1.0, None)

    def value(self, sums: np.ndarray, n: Any) -> np.ndarray:
        return np.exp(-defined(sums[..., 0], sums[..., 1]))

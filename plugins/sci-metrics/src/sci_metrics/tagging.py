"""How well words are tagged, and names found."""

from __future__ import annotations

from typing import Any

import numpy as np

from sci.api import Predictions
from sci_metrics.entities import are_entities, counts
from sci_metrics.sums import Summed, defined, ratio


class TokenAccuracy(Summed):
    """The share of words with the right tag, over all rows; a word without an answer is wrong."""

    def statistics(self, predictions: Predictions) -> np.ndarray:
        """Two columns: words that are right, and words."""
        said = predictions.table.column("prediction.tags").to_pylist()
        real = predictions.table.column("target").to_pylist()
        rows = [
            (sum(one == other for one, other in zip(truth or (), answer or (), strict=False)), len(truth or ()))
            for truth, answer in zip(real, said, strict=True)
        ]
        return np.array(rows, dtype=np.float64).reshape(len(predictions), 2)

    def value(self, sums: np.ndarray, n: Any) -> np.ndarray:
        return defined(sums[..., 0], sums[..., 1])

    def describe(self, predictions: Predictions) -> dict[str, Any]:
        """Over how many words."""
        return {"words": int(self.sums(predictions)[1])}


class Entities(Summed):
    """A metric of the names in all rows: a name is found where type, first and last word are right.

    The sums are names found, said and real; where a denominator is 0 the value is 0, as in seqeval. NaN where the tags
    are in no form that marks beginnings (IOB), such as parts of speech.
    """

    def statistics(self, predictions: Predictions) -> np.ndarray:
        """float64 [n, 3]."""
        if not are_entities(predictions):
            return np.full((len(predictions), 3), np.nan)
        return counts(predictions)

    def describe(self, predictions: Predictions) -> dict[str, Any]:
        """How many names there are."""
        if not are_entities(predictions):
            return {"tags": "not in IOB form"}
        return {"entities": int(self.sums(predictions)[2])}


class EntityPrecision(Entities):
    """Of the names that are said to be there, the share that is."""

    def value(self, sums: np.ndarray, n: Any) -> np.ndarray:
        return ratio(sums[..., 0], sums[..., 1])


class EntityRecall(Entities):
    """Of the names that are there, the share that is found."""

    def value(self, sums: np.ndarray, n: Any) -> np.ndarray:
        return ratio(sums[..., 0], sums[..., 2])


class EntityF1(Entities):
    """The harmonic mean of both, over all types together (micro)."""

    def value(self, sums: np.ndarray, n: Any) -> np.ndarray:
        return ratio(2 * sums[..., 0], sums[..., 1] + sums[..., 2])

"""The model that looks up the nearest training rows."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from sci.api import Feature, Schema, input_width, only_head

from {{ module }}.config import NeighborsConfig

Arrays = Mapping[str, np.ndarray]


class NearestNeighbors:
    """The mean target of the nearest rows, or the logarithm of the share of votes of each class.

    Distances are Euclidean. Of equally near rows the earlier one counts. A row votes with its ``weight``, where there
    is one.

    Args:
        config: how many rows answer.
        inputs: the schema, from which the number of inputs follows.
        heads: what the task wants: one number, or one vector of logits.
        seed: not used; nothing is drawn.
    """

    def __init__(self, config: NeighborsConfig, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> None:
        self.config = config
        self.block = 256
        rank = max((len(feature.shape) for feature in heads.values()), default=0)
        self.head, self.shape = only_head(heads, min(rank, 1), "k-nearest")
        width = input_width(inputs, "k-nearest")
        self.arrays = {"inputs": np.zeros((0, width)), "targets": np.zeros(0), "weights": np.zeros(0)}

    def fit(self, batch: Arrays) -> None:
        """Keep these rows."""
        targets = np.array(batch["target"], dtype=np.float64)
        weights = np.array(batch.get("weight", np.ones(len(targets))), dtype=np.float64)
        self.arrays = {"inputs": np.array(batch["numbers"], dtype=np.float64), "targets": targets, "weights": weights}

    def __call__(self, batch: Arrays) -> dict[str, np.ndarray]:
        numbers = np.asarray(batch["numbers"], dtype=np.float64)
        answers = np.empty((len(numbers), *self.shape))
        for start in range(0, len(numbers), self.block):
            rows = slice(start, start + self.block)
            answers[rows] = self._answers(numbers[rows])
        return {self.head: answers}

    def _answers(self, numbers: np.ndarray) -> np.ndarray:
        nearest = np.argsort(self._distances(numbers), axis=1, kind="stable")[:, : self.config.neighbors]
        targets, weights = self.arrays["targets"][nearest], self.arrays["weights"][nearest]
        if not self.shape:
            total = weights.sum(axis=1)
            return np.divide((weights * targets).sum(axis=1), total, out=targets.mean(axis=1), where=total > 0)
        votes = np.full((len(numbers), *self.shape), self.config.smoothing)
        np.add.at(votes, (np.arange(len(numbers))[:, None], targets.astype(np.int64)), weights)
        return np.log(votes / votes.sum(axis=1, keepdims=True))

    def _distances(self, numbers: np.ndarray) -> np.ndarray:
        """Squared distances to all kept rows, added up input by input, so that equal rows are at distance 0."""
        kept = self.arrays["inputs"]
        found = np.zeros((len(numbers), len(kept)))
        for column in range(math.prod(kept.shape[1:])):
            found += np.square(numbers[:, column, None] - kept[None, :, column])
        return found

"""The model that does not look at its inputs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sci.api import Feature, Schema, only_head
from sci_numpy.config import ConstantConfig
from sci_numpy.network import Arrays, in_rows, rows, shares, weights


class Constant:
    """The same answer for every row, or every position of every row, learned from the targets of the training rows.

    Of classes, the logarithms of their frequencies (minus infinity for a class without a row), so that the
    probabilities are the frequencies; of labels, where several can apply, the log-odds; of a number, its mean or
    median. Rows count by their ``weight``.
    """

    def __init__(self, config: ConstantConfig, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> None:
        self.config = config
        rank = len(next(iter(heads.values())).shape) if heads else 0
        self.head, self.shape = only_head(in_rows(heads), min(rank, 1), "a constant")
        self.ragged = heads[self.head].ragged
        self.parameters = {self.head: np.zeros(self.shape or (1,))}

    def __call__(self, batch: Arrays) -> dict[str, np.ndarray]:
        answer = self.parameters[self.head].reshape(1, *self.shape)
        if not self.ragged:
            return {self.head: np.repeat(answer, rows(batch), axis=0)}
        [name] = [key for key in batch if f"{key}.length" in batch and key.partition(".")[0] != "target"]
        places = (rows(batch), batch[name].shape[1], *self.shape)
        return {self.head: np.broadcast_to(answer, places).copy(), f"{self.head}.length": batch[f"{name}.length"]}

    def fit(self, batch: Arrays) -> None:
        """Set the answer from ``target``: class codes (int64), also of positions [n, L], 0 and 1 for each label [n,
        labels], or numbers."""
        if self.ragged:
            asked = batch["target"] >= 0
            counts = np.bincount(
                batch["target"][asked], (weights(batch)[:, None] * asked)[asked], minlength=self.shape[0]
            )
            with np.errstate(divide="ignore"):
                self.parameters[self.head][...] = np.log(counts / (counts.sum() or 1.0))
        elif np.ndim(batch["target"]) == 2:
            frequencies = shares(batch) @ np.asarray(batch["target"], dtype=np.float64)
            with np.errstate(divide="ignore"):
                self.parameters[self.head][...] = np.log(frequencies) - np.log1p(-np.minimum(frequencies, 1.0))
        elif self.shape:
            frequencies = np.bincount(batch["target"], weights=shares(batch), minlength=self.shape[0])
            with np.errstate(divide="ignore"):
                self.parameters[self.head][...] = np.log(frequencies)
        else:
            self.parameters[self.head][...] = self._center(batch)

    def _center(self, batch: Arrays) -> float:
        target = np.asarray(batch["target"], dtype=np.float64)
        if self.config.center == "mean":
            return float(shares(batch) @ target)
        if "weight" not in batch:
            return float(np.median(target))
        ranked = np.argsort(target, kind="stable")
        below = np.cumsum(shares(batch)[ranked])
        return float(target[ranked][np.searchsorted(below, 0.5 * below[-1])])

    def input_gradients(self, batch: Arrays, gradients: Arrays) -> dict[str, np.ndarray]:
        """Zero everywhere."""
        return {key: np.zeros_like(array) for key, array in batch.items() if np.issubdtype(array.dtype, np.floating)}

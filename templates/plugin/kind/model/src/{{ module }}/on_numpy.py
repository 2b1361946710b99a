"""Gated linear units for engine numpy, which has no automatic differentiation: the derivative is written out."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from sci.api import Feature, Schema

from {{ module }}.config import GatedConfig
from {{ module }}.first import first_weights, head_of

Arrays = Mapping[str, np.ndarray]


class GatedNetwork:
    """``h = (x V^T + v) * sigmoid(x G^T + g)``, and one linear layer from h to the head.

    Weights: ``value.weight`` and ``gate.weight`` [hidden, inputs], ``head.weight`` [outputs, hidden], and their biases.
    """

    def __init__(self, config: GatedConfig, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> None:
        self.head = head_of(heads)
        self.parameters = first_weights(config, inputs, self.head, seed)

    def __call__(self, batch: Arrays) -> dict[str, np.ndarray]:
        value, gate = self._hidden(batch)
        scores = self._linear(value * gate, "head")
        return {self.head.name: scores.reshape(len(scores), *self.head.shape)}

    def backward(self, batch: Arrays, gradients: Arrays) -> dict[str, np.ndarray]:
        """The derivative by every weight, from the derivative by the head."""
        value, gate = self._hidden(batch)
        scores, of_value, of_gate = self._received(value, gate, gradients)
        found = {}
        for layer, slope, before in (
            ("head", scores, value * gate),
            ("value", of_value, batch["numbers"]),
            ("gate", of_gate, batch["numbers"]),
        ):
            found[f"{layer}.weight"] = slope.T @ before
            found[f"{layer}.bias"] = slope.sum(axis=0)
        return found

    def input_gradients(self, batch: Arrays, gradients: Arrays) -> dict[str, np.ndarray]:
        """The derivative by ``numbers`` [n, d], for attributions."""
        _, of_value, of_gate = self._received(*self._hidden(batch), gradients)
        return {"numbers": of_value @ self.parameters["value.weight"] + of_gate @ self.parameters["gate.weight"]}

    def _hidden(self, batch: Arrays) -> tuple[np.ndarray, np.ndarray]:
        """Values and gates [n, hidden]; this form of the sigmoid cannot overflow."""
        value, score = self._linear(batch["numbers"], "value"), self._linear(batch["numbers"], "gate")
        return value, 0.5 * (1.0 + np.tanh(0.5 * score))

    def _linear(self, values: np.ndarray, layer: str) -> np.ndarray:
        return values @ self.parameters[f"{layer}.weight"].T + self.parameters[f"{layer}.bias"]

    def _received(
        self, value: np.ndarray, gate: np.ndarray, gradients: Arrays
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The derivative by what each of the three layers emits."""
        scores = gradients[self.head.name].reshape(len(value), self.head.size)
        hidden = scores @ self.parameters["head.weight"]
        return scores, hidden * gate, hidden * value * gate * (1.0 - gate)

"""Models whose scores are linear in their inputs, trained by gradient steps."""

from __future__ import annotations

import abc
from collections.abc import Mapping

import numpy as np

from sci.api import Feature, Initial, Schema, input_width, only_head
from sci_numpy.config import LeastSquaresConfig, LinearConfig
from sci_numpy.network import Arrays, numbers


class Linear(abc.ABC):
    """Scores ``x W^T + b`` [n, columns], from which a head follows.

    Args:
        config: the strength `l2` of the penalty, and whether there is an `intercept`.
        inputs: the schema, from which the number of inputs d follows.
        columns: number of scores.
        start: first weights [columns, d].

    The parameters are ``weight`` [columns, d] and, with an intercept, ``bias`` [columns].
    """

    def __init__(self, config: LinearConfig | LeastSquaresConfig, columns: int, start: np.ndarray) -> None:
        self.l2 = config.l2
        self.parameters: dict[str, np.ndarray] = {"weight": start}
        if config.intercept:
            self.parameters["bias"] = np.zeros(columns)

    @abc.abstractmethod
    def emit(self, scores: np.ndarray) -> dict[str, np.ndarray]:
        """The head, from the scores [n, columns]."""

    @abc.abstractmethod
    def receive(self, gradients: Arrays) -> np.ndarray:
        """The derivative by the scores [n, columns], from the derivative by the head."""

    def __call__(self, batch: Arrays) -> dict[str, np.ndarray]:
        scores = numbers(batch) @ self.parameters["weight"].T
        if "bias" in self.parameters:
            scores += self.parameters["bias"]
        return self.emit(scores)

    def backward(self, batch: Arrays, gradients: Arrays) -> dict[str, np.ndarray]:
        received = self.receive(gradients)
        found = {"weight": received.T @ numbers(batch)}
        if "bias" in self.parameters:
            found["bias"] = received.sum(axis=0)
        return found

    def input_gradients(self, batch: Arrays, gradients: Arrays) -> dict[str, np.ndarray]:
        """The derivative by ``numbers`` [n, d]."""
        return {"numbers": self.receive(gradients) @ self.parameters["weight"]}

    def penalty(self) -> tuple[float, dict[str, np.ndarray]]:
        """`l2` times the sum of squared weights, and its derivative."""
        if not self.l2:
            return 0.0, {}
        weight = self.parameters["weight"]
        return self.l2 * float(np.sum(weight * weight, dtype=np.float64)), {"weight": 2 * self.l2 * weight}


def drawn(config: LinearConfig, inputs: Schema, columns: int, seed: int) -> np.ndarray:
    """First weights [columns, d], from the seed."""
    return Initial(seed).normal("weight", (columns, input_width(inputs, "a linear model")), config.initial_scale)


class Value(Linear):
    """One score, which is the predicted number."""

    head: str

    def emit(self, scores: np.ndarray) -> dict[str, np.ndarray]:
        return {self.head: scores[:, 0]}

    def receive(self, gradients: Arrays) -> np.ndarray:
        return gradients[self.head][:, None]


class LinearRegression(Value):
    """Linear regression; with mean squared error it tends to what `least-squares` solves for."""

    def __init__(self, config: LinearConfig, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> None:
        super().__init__(config, 1, drawn(config, inputs, 1, seed))
        self.head, _ = only_head(heads, 0, "linear regression")


class Softmax(Linear):
    """One score for each class. Without `l2` only their differences are determined."""

    def __init__(self, config: LinearConfig, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> None:
        self.head, (classes,) = only_head(heads, 1, "softmax regression")
        super().__init__(config, classes, drawn(config, inputs, classes, seed))

    def emit(self, scores: np.ndarray) -> dict[str, np.ndarray]:
        return {self.head: scores}

    def receive(self, gradients: Arrays) -> np.ndarray:
        return gradients[self.head]


class BinaryLogistic(Linear):
    """One score z, the log-odds of the second of two classes; the logits are [0, z]."""

    def __init__(self, config: LinearConfig, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> None:
        self.head, _ = only_head(heads, 1, "logistic regression")
        super().__init__(config, 1, drawn(config, inputs, 1, seed))

    def emit(self, scores: np.ndarray) -> dict[str, np.ndarray]:
        return {self.head: np.concatenate([np.zeros_like(scores), scores], axis=1)}

    def receive(self, gradients: Arrays) -> np.ndarray:
        return gradients[self.head][:, 1:]


def logistic(config: LinearConfig, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> Linear:
    """Logistic regression: `BinaryLogistic` of two classes, `Softmax` of more."""
    _, (classes,) = only_head(heads, 1, "logistic regression")
    return (BinaryLogistic if classes == 2 else Softmax)(config, inputs, heads, seed)

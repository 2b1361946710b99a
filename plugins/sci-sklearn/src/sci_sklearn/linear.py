"""Models whose scores are linear in their inputs."""

from __future__ import annotations

import abc
import math

import numpy as np

from sci_sklearn.network import Fitted, Layout

TOLERANCE = 1e-8
"""Largest derivative of the mean loss at which the solver of logistic regression stops."""


class Linear(Fitted, abc.ABC):
    """Scores ``x W^T + b`` [n, columns]; the arrays are ``weight`` [columns, d] and, with an intercept, ``bias``
    [columns], as on every other engine."""

    @property
    @abc.abstractmethod
    def columns(self) -> int:
        """Number of scores."""

    def layout(self) -> Layout:
        bias: Layout = {"bias": ("f", (self.columns,))} if self.config.intercept else {}
        return {"weight": ("f", (self.columns, self.width)), **bias}

    def kept(self, weight: np.ndarray, bias: np.ndarray | float) -> dict[str, np.ndarray]:
        """Coefficients as they are stored."""
        arrays: dict[str, np.ndarray] = {"weight": np.array(weight, dtype=np.float64).reshape(self.columns, self.width)}
        if self.config.intercept:
            arrays["bias"] = np.array(bias, dtype=np.float64).reshape(self.columns)
        return arrays

    def scores(self, inputs: np.ndarray) -> np.ndarray:
        """The scores [n, columns]."""
        found: np.ndarray = inputs @ self.parameters["weight"].T
        return found + self.parameters["bias"] if "bias" in self.parameters else found

    def penalty(self) -> float:
        return float(self.config.l2 * np.sum(np.square(self.parameters["weight"])))


class LeastSquares(Linear):
    """The weights that minimise the mean squared error plus `l2` times the sum of squared weights (Hoerl and Kennard
    1970). Where inputs determine one another, the solution with the smallest weights is taken."""

    columns = 1

    def learned(self, inputs: np.ndarray, target: np.ndarray, weight: np.ndarray | None) -> dict[str, np.ndarray]:
        from sklearn.linear_model import LinearRegression, Ridge

        intercept, l2 = self.config.intercept, self.config.l2
        solver = (
            Ridge(alpha=l2, fit_intercept=intercept, solver="svd") if l2 else LinearRegression(fit_intercept=intercept)
        )
        solver.fit(inputs, target, sample_weight=_shares(len(inputs), weight))
        return self.kept(solver.coef_, solver.intercept_)

    def answer(self, inputs: np.ndarray) -> np.ndarray:
        return self.scores(inputs)[:, 0]

    def slope(self, inputs: np.ndarray, gradient: np.ndarray) -> np.ndarray:
        return gradient[:, None] @ self.parameters["weight"]


class Logistic(Linear):
    """The weights that minimise the mean cross-entropy plus `l2` times the sum of squared weights.

    Of two classes there is one score z, the log-odds of the second, and the logits are [0, z]; of more there is one for
    each class. For n rows of weight 1, `l2` is 1/(2n) times the ``1/C`` of scikit-learn.
    """

    @property
    def columns(self) -> int:
        return 1 if self.classes == 2 else self.classes

    def learned(self, inputs: np.ndarray, target: np.ndarray, weight: np.ndarray | None) -> dict[str, np.ndarray]:
        from sklearn.linear_model import LogisticRegression

        solver = LogisticRegression(
            C=1 / (2 * self.config.l2) if self.config.l2 else math.inf,
            fit_intercept=self.config.intercept,
            tol=TOLERANCE,
            max_iter=self.config.max_iterations,
        )
        solver.fit(inputs, target, sample_weight=_shares(len(inputs), weight))
        return self._spread(solver.coef_, solver.intercept_, solver.classes_)

    def _spread(self, weight: np.ndarray, bias: np.ndarray, classes: np.ndarray) -> dict[str, np.ndarray]:
        """Coefficients of the classes that occurred as those of all; one without a training row stays as good as
        impossible."""
        if len(classes) == self.classes:
            return self.kept(weight, bias)
        if len(classes) == 2:
            weight, bias = np.concatenate([0 * weight, weight]), np.concatenate([0 * bias, bias])
        wide, shift = np.zeros((self.classes, self.width)), np.full(self.classes, IMPOSSIBLE)
        wide[classes], shift[classes] = weight, bias
        return self.kept(wide, shift)

    def answer(self, inputs: np.ndarray) -> np.ndarray:
        scores = self.scores(inputs)
        return np.concatenate([np.zeros_like(scores), scores], axis=1) if self.classes == 2 else scores

    def slope(self, inputs: np.ndarray, gradient: np.ndarray) -> np.ndarray:
        return gradient[:, -self.columns :] @ self.parameters["weight"]


IMPOSSIBLE = -1e9
"""The bias of a class without a training row: its probability is 0 beside any other."""


def _shares(rows: int, weight: np.ndarray | None) -> np.ndarray:
    """How much each row counts in a mean [n], summing to 1."""
    return np.full(rows, 1 / rows) if weight is None else weight / weight.sum()

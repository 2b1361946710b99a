"""Support vector machines."""

from __future__ import annotations

import abc
from collections.abc import Mapping
from typing import Any

import numpy as np

from sci.api import Feature, Schema
from sci_sklearn.config import SvmConfig
from sci_sklearn.network import Arrays, Fitted, Layout

FOLDS = 5
KERNEL_CELLS = 1 << 22
"""Numbers of the kernel matrix that are computed at a time."""


class Machine(Fitted, abc.ABC):
    """Decisions ``sum_i a_i k(x, s_i) + b`` over the support vectors s (Cortes and Vapnik 1995)."""

    config: SvmConfig

    def settings(self, inputs: np.ndarray) -> dict[str, Any]:
        """What scikit-learn's estimator is called with."""
        variance = float(inputs.var())
        gamma = self.config.gamma or (1 / (inputs.shape[1] * variance) if variance else 1.0)
        kernel = {"polynomial": "poly"}.get(self.config.kernel, self.config.kernel)
        shape = {"gamma": gamma, "degree": self.config.degree, "coef0": self.config.offset}
        return {"kernel": kernel, "C": self.config.cost, **shape}

    def kept(self, machine: Any, gamma: float) -> dict[str, np.ndarray]:
        """A fitted machine as it is stored."""
        return {
            "gamma": np.array([gamma]),
            "support": np.array(machine.support_vectors_, dtype=np.float64),
            "dual": np.array(machine.dual_coef_, dtype=np.float64),
            "bias": np.array(machine.intercept_, dtype=np.float64),
        }

    def kernels(self, inputs: np.ndarray) -> list[np.ndarray]:
        """How alike rows and support vectors are: [n, s], in parts of rows."""
        size = max(KERNEL_CELLS // max(len(self.parameters["support"]), 1), 1)
        return [self._kernel(inputs[start : start + size]) for start in range(0, len(inputs), size)]

    def _kernel(self, inputs: np.ndarray) -> np.ndarray:
        support, gamma = self.parameters["support"], float(self.parameters["gamma"][0])
        if self.config.kernel == "rbf":
            from scipy.spatial.distance import cdist

            return np.exp(-gamma * cdist(inputs, support, "sqeuclidean"))
        product: np.ndarray = inputs @ support.T
        if self.config.kernel == "linear":
            return product
        return (gamma * product + self.config.offset) ** self.config.degree


class Regressor(Machine):
    """Errors up to `epsilon` cost nothing, larger ones their size (Drucker et al. 1997)."""

    def learned(self, inputs: np.ndarray, target: np.ndarray, weight: np.ndarray | None) -> dict[str, np.ndarray]:
        from sklearn.svm import SVR

        settings = self.settings(inputs)
        found = SVR(epsilon=self.config.epsilon, **settings).fit(inputs, target, sample_weight=weight)
        return self.kept(found, settings["gamma"])

    def answer(self, inputs: np.ndarray) -> np.ndarray:
        dual, bias = self.parameters["dual"][0], self.parameters["bias"][0]
        return np.concatenate([kernel @ dual + bias for kernel in self.kernels(inputs)])

    def layout(self) -> Layout:
        return {"gamma": ("f", (1,)), "support": ("f", ("s", self.width)), "dual": ("f", (1, "s")), "bias": ("f", (1,))}


class Classifier(Machine):
    """One machine for each pair of classes; their votes become a decision for each class, and a sigmoid makes it a
    probability (Platt 1999), fitted to decisions of five-fold cross-validation over the training rows.

    For two classes the probability follows the decision of the one machine. The likeliest class need not be that with
    the most votes.
    """

    def learned(self, inputs: np.ndarray, target: np.ndarray, weight: np.ndarray | None) -> dict[str, np.ndarray]:
        from sklearn.calibration import CalibratedClassifierCV
        from sklearn.model_selection import StratifiedKFold
        from sklearn.svm import SVC

        settings = self.settings(inputs)
        fewest = int(np.bincount(target, minlength=self.classes).min())
        if fewest < 2:
            raise ValueError(f"svm needs two rows of each class, and one has {fewest}")
        folds = StratifiedKFold(min(FOLDS, fewest), shuffle=True, random_state=self.seed)
        whole = CalibratedClassifierCV(SVC(**settings), method="sigmoid", cv=folds, ensemble=False)
        [found] = whole.fit(inputs, target, sample_weight=weight).calibrated_classifiers_
        sigmoids = np.array([[one.a_, one.b_] for one in found.calibrators], dtype=np.float64)
        counts = np.array(found.estimator.n_support_, dtype=np.int64)
        return {**self.kept(found.estimator, settings["gamma"]), "sigmoid": sigmoids, "supports": counts}

    def answer(self, inputs: np.ndarray) -> np.ndarray:
        decisions = np.concatenate([self._decisions(kernel) for kernel in self.kernels(inputs)])
        slope, shift = self.parameters["sigmoid"].T
        odds = -(slope * decisions + shift)
        if self.classes == 2:
            return np.concatenate([np.zeros_like(odds), odds], axis=1)
        return -np.logaddexp(0, -odds)  # the logarithm of each sigmoid; decoding makes them add up to 1

    def _decisions(self, kernel: np.ndarray) -> np.ndarray:
        """A decision for each class [n, k], or for the second of two [n, 1]."""
        if self.classes == 2:  # scikit-learn turns the signs of its only pair round
            only: np.ndarray = kernel @ self.parameters["dual"].T + self.parameters["bias"]
            return only
        pairs = self._pairs(kernel)
        votes = np.zeros((len(kernel), self.classes))
        confidence = np.zeros_like(votes)
        column = 0
        for first in range(self.classes):
            for second in range(first + 1, self.classes):
                margin = pairs[:, column]
                confidence[:, first] += margin
                confidence[:, second] -= margin
                votes[margin >= 0, first] += 1
                votes[margin < 0, second] += 1
                column += 1
        return votes + confidence / (3 * (np.abs(confidence) + 1))

    def _pairs(self, kernel: np.ndarray) -> np.ndarray:
        """The margin of each pair of classes [n, pairs], positive for the first of them."""
        ends = np.append(0, np.cumsum(self.parameters["supports"]))
        dual, bias = self.parameters["dual"], self.parameters["bias"]
        found = []
        for first in range(self.classes):
            for second in range(first + 1, self.classes):
                own, other = slice(*ends[first : first + 2]), slice(*ends[second : second + 2])
                found.append(kernel[:, own] @ dual[second - 1, own] + kernel[:, other] @ dual[first, other])
        return np.stack(found, axis=1) + bias

    def layout(self) -> Layout:
        k = self.classes
        return {
            "gamma": ("f", (1,)),
            "support": ("f", ("s", self.width)),
            "dual": ("f", (k - 1, "s")),
            "bias": ("f", (k * (k - 1) // 2,)),
            "sigmoid": ("f", (1 if k == 2 else k, 2)),
            "supports": ("i", (k,)),
        }

    def flaw(self, arrays: Arrays) -> str:
        counts = arrays["supports"]
        whole = (counts >= 0).all() and counts.sum() == len(arrays["support"])
        return "" if whole else "the support vectors of the classes do not add up"


def model(config: SvmConfig, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> Machine:
    """`Classifier` where the task wants logits, `Regressor` where it wants a number."""
    vector = any(feature.shape for feature in heads.values())
    return (Classifier if vector else Regressor)(config, inputs, heads, seed)

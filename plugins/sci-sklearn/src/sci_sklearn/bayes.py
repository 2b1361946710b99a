"""Naive Bayes."""

from __future__ import annotations

import abc
from collections.abc import Mapping
from typing import Any

import numpy as np

from sci.api import Feature, Schema
from sci_sklearn.config import BayesConfig
from sci_sklearn.network import Fitted, Layout


class Bayes(Fitted, abc.ABC):
    """Logits are the logarithms of the joint density of class and inputs, so that decoding is Bayes' rule."""

    config: BayesConfig

    @abc.abstractmethod
    def estimator(self) -> Any:
        """scikit-learn's estimator with these settings."""

    @abc.abstractmethod
    def kept(self, found: Any) -> dict[str, np.ndarray]:
        """What is stored of it, one row for each class."""

    def learned(self, inputs: np.ndarray, target: np.ndarray, weight: np.ndarray | None) -> dict[str, np.ndarray]:
        absent = set(range(self.classes)) - set(target.tolist())
        if absent:
            raise ValueError(f"{len(absent)} of {self.classes} classes have no training row")
        found = self.estimator().fit(inputs, target, sample_weight=weight)
        return {name: np.array(array, dtype=np.float64) for name, array in self.kept(found).items()}


class Gaussian(Bayes):
    """Inputs are normal within a class, with its own mean and variance."""

    def estimator(self) -> Any:
        from sklearn.naive_bayes import GaussianNB

        return GaussianNB()

    def kept(self, found: Any) -> dict[str, np.ndarray]:
        return {"prior": np.log(found.class_prior_), "mean": found.theta_, "variance": found.var_}

    def answer(self, inputs: np.ndarray) -> np.ndarray:
        prior, mean, variance = (self.parameters[name] for name in ("prior", "mean", "variance"))
        found = [
            prior[one] - 0.5 * np.sum(np.log(2.0 * np.pi * variance[one])) - 0.5 * np.sum(
                (inputs - mean[one]) ** 2 / variance[one], axis=1
            )
            for one in range(self.classes)
        ]  # fmt: skip
        return np.stack(found, axis=1)

    def layout(self) -> Layout:
        each = ("f", (self.classes, self.width))
        return {"prior": ("f", (self.classes,)), "mean": each, "variance": each}


class Counts(Bayes):
    """Inputs are counts, or whether something is there; ``weight`` [k, d] are logarithms of probabilities."""

    def estimator(self) -> Any:
        from sklearn.naive_bayes import BernoulliNB, MultinomialNB

        kind = BernoulliNB if self.config.distribution == "bernoulli" else MultinomialNB
        return kind(alpha=self.config.smoothing)

    def kept(self, found: Any) -> dict[str, np.ndarray]:
        weight, bias = found.feature_log_prob_, found.class_log_prior_
        if self.config.distribution == "bernoulli":  # absence counts as well: log(1 - p) for each input that is 0
            absent = np.log(1 - np.exp(weight))
            weight, bias = weight - absent, bias + absent.sum(axis=1)
        return {"weight": weight, "bias": bias}

    def answer(self, inputs: np.ndarray) -> np.ndarray:
        seen = (inputs > 0).astype(np.float64) if self.config.distribution == "bernoulli" else inputs
        found: np.ndarray = seen @ self.parameters["weight"].T + self.parameters["bias"]
        return found

    def layout(self) -> Layout:
        return {"weight": ("f", (self.classes, self.width)), "bias": ("f", (self.classes,))}


def model(config: BayesConfig, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> Bayes:
    """`Gaussian`, or `Counts` for the other distributions."""
    return (Gaussian if config.distribution == "gaussian" else Counts)(config, inputs, heads, seed)

"""Cheap rivals that run on the same folds as the model, with the steps that they need."""

from __future__ import annotations

import abc
from collections.abc import Mapping
from typing import Any, ClassVar

from sci.api import ConfigError
from sci_sklearn.config import (
    BoostingBaselineConfig,
    NeighborsBaselineConfig,
    TextBaselineConfig,
    TfidfLogisticConfig,
)

Steps = list[dict[str, Any]]


class Rival(abc.ABC):
    """A model of engine sklearn on the raw inputs, for tables, texts or both.

    Steps come from sci-tabular and sci-text.
    """

    name: ClassVar[str]
    reads: ClassVar[frozenset[str]] = frozenset({"number", "boolean", "category", "array"})

    def patch(self, experiment: Mapping[str, Any]) -> Mapping[str, Any]:
        """Steps for the kinds of the raw inputs, and the model.

        Raises:
            ConfigError: an input is of a kind that this rival does not read.
        """
        inputs = experiment["inputs"]
        for column, kind in inputs.items():
            if kind not in self.reads:
                raise ConfigError(
                    f"baseline `{self.name}` reads {', '.join(sorted(self.reads))}, and input `{column}` is {kind}",
                    id="baseline.inputs",
                    hint="evaluation: {baselines: [majority]} or [mean]",
                )
        kinds = set(inputs.values())
        return {"preprocessing": self.steps(kinds), "model": self.model(kinds), "engine": "sklearn", "training": {}}

    @abc.abstractmethod
    def steps(self, kinds: set[str]) -> Steps:
        """What makes numbers of inputs of these kinds."""

    @abc.abstractmethod
    def model(self, kinds: set[str]) -> dict[str, Any]:
        """The model, as an experiment names it."""


class Boosting(Rival):
    """Boosted trees, which read numbers as they are and categories one-hot coded."""

    name = "boosting"

    def __init__(self, config: BoostingBaselineConfig) -> None:
        self.config = config

    def steps(self, kinds: set[str]) -> Steps:
        return [{"name": "one-hot"}] if "category" in kinds else []

    def model(self, kinds: set[str]) -> dict[str, Any]:
        return {"name": "gradient-boosting", "trees": self.config.trees}


class Neighbors(Rival):
    """The nearest rows of a table whose inputs are imputed, one-hot coded and standardized."""

    name = "nearest-neighbors"

    def __init__(self, config: NeighborsBaselineConfig) -> None:
        self.config = config

    def steps(self, kinds: set[str]) -> Steps:
        return table()

    def model(self, kinds: set[str]) -> dict[str, Any]:
        return {"name": "nearest-neighbors", "neighbors": self.config.neighbors}


class TfidfLogistic(Rival):
    """Logistic regression on tf-idf weights: hard to beat on short texts with few rows."""

    name = "tfidf-logistic"
    reads = frozenset({"text"})

    def __init__(self, config: TfidfLogisticConfig) -> None:
        self.config = config

    def steps(self, kinds: set[str]) -> Steps:
        return [bag(self.config, "tf-idf")]

    def model(self, kinds: set[str]) -> dict[str, Any]:
        return {"name": "logistic-regression", "l2": self.config.l2}


class NaiveBayes(Rival):
    """Multinomial naive Bayes on word counts, Gaussian on a table; not both at once."""

    name = "naive-bayes"
    reads = frozenset({*Rival.reads, "text"})

    def __init__(self, config: TextBaselineConfig) -> None:
        self.config = config

    def steps(self, kinds: set[str]) -> Steps:
        if "text" not in kinds:
            return table()
        if kinds != {"text"}:
            raise ConfigError("baseline `naive-bayes` reads texts or a table, not both", id="baseline.inputs")
        return [bag(self.config, "counts")]

    def model(self, kinds: set[str]) -> dict[str, Any]:
        return {"name": "naive-bayes", "distribution": "multinomial" if "text" in kinds else "gaussian"}


def table() -> Steps:
    """What makes comparable numbers of the columns of a table."""
    return [{"name": name} for name in ("impute", "one-hot", "standardize")]


def bag(config: TextBaselineConfig, weighting: str) -> dict[str, Any]:
    """What makes numbers of a text."""
    return {
        "name": "bag-of-words",
        "weighting": weighting,
        "vocabulary_size": config.vocabulary_size,
        "ngrams": list(config.ngrams),
        "analyzer": config.analyzer,
    }

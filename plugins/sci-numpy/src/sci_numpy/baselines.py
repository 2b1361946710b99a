"""Rivals that run on the same folds as the model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sci.api import ComponentConfig, ConfigError
from sci_numpy.config import LinearBaselineConfig

TABLE = ("number", "boolean", "category", "array")
TABLE_STEPS = ("impute", "one-hot", "standardize")


class Majority:
    """The class frequencies of the training rows, whatever the inputs.

    The experiment's own steps stay, so that the rows and the target are those of the model.
    """

    def __init__(self, config: ComponentConfig) -> None:
        self.config = config

    def patch(self, experiment: Mapping[str, Any]) -> Mapping[str, Any]:
        """Model `constant`, which is fitted in one step."""
        return {"model": {"name": "constant"}, "engine": {"name": "numpy"}, "training": {}}


class Mean(Majority):
    """The mean of the training rows, whatever the inputs; the experiment's own steps stay."""


class LinearBaseline:
    """Ridge regression in closed form, or logistic regression trained with Adam.

    Steps come from sci-tabular and sci-text, optimizer and schedule from sci-optim: tables are imputed, one-hot coded
    and standardized, text becomes a bag of words.
    """

    def __init__(self, config: LinearBaselineConfig) -> None:
        self.config = config

    def patch(self, experiment: Mapping[str, Any]) -> Mapping[str, Any]:
        """Steps for the kinds of the raw inputs, and a model for the task.

        Raises:
            ConfigError: an input is neither a table's column nor text.
        """
        steps = self._steps(experiment["inputs"])
        shared = {"preprocessing": steps, "engine": {"name": "numpy"}}
        if experiment["task"]["name"] == "regression":
            return {**shared, "model": {"name": "least-squares", "l2": self.config.l2}, "training": {}}
        training = {
            "optimizer": {"name": "adam", "learning_rate": self.config.learning_rate},
            "schedule": {"name": "cosine"},
            "epochs": self.config.epochs,
            "batch_size": 256,
        }
        return {**shared, "model": {"name": "logistic", "l2": self.config.l2}, "training": training}

    def _steps(self, inputs: Mapping[str, str]) -> list[dict[str, str]]:
        for column, kind in inputs.items():
            if kind not in (*TABLE, "text"):
                raise ConfigError(
                    f"baseline `linear` reads tables and text, and input `{column}` is {kind}",
                    id="baseline.inputs",
                    hint="evaluation: {baselines: [majority]} or [mean]",
                )
        kinds = set(inputs.values())
        names = [*(TABLE_STEPS if kinds & set(TABLE) else ()), *(["bag-of-words"] if "text" in kinds else ())]
        return [{"name": name} for name in names]

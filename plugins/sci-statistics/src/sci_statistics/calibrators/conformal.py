"""Sets of classes and intervals of numbers that hold the truth as often as was asked for."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from sci.api import Batch, ConfigError, Feature, Predictions, State
from sci_statistics.calibrators.answers import chances, enough, probabilities
from sci_statistics.config import ConformalConfig

ROUNDING = 1e-12
"""Sums of probabilities that differ by less are equal."""


class Conformal:
    """Calibrator `conformal`: split conformal prediction.

    For classification it adds `set`, whether each class belongs to the row's set; for regression `low` and `high`.
    Vovk, Gammerman, Shafer, Algorithmic Learning in a Random World (2005); the finite-sample quantile as in
    Angelopoulos and Bates, A Gentle Introduction to Conformal Prediction (2021). If the validation rows and the new
    ones are exchangeable, the truth is in at least the share `coverage` of sets, on average over rows, not for each
    kind of row.

    `lac` takes the classes whose probability is large enough (Sadinle, Lei, Wasserman 2019); `aps` adds classes from
    the likeliest on until their probabilities add up to enough (Romano, Sesia, Candès 2020); its random last step is
    held at the middle, so that a row always gets the same set. Intervals are the prediction plus and
    minus one number, the same for every row.

    Args:
        config: coverage, and how sets are made.
    """

    def __init__(self, config: ConformalConfig) -> None:
        self.config = config
        self.limit = math.nan

    def fit(self, validation: Predictions) -> None:
        """Find the limit that enough validation rows keep.

        Raises:
            ConfigError: the task is neither classification nor the prediction of one number.
            DataError: there are too few validation rows for this coverage.
        """
        scores = self._scores(validation)
        coverage = self.config.coverage
        # The quantile of n scores and of one new one, which may be the largest.
        least = math.ceil(coverage / (1 - coverage) - 1e-9)
        enough(scores, "conformal", least, f" for a coverage of {coverage:g}")
        rank = min(math.ceil((len(scores) + 1) * coverage - 1e-9), len(scores))
        self.limit = float(np.sort(scores)[rank - 1])

    def _scores(self, validation: Predictions) -> np.ndarray:
        """How strange the truth is for each row that has one, float64 [n]."""
        if validation.has("probability"):
            return self._strangeness(*chances(validation, "conformal"))
        if not validation.has("value") or np.ndim(validation.prediction("value")) != 1:
            raise ConfigError(
                "conformal needs probabilities of classes or one number for each row", id="fit.calibrator"
            )
        truth, value = (np.asarray(c, dtype=np.float64) for c in (validation.target(), validation.prediction("value")))
        gaps = np.abs(truth - value)
        return gaps[np.isfinite(gaps)]

    def _strangeness(self, probability: np.ndarray, truth: np.ndarray) -> np.ndarray:
        return self._of_classes(probability)[np.arange(len(truth)), truth]

    def _of_classes(self, probability: np.ndarray) -> np.ndarray:
        """How strange each class is for each row, float64 [n, k]."""
        if self.config.method == "lac":
            return 1 - probability
        order = np.argsort(-probability, axis=1, kind="stable")
        falling = np.take_along_axis(probability, order, axis=1)
        summed = np.cumsum(falling, axis=1) - falling / 2
        found = np.empty_like(summed)
        np.put_along_axis(found, order, summed, axis=1)
        return found

    def transform(self, predictions: Batch, info: Mapping[str, Any]) -> Batch:
        """The same outputs, and `set` bool [n, k] or `low` and `high` float64 [n]."""
        if "probability" not in predictions:
            value = np.asarray(predictions["value"], dtype=np.float64)
            return {**predictions, "low": value - self.limit, "high": value + self.limit}
        probability = probabilities(predictions["probability"])
        # Nothing is known of a row without probabilities, so no class can be left out.
        inside = ~(self._of_classes(probability) > self.limit + ROUNDING)
        if not self.config.empty and probability.shape[1]:
            inside |= probability == probability.max(axis=1, keepdims=True, initial=0.0)
        return {**predictions, "set": inside}

    def outputs(self, outputs: Mapping[str, Feature], info: Mapping[str, Any]) -> dict[str, Feature]:
        """What is added."""
        if "probability" in outputs:
            return {"set": Feature("array", dtype="bool", shape=outputs["probability"].shape)}
        end = Feature("number", dtype="float64", unit=outputs["value"].unit)
        return {"low": end, "high": end}

    def info(self) -> dict[str, Any]:
        """The coverage that was asked for."""
        return {"coverage": self.config.coverage}

    def state(self) -> State:
        return State(meta={"limit": self.limit})

    def load_state(self, state: State) -> None:
        self.limit = float(state.meta["limit"])

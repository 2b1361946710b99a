"""Probabilities as sure as the model was right on the validation rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax

from sci.api import Batch, Predictions, State
from sci_statistics.calibrators.answers import chances, probabilities

SMALLEST = float(np.finfo(np.float64).tiny)
WIDEST = np.log(100.0)
"""Temperatures are looked for from 0.01 to 100."""


class Temperature:
    """Calibrator `temperature`: one number that all logits are divided by, the same for every row and class.

    Guo, Pleiss, Sun, Weinberger, On Calibration of Modern Neural Networks (2017), section 4.2. It is the one with the
    smallest negative log-likelihood of the validation rows. The order of the classes of a row does not change, and so
    no label does. Where every validation row is answered right, sharper is always better; the temperature stays 1.

    Args:
        config: no settings.
    """

    def __init__(self, config: Any = None) -> None:
        self.config = config
        self.temperature = 1.0

    def fit(self, validation: Predictions) -> None:
        """Find the temperature.

        Raises:
            ConfigError: the model gives no probabilities.
            DataError: no validation row has a known answer.
        """
        probability, truth = chances(validation, "temperature")
        logits, rows = logarithms(probability), np.arange(len(truth))
        self.temperature = 1.0
        if (probability.argmax(axis=1) == truth).all():
            return

        def loss(logarithm: float) -> float:
            return float(-log_softmax(logits / np.exp(logarithm), axis=1)[rows, truth].mean())

        found = minimize_scalar(loss, bounds=(-WIDEST, WIDEST), method="bounded", options={"xatol": 1e-8})
        self.temperature = float(np.exp(found.x))

    def transform(self, predictions: Batch, info: Mapping[str, Any]) -> Batch:
        """The same outputs with other probabilities."""
        scaled = softmax(logarithms(probabilities(predictions["probability"])) / self.temperature, axis=1)
        return {**predictions, "probability": scaled}

    def info(self) -> dict[str, Any]:
        """The temperature: above 1 where the model was too sure."""
        return {"temperature": self.temperature}

    def state(self) -> State:
        return State(meta={"temperature": self.temperature})

    def load_state(self, state: State) -> None:
        self.temperature = float(state.meta["temperature"])


def logarithms(probability: np.ndarray) -> np.ndarray:
    """Logits up to one number for each row, which softmax does not see; a probability of 0 counts as 2e-308."""
    return np.log(np.maximum(probability, SMALLEST))

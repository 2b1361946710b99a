"""A metric as its case builds it, with predictions to judge."""

from __future__ import annotations

import functools
import math
import numbers
from collections.abc import Callable
from typing import Any

import numpy as np

from sci.api import ConfigError, Dataset, Metric, Predictions
from sci.testing.check import Fault, NotApplicable
from sci.testing.predictions import examples, several_classes
from sci.testing.trial import Trial


class Measuring:
    """A metric, and predictions that it reads: those of the case, or those of the kit for its task.

    `given` are the predictions that a case brings; `sets` has those of the kit, from perfect to bad.
    """

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        self.metric: Metric = trial.make()
        self.given = _given(trial)
        self.sets = self._sets()
        self.any = self.given if self.given is not None else self.sets.get("good")
        if self.any is None:
            tasks = ", ".join(trial.component.spec.tasks) or "any task"
            raise NotApplicable(f"the kit has no predictions for {tasks}; a case with `data` would bring some")

    def _sets(self) -> dict[str, Predictions]:
        """Predictions of the kit that this metric reads: of a task that it names, with three classes where two do not
        suit it, or none."""
        tasks = self.trial.component.spec.tasks or ("regression", "classification")
        candidates: list[Callable[[], dict[str, Predictions]]] = [functools.partial(examples, task) for task in tasks]
        if "classification" in tasks:
            candidates.append(several_classes)
        for make in candidates:
            found = make()
            if found and self._reads(found["good"]):
                return found
        return {}

    def _reads(self, predictions: Predictions) -> bool:
        if self.given is not None and set(predictions.table.column_names) != set(self.given.table.column_names):
            return False
        try:
            self.metric(predictions)
        except ConfigError:
            return False
        return True

    def value(self, predictions: Predictions | None = None) -> float:
        """What the metric says."""
        found: Any = self.metric(self.any if predictions is None else predictions)  # type: ignore[arg-type]
        if isinstance(found, bool) or not isinstance(found, numbers.Real):
            raise Fault(f"it returns {found!r}, a {type(found).__name__}", expected="a number")
        return float(found)

    def all(self) -> dict[str, Predictions]:
        """Everything that there is to judge."""
        return {**self.sets, **({"of the case": self.given} if self.given is not None else {})}


def measuring(trial: Trial) -> Measuring:
    """The metric of a trial, made once."""
    return trial.once("measuring", lambda: Measuring(trial))


def near(one: float, two: float, tolerance: float) -> bool:
    """Whether two values are the same but for rounding; NaN is equal to itself."""
    if math.isnan(one) or math.isnan(two):
        return math.isnan(one) and math.isnan(two)
    return bool(np.isclose(one, two, rtol=tolerance, atol=tolerance))


def _given(trial: Trial) -> Predictions | None:
    """The predictions that the case brings, if it does."""
    data = trial.case.data if trial.case else None
    if data is None or not callable(data):
        return None
    found = data()
    if isinstance(found, Dataset) or not isinstance(found, Predictions):
        raise Fault(
            f"`data` of the case returns a {type(found).__name__}",
            expected="Predictions, as `sci.testing.measured` and `classified` make them",
        )
    return found

"""Metrics with their uncertainty, for one set of predictions or over several children."""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sci.api import (
    Band,
    Comparison,
    ConfigError,
    Curve,
    Difference,
    Interval,
    Metric,
    Place,
    PluginError,
    Predictions,
    Range,
    Score,
)
from sci.pipeline.assembly import Assembly, Part
from sci.pipeline.blame import Blamed, Owned, guarded, owed
from sci.pipeline.joined import FOLD, GROUP, apart, is_joined, once
from sci.pipeline.over_models import over_models

CONFIDENCE = 0.95
FOLDS = "folds"
"""The trait of intervals and comparisons over several folds."""
NO_INTERVAL = "no interval: pip install sci-statistics"


class Judge:
    """Scores predictions with the experiment's metrics, intervals and comparison.

    Args:
        assembly: names the components.
        parts: metric name to the component that brings it.
        seed: resampling draws from it.
    """

    def __init__(self, assembly: Assembly, parts: Mapping[str, Part], seed: int) -> None:
        self.metrics: dict[str, Metric] = {name: part.make() for name, part in parts.items()}
        self._parts = parts
        self.seed = seed
        self._assembly = assembly
        self._section = assembly.experiment.get("evaluation") or {}
        self.confidence = float(self._section.get("confidence") or CONFIDENCE)
        self._intervals: dict[str, tuple[Part, Interval] | None] = {}

    def only(self, metric: str) -> Judge:
        """The same judge of one metric alone."""
        return Judge(self._assembly, {metric: self._parts[metric]}, self.seed)

    def _component(self, kind: str, key: str, wanted: str | None = None) -> tuple[Part, Any] | None:
        value = wanted or self._section.get(key)
        if value is None or (isinstance(value, str) and value not in self._assembly.registry.names(kind)):
            return None
        part = self._assembly.part(kind, value, "evaluation", key)
        return part, part.make()

    def _suited(self, kind: str, key: str, metric: Metric, columns: Sequence[str]) -> str | None:
        """What the metric names under a key; grouped rows need the experiment's own, and rows of several folds one that
        knows what folds are."""
        if FOLD in columns:
            return next(iter(self._assembly.with_trait(kind, FOLDS)), None)
        return None if GROUP in columns else getattr(metric, key, None)

    def _interval(self, metric: Metric, columns: Sequence[str]) -> tuple[Part, Interval] | None:
        """The interval that suits the metric, else the experiment's."""
        wanted = self._suited("intervals", "interval", metric, columns)
        key = str(wanted)
        if key not in self._intervals:
            found = self._component("intervals", "interval", wanted) if wanted else None
            self._intervals[key] = found or self._component("intervals", "interval")
        return self._intervals[key]

    def _comparison(self, metric: Metric, columns: Sequence[str]) -> tuple[Part, Comparison] | None:
        """The comparison that suits the metric, else the experiment's."""
        wanted = self._suited("comparisons", "comparison", metric, columns)
        found = self._component("comparisons", "comparison", wanted) if wanted else None
        return found or self._component("comparisons", "comparison")

    def ask_for_intervals(self, predictions: Predictions) -> None:
        """Ask for the interval of every metric, so that the lock knows those of which only ends were read back."""
        for metric in self.metrics.values():
            self._interval(metric, predictions.table.column_names)

    def values(self, predictions: Predictions) -> dict[str, float]:
        """Bare values, for the history."""
        return {name: self._value(name, predictions) for name in self.metrics}

    def _value(self, name: str, predictions: Predictions) -> float:
        """The metric, or its mean over the models that the rows are of."""
        return _mean(self._parts[name], self.metrics[name], predictions)

    def score(self, predictions: Predictions, check: Callable[[], None] = lambda: None) -> dict[str, Score]:
        """Every metric with its interval."""
        scores = {}
        for name in self.metrics:
            check()
            scores[name] = guarded(self._parts[name], "score", self._score, name, predictions)
        return scores

    def _score(self, name: str, predictions: Predictions) -> Score:
        return self._measured(self._parts[name], self.metrics[name], predictions, self.confidence)

    def measure(self, metric: str | Metric, predictions: Predictions, confidence: float | None = None) -> Score:
        """One of the experiment's metrics by name, or any other, with its interval."""
        level = self.confidence if confidence is None else confidence
        if not isinstance(metric, str):
            return self._measured(Brought.by(metric), metric, predictions, level)
        if metric not in self.metrics:
            raise ConfigError(
                f"the experiment does not measure `{metric}`; it measures {', '.join(self.metrics)}",
                id="analysis.metric",
                hint=f"evaluation: {{metrics: [{', '.join([*self.metrics, metric])}]}}",
            )
        return self._measured(self._parts[metric], self.metrics[metric], predictions, level)

    def band(self, curve: Curve, predictions: Predictions) -> Band:
        """An interval for each point of a curve."""
        component = self._component("intervals", "interval")
        if component is None or not hasattr(component[1], "band"):
            nothing = np.full(curve.points, math.nan)
            reason = NO_INTERVAL if component is None else f"{component[0].name} makes no bands"
            return Band(nothing, nothing, self.confidence, reason)
        part, made = component
        found = guarded(part, "band", made.band, curve, predictions, self.confidence, self.seed)
        return owed(part, found, Band, "Band")

    def _measured(self, owner: Owned, metric: Metric, predictions: Predictions, confidence: float) -> Score:
        """One metric, of one model or of several; where the folds are too small for it, of all their rows together."""
        if is_joined(predictions) and not _in_each(owner, metric, predictions):
            return self._pooled(owner, metric, predictions, confidence)
        value = _mean(owner, metric, predictions) if len(predictions) else math.nan
        found = self._range(owner, metric, predictions, value, confidence)
        describe = getattr(metric, "describe", None)
        details = dict(describe(predictions)) if describe and len(predictions) else {}
        if is_joined(predictions):
            details |= spread([_number(owner, metric, child) for child in apart(predictions)])
        rows = len(once(predictions))
        return Score(
            value, found.low, found.high, found.confidence, found.method, rows, metric.higher_is_better, details
        )

    def _range(self, owner: Owned, metric: Metric, predictions: Predictions, value: float, confidence: float) -> Range:
        interval = self._interval(metric, predictions.table.column_names)
        if interval is None or math.isnan(value):
            reason = NO_INTERVAL if interval is None else "not defined for these rows"
            return Range(math.nan, math.nan, confidence, reason)
        part, made = interval
        blamed = _judged(owner, metric, predictions)
        try:
            ends = guarded(part, "interval", made.interval, blamed, predictions, confidence, self.seed)
        except ConfigError:
            if isinstance(owner, Part):
                raise  # the experiment asks for both
            return Range(math.nan, math.nan, confidence, f"{part.name} does not suit this quantity")
        return owed(part, ends, Range, "Range")

    def _pooled(self, owner: Owned, metric: Metric, predictions: Predictions, confidence: float) -> Score:
        rows = once(predictions)
        found = self._measured(owner, metric, rows, confidence)
        why = "the folds are too small for it one by one"
        return replace(found, method=f"{found.method}, over the {len(rows):,} pooled test rows: {why}")

    def differences(self, model: Predictions, rivals: Mapping[str, Predictions]) -> dict[str, dict[str, Difference]]:
        """Metric to rival to the paired difference on the same rows."""
        if not len(model) or not model.paired or self._component("comparisons", "comparison") is None:
            return {}
        return {
            name: {rival: self._difference(name, model, predictions) for rival, predictions in rivals.items()}
            for name in self.metrics
        }

    def _difference(self, name: str, model: Predictions, rival: Predictions) -> Difference:
        """By the comparison that suits the metric."""
        averaged = all(_in_each(self._parts[name], self.metrics[name], one) for one in (model, rival))
        if is_joined(model) and not averaged:
            model, rival = once(model), once(rival)
        chosen = self._comparison(self.metrics[name], model.table.column_names)
        assert chosen is not None
        part, made = chosen
        metric = _judged(self._parts[name], self.metrics[name], model)
        found = guarded(part, "compare", made.compare, metric, model, rival, self.confidence, self.seed)
        return owed(part, found, Difference, "Difference")


@dataclass(frozen=True)
class Brought:
    """The owner of a metric that is no component, but comes from the code of one."""

    name: str
    owner: str
    where: Place | None = None

    @classmethod
    def by(cls, metric: Metric) -> Brought:
        """Named by its class and its package."""
        kind = type(metric)
        return cls(kind.__name__, kind.__module__.partition(".")[0])


def _number(owner: Owned, metric: Metric, predictions: Predictions) -> float:
    found = guarded(owner, "value", metric, predictions)
    if not isinstance(found, numbers.Real | np.generic) or np.ndim(found):
        raise PluginError(
            f"metric {owner.name} of {owner.owner} returned {type(found).__name__}, not a number",
            id="plugin.result",
            where=owner.where,
        )
    return float(found)


def _mean(owner: Owned, metric: Metric, predictions: Predictions) -> float:
    return float(np.mean([_number(owner, metric, child) for child in apart(predictions)]))


def _judged(owner: Owned, metric: Metric, predictions: Predictions) -> Any:
    """The metric as intervals and comparisons draw it: of several models' answers the mean over the models."""
    blamed = Blamed(owner, metric)
    return over_models(blamed) if is_joined(predictions) else blamed


def _in_each(owner: Owned, metric: Metric, predictions: Predictions) -> bool:
    """Whether a metric can be averaged over models: it has a value for each, of more than a row."""
    children = apart(predictions)
    return all(len(one) > 1 for one in children) and all(
        math.isfinite(_number(owner, metric, child)) for child in children
    )


def spread(values: Sequence[float]) -> dict[str, Any]:
    """The values of the models that a mean is of, and their standard deviation."""
    return {"values": list(values), "sd": float(np.std(values, ddof=1))}


def as_json(scores: Mapping[str, Score]) -> dict[str, Any]:
    """Scores as `metrics.json` keeps them; what is not defined is null."""
    return {name: {**described(score), **score.details} for name, score in scores.items()}


def described(score: Score) -> dict[str, Any]:
    """One score without its details."""
    return {
        "value": finite(score.value),
        "interval": ends(score),
        "confidence": score.confidence,
        "method": score.method,
        "n": score.n,
        "higher_is_better": score.higher_is_better,
    }


def ends(found: Score | Difference) -> list[float] | None:
    """The interval; None where there is none."""
    return None if math.isnan(found.low) else [found.low, found.high]


def from_json(document: Mapping[str, Any]) -> dict[str, Score]:
    """The inverse of `as_json`."""
    known = ("value", "interval", "confidence", "method", "n", "higher_is_better")
    scores = {}
    for name, entry in document.items():
        low, high = entry["interval"] or (math.nan, math.nan)
        value = math.nan if entry["value"] is None else entry["value"]
        details = {key: item for key, item in entry.items() if key not in known}
        scores[name] = Score(
            value, low, high, entry["confidence"], entry["method"], entry["n"], entry["higher_is_better"], details
        )
    return scores


def finite(value: float) -> float | None:
    """A number, or None where it is not finite."""
    return float(value) if math.isfinite(value) else None

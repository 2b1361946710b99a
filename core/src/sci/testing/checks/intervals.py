"""What an interval owes: it holds the estimate, grows with the confidence, and says where there is none."""

from __future__ import annotations

import math

import numpy as np

from sci.api import ConfigError, Metric, Predictions, Range
from sci.testing.check import Fault, check
from sci.testing.generators import seeded, untouched
from sci.testing.predictions import examples
from sci.testing.rows import Error, Hits
from sci.testing.trial import Trial, needs

KIND = "intervals"
GIVES = ("SCI-INT-001",)
CONFIDENCE = 0.9
SEED = 7
TIMES = 16
"""So many times the rows give a quarter of the standard error."""

Question = tuple[str, Metric, Predictions]


@check("SCI-INT-001", KIND, mend="Return `Range(low, high, confidence, method)`; refuse a metric with a `ConfigError`.")
def gives_a_range(trial: Trial) -> None:
    """A share of hits or a mean error gets a finite interval of the confidence that was asked for, with its method in
    words."""
    for words, metric, predictions in _questions(trial):
        found = _interval(trial, metric, predictions)
        if not isinstance(found, Range):
            raise Fault(f"`interval` returns a {type(found).__name__}")
        if not (math.isfinite(found.low) and math.isfinite(found.high)) or not found.low <= found.high:
            raise Fault(f"{found} for a {words}")
        if found.confidence != CONFIDENCE or not found.method.strip():
            raise Fault(f"confidence {found.confidence}, method {found.method!r}", expected=f"confidence {CONFIDENCE}")


@check("SCI-INT-002", KIND, after=GIVES, mend="See that the ends belong to this metric and these rows.")
def holds_the_estimate(trial: Trial) -> None:
    """The interval holds the value of the metric on these rows, and keeps within its bounds."""
    for words, metric, predictions in _questions(trial):
        found, value = _interval(trial, metric, predictions), metric(predictions)
        if not found.low - 1e-9 <= value <= found.high + 1e-9:
            raise Fault(f"from {found.low:g} to {found.high:g}, and the {words} is {value:g}")
        low, high = metric.bounds
        if (low is not None and found.low < low - 1e-9) or (high is not None and found.high > high + 1e-9):
            raise Fault(f"from {found.low:g} to {found.high:g}", expected=f"within {low} and {high}")


@check("SCI-INT-003", KIND, after=GIVES, mend="Draw from `numpy.random.default_rng(seed)` with the seed that is given.")
def same_seed_same_interval(trial: Trial) -> None:
    """The same seed gives the same interval, whatever the global generators are at, and leaves those alone."""
    for words, metric, predictions in _questions(trial):
        found = []
        for seed in (1, 2):
            with seeded(seed), untouched():
                found.append(_interval(trial, metric, predictions))
        if found[0] != found[1]:
            raise Fault(f"{found[0]}, then {found[1]} for a {words}")


@check(
    "SCI-INT-004",
    KIND,
    after=(*GIVES, "SCI-INT-003"),
    mend="Take the ends from (1 - confidence) / 2 and its complement.",
)
def grows_with_the_confidence(trial: Trial) -> None:
    """An interval of 99 % holds one of 50 %, and is wider."""
    for words, metric, predictions in _questions(trial):
        narrow, wide = (_interval(trial, metric, predictions, one) for one in (0.5, 0.99))
        if not (
            wide.low <= narrow.low and narrow.high <= wide.high and wide.high - wide.low > narrow.high - narrow.low
        ):
            raise Fault(f"{narrow} and {wide} for a {words}")


@check(
    "SCI-INT-005",
    KIND,
    after=(*GIVES, "SCI-INT-003"),
    mend="Divide by the root of the number of rows, or draw as many.",
)
def shrinks_with_more_rows(trial: Trial) -> None:
    """Sixteen times the rows give an interval that is about a quarter as wide."""
    for words, metric, predictions in _questions(trial):
        few = _interval(trial, metric, predictions)
        rows = np.tile(np.arange(len(predictions)), TIMES)
        many = _interval(trial, metric, _anew(predictions.take(rows)))
        ratio = (many.high - many.low) / (few.high - few.low)
        if not 0.15 < ratio < 0.45:
            raise Fault(f"{few} with {len(predictions)} rows, {many} with {len(rows)}, for a {words}")


@check(
    "SCI-INT-006",
    KIND,
    after=GIVES,
    mend='Return `Range(nan, nan, confidence, "not defined: ...")`: one undefined metric must not cost a study.',
)
def says_where_there_is_none(trial: Trial) -> None:
    """No rows, or a metric that is not defined, are no error: both ends are NaN, and the method says why."""
    for words, metric, predictions in _questions(trial):
        found = _interval(trial, metric, predictions.take(np.zeros(0, dtype=np.int64)))
        if not (math.isnan(found.low) and math.isnan(found.high)) or not found.method.strip():
            raise Fault(f"{found} for a {words} of no rows")


def _questions(trial: Trial) -> list[Question]:
    """Metrics with predictions; those that the interval refuses are left out."""

    def ask() -> list[Question]:
        found, refused = [], ""
        for words, metric, predictions in questions():
            try:
                _interval(trial, metric, predictions)
            except ConfigError as error:
                refused = error.message
                continue
            found.append((words, metric, predictions))
        needs(found, f"it refuses the metrics of the kit: {refused}")
        return found

    return trial.once("questions", ask)


def questions() -> list[Question]:
    """A share of hits and a mean error, with predictions that are neither perfect nor bad."""
    found: list[Question] = [
        ("share of hits", Hits(), examples("classification")["good"]),
        ("mean error", Error(), examples("regression")["good"]),
    ]
    return found


def _interval(trial: Trial, metric: Metric, predictions: Predictions, confidence: float = CONFIDENCE) -> Range:
    found: Range = trial.make().interval(metric, predictions, confidence, SEED)
    return found


def _anew(predictions: Predictions) -> Predictions:
    """The rows as different ones: each with an id of its own."""
    columns = {name: predictions._column(name) for name in predictions.table.column_names if name != "id"}
    ids = np.arange(len(predictions), dtype=np.int64)
    return Predictions.of(ids, columns, predictions.features, info=predictions.info)

"""What a comparison owes: a difference that turns its sign with the models, and a p that means something."""

from __future__ import annotations

import math

import numpy as np

from sci.api import ConfigError, Difference, Metric, Predictions
from sci.testing.check import Fault, check
from sci.testing.generators import seeded, untouched
from sci.testing.predictions import examples
from sci.testing.rows import Error, Hits
from sci.testing.trial import Trial, needs

KIND = "comparisons"
COMPARES = ("SCI-CMP-001",)
CONFIDENCE = 0.9
SEED = 7
ROUGHLY = 0.25
"""How far the ends of an interval may lie from those of the mirrored one, relative to its width: draws are mirrored
only where the method is."""

Pair = tuple[str, Metric, Predictions, Predictions]


@check("SCI-CMP-001", KIND, mend="Return `Difference(value, low, high, confidence, p, method, detectable)`.")
def gives_a_difference(trial: Trial) -> None:
    """The difference of two models is that of the metric on the same rows, positive where the first is better, within
    its interval."""
    for words, metric, a, b in _pairs(trial):
        found = _compare(trial, metric, a, b)
        if not isinstance(found, Difference):
            raise Fault(f"`compare` returns a {type(found).__name__}")
        wanted = (metric(a) - metric(b)) * (1 if metric.higher_is_better else -1)
        if not math.isclose(found.value, wanted, abs_tol=1e-9):
            raise Fault(f"{found.value:g} for a {words}", expected=f"{wanted:g}, positive where the first is better")
        if not found.low <= found.value <= found.high:
            raise Fault(f"{found.value:g} with the interval from {found.low:g} to {found.high:g} for a {words}")
        if found.confidence != CONFIDENCE or not found.method.strip():
            raise Fault(f"confidence {found.confidence}, method {found.method!r}", expected=f"confidence {CONFIDENCE}")


@check(
    "SCI-CMP-002", KIND, after=(*COMPARES, "SCI-CMP-005"), mend="Orient the difference once, from `higher_is_better`."
)
def turns_with_the_models(trial: Trial) -> None:
    """With the models exchanged, difference and interval change their sign, and p stays."""
    for words, metric, a, b in _pairs(trial):
        one, two = _compare(trial, metric, a, b), _compare(trial, metric, b, a)
        room = ROUGHLY * (one.high - one.low) + 1e-9
        near = abs(one.low + two.high) <= room and abs(one.high + two.low) <= room
        if not math.isclose(one.value, -two.value, abs_tol=1e-9) or not near or abs(one.p - two.p) > 0.05:
            raise Fault(f"{one}, exchanged {two}, for a {words}")


@check("SCI-CMP-003", KIND, after=COMPARES, mend="Count ties for both sides; a p of equal models is 1.")
def finds_nothing_between_a_model_and_itself(trial: Trial) -> None:
    """A model does not differ from itself: the difference is 0, its interval holds 0, and p is not small."""
    for words, metric, a, _ in _pairs(trial):
        found = _compare(trial, metric, a, a)
        if found.value != 0 or not (math.isnan(found.low) or found.low <= 0 <= found.high):
            raise Fault(f"{found} for a {words}")
        if not math.isnan(found.p) and found.p < 0.5:
            raise Fault(f"p is {found.p:g} for a {words}")


@check("SCI-CMP-004", KIND, after=COMPARES, mend="Compute a two-sided p; it is a probability.")
def p_is_a_probability(trial: Trial) -> None:
    """The p lies from 0 to 1, and is below 0.05 where a good and a bad model are far apart."""
    for words, metric, a, b in _pairs(trial):
        p = _compare(trial, metric, a, b).p
        if not 0 <= p <= 1:
            raise Fault(f"p is {p:g} for a {words}")
        if not p < 0.05:
            raise Fault(f"p is {p:g} for a {words} of {metric(a):g} and {metric(b):g} on {len(a)} rows")


@check(
    "SCI-CMP-005", KIND, after=COMPARES, mend="Draw from `numpy.random.default_rng(seed)` with the seed that is given."
)
def same_seed_same_difference(trial: Trial) -> None:
    """The same seed gives the same result, whatever the global generators are at, and leaves those alone."""
    for words, metric, a, b in _pairs(trial):
        found = []
        for seed in (1, 2):
            with seeded(seed), untouched():
                found.append(repr(_compare(trial, metric, a, b)))
        if found[0] != found[1]:
            raise Fault(f"{found[0]}, then {found[1]} for a {words}")


@check(
    "SCI-CMP-006",
    KIND,
    after=COMPARES,
    mend="Return NaN with the reason as `method`: one undefined metric must not cost a study.",
)
def says_where_there_is_none(trial: Trial) -> None:
    """No rows are no error: ends and p are NaN, and the method says why."""
    none = np.zeros(0, dtype=np.int64)
    for words, metric, a, b in _pairs(trial):
        found = _compare(trial, metric, a.take(none), b.take(none))
        if not all(map(math.isnan, (found.low, found.high, found.p))) or not found.method.strip():
            raise Fault(f"{found} for a {words} of no rows")


def _pairs(trial: Trial) -> list[Pair]:
    """Metrics with predictions of a good and of a bad model; those that the comparison refuses are left out."""

    def ask() -> list[Pair]:
        found: list[Pair] = []
        refused = ""
        asked: list[tuple[str, Metric, str]] = [
            ("share of hits", Hits(), "classification"),
            ("mean error", Error(), "regression"),
        ]
        for words, metric, task in asked:
            made = examples(task)
            try:
                _compare(trial, metric, made["good"], made["bad"])
            except ConfigError as error:
                refused = error.message
                continue
            found.append((words, metric, made["good"], made["bad"]))
        needs(found, f"it refuses the metrics of the kit: {refused}")
        return found

    return trial.once("pairs", ask)


def _compare(trial: Trial, metric: Metric, a: Predictions, b: Predictions) -> Difference:
    found: Difference = trial.make().compare(metric, a, b, CONFIDENCE, SEED)
    return found

"""What a metric owes to those who read it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyarrow as pa

from sci.api import Predictions
from sci.testing.check import Fault, check
from sci.testing.generators import untouched
from sci.testing.measuring import measuring, near
from sci.testing.trial import Trial, needs
from sci.testing.variants import SCRIPTS

KIND = "metrics"
COUNTS = ("SCI-MET-001",)


@check("SCI-MET-001", KIND, mend="Return a float; NaN where the metric is not defined.")
def gives_a_number(trial: Trial) -> None:
    """The metric gives a number for predictions of its task."""
    measuring(trial).value()


@check(
    "SCI-MET-002",
    KIND,
    after=COUNTS,
    mend="Give the class `higher_is_better` (true or false) and `bounds` (lowest, highest; None for no bound).",
)
def says_which_way_is_better(trial: Trial) -> None:
    """The metric says whether higher is better, and between which bounds it lies."""
    metric = measuring(trial).metric
    if not isinstance(getattr(metric, "higher_is_better", None), bool):
        raise Fault(f"`higher_is_better` is {getattr(metric, 'higher_is_better', 'not there')!r}")
    bounds = getattr(metric, "bounds", None)
    if not isinstance(bounds, tuple) or len(bounds) != 2:
        raise Fault(f"`bounds` is {bounds!r}")
    low, high = bounds
    if low is not None and high is not None and not low < high:
        raise Fault(f"`bounds` is {bounds!r}")


@check("SCI-MET-003", KIND, after=COUNTS, mend="Compute it as its definition says, or correct `value` of the case.")
def equals_its_definition(trial: Trial) -> None:
    """The metric equals the `value` that its case claims, computed by hand from the definition."""
    needs("value" in trial.claims, "no case claims a value")
    found = measuring(trial)
    needs(found.given is not None, "no case brings the predictions of its value")
    value, wanted = found.value(found.given), float(trial.claims["value"])
    if not near(value, wanted, trial.tolerance(1e-9)):
        raise Fault(f"{value!r}", expected=f"{wanted!r}, which the case claims")


@check("SCI-MET-004", KIND, after=(*COUNTS, "SCI-MET-002"), mend="Correct `bounds`, or the formula.")
def lies_within_its_bounds(trial: Trial) -> None:
    """Every value lies within the bounds that the metric claims: of perfect, good and bad predictions, of few rows."""
    found = measuring(trial)
    low, high = found.metric.bounds
    for name, predictions in found.all().items():
        for rows in (len(predictions), 3, 1):
            value = found.value(predictions.take(np.arange(min(rows, len(predictions)))))
            below = low is not None and value < low - 1e-9
            if below or (high is not None and value > high + 1e-9):
                raise Fault(f"{value!r} for {rows} rows of {name} predictions", expected=f"from {low} to {high}")


@check(
    "SCI-MET-005", KIND, after=(*COUNTS, "SCI-MET-002"), mend="Correct `higher_is_better`, or the sign of the metric."
)
def better_predictions_score_better(trial: Trial) -> None:
    """Perfect predictions score better than bad ones, in the direction that `higher_is_better` says."""
    found = measuring(trial)
    needs(found.sets, "the kit has no perfect predictions for it")
    needs(trial.claims.get("judges_quality", True), "claims not to judge quality")
    perfect, bad = found.value(found.sets["perfect"]), found.value(found.sets["bad"])
    better = perfect > bad if found.metric.higher_is_better else perfect < bad
    if not better and not math.isnan(perfect) and not math.isnan(bad):
        raise Fault(f"perfect predictions score {perfect:g}, bad ones {bad:g}")


@check(
    "SCI-MET-006",
    KIND,
    after=COUNTS,
    mend="Compute a mean or a sum over rows, not something of their order; draw nothing at random.",
)
def order_of_rows_does_not_matter(trial: Trial) -> None:
    """The rows in another order score the same, as does a second look."""
    found = measuring(trial)
    needs(not trial.claims.get("order_matters"), "claims that the order of rows matters")
    for name, predictions in found.all().items():
        value = found.value(predictions)
        other = found.value(predictions.take(np.arange(len(predictions))[::-1]))
        again = found.value(predictions)
        if not near(value, other, trial.tolerance(1e-9)) or not near(value, again, 0.0):
            raise Fault(f"{value!r}, {other!r} in reverse order and {again!r} at a second look, for {name} predictions")


@check(
    "SCI-MET-007", KIND, after=COUNTS, mend="Return NaN for no rows: `float('nan') if not len(predictions) else ...`."
)
def no_rows_are_no_error(trial: Trial) -> None:
    """No rows at all give a number or NaN: each metric is tried so before training begins."""
    found = measuring(trial)
    with np.errstate(all="ignore"):
        found.value(found.any.take(np.zeros(0, dtype=np.int64)))  # type: ignore[union-attr]


@check(
    "SCI-MET-008",
    KIND,
    after=COUNTS,
    mend="Let `value(statistics(p).sum(axis=0), len(p))` and `weighted(p)` be the metric: intervals use them.",
)
def fast_paths_agree(trial: Trial) -> None:
    """`statistics` with `value`, and `weighted`, where the metric has them, give what the metric gives, also for
    resampled rows."""
    found = measuring(trial)
    metric = found.metric
    fast = hasattr(metric, "statistics") or hasattr(metric, "weighted")
    needs(fast, "has neither statistics nor weighted")
    for name, predictions in found.all().items():
        rows = len(predictions)
        picks = np.sort((np.arange(rows) * np.arange(rows)) % rows)
        for words, indices in (("all rows", np.arange(rows)), ("resampled rows", picks)):
            value = found.value(predictions.take(indices))
            counts = np.bincount(indices, minlength=rows)
            for way, other in _fast(metric, predictions, counts):
                if not near(value, other, trial.tolerance(1e-9)):
                    raise Fault(f"`{way}` gives {other!r}, the metric {value!r}, for {words} of {name} predictions")


@check("SCI-MET-009", KIND, after=COUNTS, mend="Compare names as text; do not sort them by locale or encode them.")
def classes_may_have_any_name(trial: Trial) -> None:
    """Classes with names of other scripts score as the same classes with plain names."""
    found = measuring(trial)
    good = found.sets.get("good")
    needs(good is not None and "classes" in good.info, "judges no classes")
    assert good is not None
    plain = list(good.info["classes"])
    new = dict(zip(plain, sorted(SCRIPTS)[1 : len(plain) + 1], strict=True))
    columns = {name: _renamed(good, name, new) for name in good.table.column_names if name != "id"}
    info = {**good.info, "classes": [new[one] for one in plain], "positive": new.get(good.info.get("positive") or "")}
    info["counts"] = {new[name]: count for name, count in good.info.get("counts", {}).items()}
    other = Predictions.of(good.ids, columns, good.features, info=info)
    value, again = found.value(good), found.value(other)
    if not near(value, again, trial.tolerance(1e-9)):
        raise Fault(f"{again!r} with classes {', '.join(new.values())}, {value!r} with {', '.join(plain)}")


@check(
    "SCI-MET-010",
    KIND,
    after=(*COUNTS, "SCI-MET-006"),
    mend="A metric draws nothing; an interval does, with the seed that it is given.",
)
def leaves_global_generators_alone(trial: Trial) -> None:
    """Neither `random` nor `numpy.random` is in another state after a metric was computed."""
    found = measuring(trial)
    with untouched():
        found.value()


@check(
    "SCI-MET-011",
    KIND,
    level="recommended",
    mend='Give it a case with a few rows and the value that they have: claims={"value": 0.5}.',
)
def has_a_value_by_hand(trial: Trial) -> None:
    """A case brings predictions and the value that they have by the metric's definition."""
    cases = [one for one in trial.subject.cases[0] if (one.kind, one.name) == (KIND, trial.component.spec.name)]
    if not any("value" in one.claims for one in cases):
        raise Fault("no case claims a value")


def _fast(metric: Any, predictions: Predictions, counts: np.ndarray) -> list[tuple[str, float]]:
    """What each fast path gives where each row counts so often."""
    found = []
    if hasattr(metric, "statistics"):
        rows = np.asarray(metric.statistics(predictions))
        sums = (rows * counts[:, None]).sum(axis=0)
        found.append(("value", float(np.asarray(metric.value(sums, int(counts.sum()))))))
    if hasattr(metric, "weighted"):
        values = np.asarray(metric.weighted(predictions)(counts[None, :]))
        found.append(("weighted", float(values.reshape(-1)[0])))
    return found


def _renamed(predictions: Predictions, name: str, new: dict[str, str]) -> Any:
    column = predictions.table.column(name)
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return pa.array([new[one] for one in column.to_pylist()], pa.large_string())
    return predictions._column(name)

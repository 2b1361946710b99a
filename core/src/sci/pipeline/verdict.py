"""The verdict: one function, one table of states, used by terminal, reports, card and JSON."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow.compute as pc

from sci.api import Difference, Predictions, Score, Verdict
from sci.api.numbers import confidence as percent
from sci.api.numbers import fixed, row_decimals, scored

TINY_ROWS = 30
TINY_CLASS = 5


def primary(experiment: Mapping[str, Any], metrics: Sequence[str]) -> str:
    """The metric that carries the verdict: `evaluation.primary`, else what early stopping watches, else the first."""
    named: str | None = (experiment.get("evaluation") or {}).get("primary")
    stopping = (experiment.get("training") or {}).get("early_stopping") or {}
    watched = str(stopping.get("monitor"))
    return named or (watched if watched in metrics else metrics[0])


def best_baselines(metric: str, scores: Mapping[str, Mapping[str, Score]]) -> list[str]:
    """The baselines with the best value of the metric, several where they tie; `scores` are of the validation rows."""
    found = {
        name: entry[metric] for name, entry in scores.items() if metric in entry and not math.isnan(entry[metric].value)
    }
    oriented = {name: one.value if one.higher_is_better else -one.value for name, one in found.items()}
    return [name for name, value in oriented.items() if value == max(oriented.values())]


def hardest(
    metric: str, names: Sequence[str], differences: Mapping[str, Mapping[str, Difference]]
) -> tuple[str, Mapping[str, Mapping[str, Difference]]]:
    """Of several baselines the one that the model beats least surely, where no validation rows could choose one.

    A model that beats this one beats all of them, each at the level of the experiment (intersection-union test: Berger,
    Technometrics 24, 1982), so the test rows choose nothing. That it is worse than one of several is held against all
    comparisons: p is multiplied by their number (Bonferroni).

    Returns:
        Its name, and the differences with that p.
    """
    known = differences.get(metric, {})
    found = {name: known[name] for name in names if name in known and not math.isnan(known[name].low)}
    if not found:
        return names[0], differences
    name = min(found, key=lambda one: found[one].low)
    if found[name].value >= 0:
        return name, differences
    corrected = replace(found[name], p=min(1.0, len(found) * found[name].p))
    return name, {**differences, metric: {**differences[metric], name: corrected}}


def judge(
    metric: str,
    score: Score,
    baseline: str | None,
    rival: Score | None,
    differences: Mapping[str, Mapping[str, Difference]],
    margin: float | None,
    test: Predictions | None = None,
    all_of: int = 0,
) -> Verdict:
    """The verdict on the primary metric, before what weakens it is weighed.

    `differences` are the model minus each baseline, positive when the model is better; `test` are the answers that were
    judged, which say whether this was a trial run, and why a metric has no value; `all_of` is the number of baselines
    where `baseline` was not chosen by validation rows but stands for so many, which these rows could not tell apart.
    """
    difference = differences.get(metric, {}).get(baseline or "")
    state = state_of(score, baseline, difference, margin)
    sentence = sentence_of(state, metric, score, baseline, rival, difference, margin)
    if math.isnan(score.value) and test is not None:
        sentence = uncomputed(metric, test)
    if state == "clears" and difference is not None and all_of > 1:
        sentence = clears_all(metric, difference, all_of, all_of < len(differences[metric]))
    worse = [
        name
        for name, by_baseline in differences.items()
        if name != metric and baseline is not None and baseline in by_baseline and by_baseline[baseline].high < 0
    ]
    if worse:
        sentence += f" On {' and '.join(worse)} it does worse."
    few = too_few(test) if test is not None else ""
    if few:
        sentence = f"{few} this is a trial run, not a result. {sentence}"
    return Verdict(state, sentence, metric, baseline, difference, bool(few))


def state_of(score: Score, baseline: str | None, difference: Difference | None, margin: float | None) -> str:
    """Which row of the table of states holds."""
    if math.isnan(score.value):
        return "undefined"
    if baseline is None:
        return "no-baseline"
    if difference is None or math.isnan(difference.low):
        return "undefined"
    if margin is not None and -margin <= difference.low and difference.high <= margin:
        return "equivalent"
    return {"better": "clears", "worse": "worse"}.get(difference.word, "not-separable")


def sentence_of(
    state: str,
    metric: str,
    score: Score,
    baseline: str | None,
    rival: Score | None,
    difference: Difference | None,
    margin: float | None,
) -> str:
    """The sentence of a state, with the numbers that carry it."""
    places = row_decimals([score.value], [score.high - score.low])
    if state == "undefined" and difference is None and math.isnan(score.value):
        return f"{metric} cannot be computed on these test rows."
    if state == "no-baseline":
        value, low, high = scored(score, digits=places, minus="-")
        spread = "" if math.isnan(score.low) else f" ({percent(score.confidence)} % interval {low} to {high})"
        return f"{metric} is {value}{spread}. There is no baseline, so this cannot say whether it is good."
    if difference is None or state == "undefined":
        value = shown(score.value, places, score.higher_is_better)
        against = (
            "" if rival is None else f", that of `{baseline}` {shown(rival.value, places, rival.higher_is_better)}"
        )
        return f"{metric} is {value}{against}; their difference has no interval."
    places = row_decimals([difference.value], [difference.high - difference.low])
    low, high = shown(difference.low, places), shown(difference.high, places)
    if state == "clears":
        return (
            f"The model clears its best baseline on {metric}, by {shown(difference.value, places)} "
            f"({percent(difference.confidence)} % interval {low} to {high})."
        )
    if state == "worse":
        return (
            f"The model does worse than `{baseline}` on {metric}, by {shown(-difference.value, places)} "
            f"({shown(-difference.high, places)} to {shown(-difference.low, places)}). Use the baseline."
        )
    if state == "equivalent":
        within = f"within the margin of {margin:g} that was declared beforehand"
        return f"The model is as good as `{baseline}` on {metric} {within}."
    detectable = (
        ""
        if math.isnan(difference.detectable)
        else f"; {score.n:,} rows could show about {shown(difference.detectable, places)}"
    )
    return (
        f"The model and `{baseline}` are not separable on {metric} at this size: "
        f"difference {signed(difference.value, places)} ({low} to {high}){detectable}."
    )


def clears_all(metric: str, difference: Difference, baselines: int, best: bool = False) -> str:
    """The sentence of a model that beats every baseline, or all of those that are best on the validation rows, with the
    difference from the one that comes nearest."""
    places = row_decimals([difference.value], [difference.high - difference.low])
    return (
        f"The model clears each of its {baselines} {'best ' if best else ''}baselines on {metric}, the nearest by "
        f"{shown(difference.value, places)} ({percent(difference.confidence)} % interval "
        f"{shown(difference.low, places)} to {shown(difference.high, places)})."
    )


def shown(value: float, places: int, top: bool = True) -> str:
    """A number as a terminal can show it: with a plain minus; `top` as in `fixed`."""
    return fixed(value, places, minus="-", top=top)


def signed(value: float, places: int) -> str:
    """A difference with its sign."""
    return fixed(value, places, minus="-", plus="+")


def too_few(test: Predictions) -> str:
    """What the test has too little of for a result: fewer than 30 rows, or a class that is fewer than 5 times in them;
    empty if nothing."""
    if len(test) < TINY_ROWS:
        return f"With only {len(test):,} test row{'' if len(test) == 1 else 's'}"
    counts = class_rows(test)
    if not counts or min(counts.values()) >= TINY_CLASS:
        return ""
    name = min(counts, key=lambda name: counts[name])
    if test.features["target"].ragged:
        return (
            f"With only {counts[name]} `{name}` in the test rows" if counts[name] else f"Without a test row of `{name}`"
        )
    rows = {0: "Without a test row", 1: "With only 1 test row"}.get(counts[name], f"With only {counts[name]} test rows")
    return f"{rows} of `{name}`"


def class_rows(test: Predictions) -> dict[str, int]:
    """Class to its test rows; where rows are lists, to how often it is in them. Empty where there are no classes."""
    names = [str(name) for name in test.info.get("classes") or ()]
    if not names:
        return {}
    if test.features["target"].ragged:
        target: Any = test.target()
        found = Counter(pc.list_flatten(target).to_pylist())
        return {name: found[name] for name in names}
    codes = test.codes("target")
    counts = np.bincount(codes[codes >= 0], minlength=len(names))
    return dict(zip(names, counts.tolist(), strict=True))


def uncomputed(metric: str, test: Predictions) -> str:
    """That a metric has no value, and why where the test rows say it."""
    absent = [f"`{name}`" for name, rows in class_rows(test).items() if not rows]
    if absent:
        more = f" and {len(absent) - 3} more classes" if len(absent) > 3 else ""
        return f"{metric} cannot be computed: the test split has no {', '.join(absent[:3])}{more}."
    if "classes" not in test.info and one_value(test):
        return f"{metric} cannot be computed: all test rows have the same true value."
    return f"{metric} cannot be computed on these test rows."


def one_value(test: Predictions) -> bool:
    """Whether a target of numbers has the same value in every row."""
    if "target" not in test.table.column_names or not len(test):
        return False
    target = np.asarray(test.target())
    return target.dtype.kind in "iuf" and target.ndim == 1 and bool(np.ptp(target) == 0)


def as_json(verdict: Verdict) -> dict[str, Any]:
    """The verdict as the documents of `--json` carry it."""
    found = verdict.difference
    return {
        "state": verdict.state,
        "sentence": verdict.sentence,
        "metric": verdict.metric,
        "baseline": verdict.baseline,
        "difference": None if found is None or math.isnan(found.value) else found.value,
        "interval": None if found is None or math.isnan(found.low) else [found.low, found.high],
        "p": None if found is None or math.isnan(found.p) else found.p,
        "tiny": verdict.tiny,
        "weakened_by": list(verdict.weakened_by),
        "cautions": list(verdict.cautions),
    }

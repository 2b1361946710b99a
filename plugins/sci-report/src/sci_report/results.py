"""The table of results: every metric with its interval, its rivals, and the paired difference with its word."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sci.api import Score, Study
from sci.api.numbers import Shown, confidence, count, difference, fixed, p_value, scored, significant
from sci_report import facts
from sci_report.grids import Grid, grid
from sci_report.judge import Word, word_of
from sci_report.prose import part
from sci_report.words import Code, Data, Listing, Name, Phrase, Text, phrase

WIDTH = 128
_EDGE = 6


@dataclass(frozen=True)
class Mark:
    """An interval in the strip of a row, in pixels."""

    low: float
    value: float
    high: float


@dataclass(frozen=True)
class Row:
    """One metric. `rival` and what follows are None without a baseline."""

    metric: Text
    higher_is_better: bool
    model: Shown
    rival: Shown | None
    word: Word
    difference: Shown | None
    strip: Sequence[Mark]
    """The model's and the rival's, on a scale of the row's own; empty where there is nothing to compare."""


@dataclass(frozen=True)
class Results:
    """The section of results without its figures."""

    metric: str
    """The metric of the verdict."""
    folds: bool
    """Whether several test sets were answered, so that differences are paired by fold."""
    model: Text
    baseline: Text | None
    lacking: Text | None
    """What no baseline means, and which one suits; None where one ran."""
    rows: Sequence[Row]
    notes: Sequence[Text]
    others: Grid | None
    numbers: Grid


def results(study: Study) -> Results:
    """The section's tables."""
    names = facts.baselines(study)
    best = names[0] if names else None
    scores = facts.test_scores(study)
    return Results(
        metric=study.verdict.metric,
        folds=len({one.fold for one in study.evaluations}) > 1,
        model=Name(facts.model_name(study)),
        baseline=Name(best) if best else None,
        lacking=None if best else _lacking(study),
        rows=[_row(study, metric, score, best) for metric, score in scores.items()],
        notes=[
            *_notes(study, scores.values(), best),
            *(_signed(metric, score) for metric, score in scores.items() if "signature" in score.details),
        ],
        others=_others(study, names[1:]) if names[1:] else None,
        numbers=_numbers(study, best),
    )


def _lacking(study: Study) -> Phrase:
    """Advice only where a baseline is known that suits what is predicted."""
    kinds = {study.schema.columns[column].kind for column in study.schema.slots.values()}
    if kinds == {"number"}:
        return phrase("results.no-baseline.mean")
    return phrase("results.no-baseline.majority" if kinds in ({"category"}, {"boolean"}) else "results.no-baseline")


def label(metric: str, score: Score) -> Text:
    """The metric's name with the class that it is about."""
    positive = facts.positive(score)
    return phrase("results.of", metric=metric, positive=Name(positive)) if positive else Data(metric)


def _row(study: Study, metric: str, model: Score, best: str | None) -> Row:
    digits = facts.digits(study, metric)
    rival = study.baseline_scores[best].get(metric) if best else None
    paired = study.differences.get(metric, {}).get(best) if best else None
    return Row(
        metric=label(metric, model),
        higher_is_better=model.higher_is_better,
        model=scored(model, digits=digits),
        rival=scored(rival, digits=digits) if rival else None,
        word=word_of(study, metric, best) if best else "undefined",
        difference=difference(paired.value, paired.low, paired.high, digits=digits) if paired else None,
        strip=_strip([model] + ([rival] if rival else [])),
    )


def _strip(scores: Sequence[Score]) -> list[Mark]:
    ends = [end for s in scores for end in (s.low, s.value, s.high)]
    if len(scores) < 2 or not all(map(math.isfinite, ends)) or max(ends) == min(ends):
        return []
    low, span = min(ends), max(ends) - min(ends)

    def x(value: float) -> float:
        return round(_EDGE + (value - low) / span * (WIDTH - 2 * _EDGE), 1)

    return [Mark(x(s.low), x(s.value), x(s.high)) for s in scores]


def _notes(study: Study, scores: object, best: str | None) -> list[Text]:
    found: list[Text] = []
    tested = facts.test_scores(study)
    if any(not s.higher_is_better for s in tested.values()):
        found.append(phrase("results.note.orientation"))
    if best is None:
        return found
    paired = {metric: study.differences.get(metric, {}).get(best) for metric in tested}
    split = [metric for metric, found in paired.items() if found is not None and found.disputed]
    for metric in split:
        p = p_value(study.differences[metric][best].p)
        found.append(phrase("results.note.cautious", metric=metric, p=p))
    if len(tested) > 1:
        found.append(phrase("results.note.many", count=count(len(tested))))
    primary = study.differences.get(study.verdict.metric, {}).get(best)
    if primary and math.isfinite(primary.detectable):
        smallest = significant(primary.detectable, 1)
        found.append(phrase("results.note.detectable", metric=study.verdict.metric, difference=smallest))
    return found


def _signed(metric: str, score: Score) -> Phrase:
    """What a figure depends on, as it is cited, and how many sources it is over where these are not rows."""
    signature, sources = Code(str(score.details["signature"])), score.details.get("sources")
    if sources is None:
        return phrase("results.note.signature", metric=metric, signature=signature)
    return phrase("results.note.signature.sources", metric=metric, signature=signature, count=count(sources))


def _others(study: Study, names: Sequence[str]) -> Grid:
    scores = facts.test_scores(study)
    rows = [[label(metric, s), *(_cell(study, metric, name) for name in names)] for metric, s in scores.items()]
    columns: list[Text] = [phrase("column.metric"), *(Code(name) for name in names)]
    return grid(phrase("results.others"), columns, rows, range(1, len(columns)))


def _cell(study: Study, metric: str, name: str) -> Text:
    rival = study.baseline_scores[name].get(metric)
    if rival is None:
        return "–"
    digits = facts.digits(study, metric)
    shown = scored(rival, digits=digits)
    verdict = phrase(f"word.{word_of(study, metric, name)}")
    value = _ranged(shown)
    return phrase("results.other", value=value, word=verdict)


def _ranged(shown: Shown) -> Text:
    if shown.low == "–" or shown.low == shown.high:
        return shown.value
    return phrase("results.range", value=shown.value, low=shown.low, high=shown.high)


def _numbers(study: Study, best: str | None) -> Grid:
    rows: list[list[Text]] = []
    validation = study.scores.get("validation", {})
    for metric, found in facts.test_scores(study).items():
        paired = study.differences.get(metric, {}).get(best) if best else None
        seen = validation.get(metric)
        digits = facts.digits(study, metric)
        row: list[Text] = [label(metric, found), count(found.n), _children(found, digits), _method(found)]
        row += [scored(seen, digits=digits).value if seen else "–"]
        if best is not None:
            row += [p_value(paired.p), part(paired.method), significant(paired.detectable, 1)] if paired else ["–"] * 3
        rows.append(row)
    names = ["metric", "n", "children", "interval", "validation"] + (["p", "comparison", "detectable"] if best else [])
    several = any("values" in s.details for s in facts.test_scores(study).values())
    kept = [at for at, name in enumerate(names) if name != "children" or several]
    columns = [phrase(f"column.{names[at]}") for at in kept]
    numeric = [index for index, at in enumerate(kept) if names[at] in ("n", "validation", "p", "detectable")]
    return grid(phrase("results.numbers"), columns, [[row[at] for at in kept] for row in rows], numeric)


def _children(found: Score, digits: int) -> Text:
    values = [float(value) for value in found.details.get("values", ())]
    if not values:
        return "–"
    return Listing([fixed(value, digits, top=found.higher_is_better) for value in values[:10]])


def _method(found: Score) -> Text:
    if math.isnan(found.low):
        return part(found.method or "–")
    return phrase("results.method", confidence=confidence(found.confidence), method=part(found.method))

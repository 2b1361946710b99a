"""The page of a comparison: verdict, figure, table, settings that differ, and the rows that runs answer differently."""

from __future__ import annotations

import csv
import math
import pathlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sci.api import Difference, RunContext, Score, numbers
from sci.api.numbers import difference, p_value, row_decimals
from sci_report import intervals
from sci_report.catalogue import recognize
from sci_report.grids import Grid, grid
from sci_report.illustration import Illustration
from sci_report.prose import part, typeset
from sci_report.view import Plot, Shelf
from sci_report.words import Data, Listing, Name, Sentence, Text, phrase

DISAGREEMENTS = "disagreements.csv"


@dataclass(frozen=True)
class Part:
    """A section of the page."""

    id: str
    said: Sequence[Text]
    grid: Grid | None

    @property
    def title(self) -> Text:
        """Its heading."""
        return phrase(f"comparison.{self.id}")


@dataclass(frozen=True)
class Comparison:
    """Everything that the page says, in order."""

    name: Name
    run: Name
    headline: Text
    lead: Sequence[Text]
    cautions: Sequence[Text]
    plots: Sequence[Plot]
    parts: Sequence[Part]
    brand: None = None
    core: str = field(default="sci")

    @property
    def sections(self) -> list[tuple[str, Text]]:
        """Anchor and title of every section."""
        return [(part.id, part.title) for part in self.parts]


def build(found: Mapping[str, Any], context: RunContext) -> Comparison:
    """The view of a comparison, as ``sci compare --json`` prints it; its figures are drawn and written."""
    labels = [run["label"] for run in found["runs"]]
    shelf = Shelf(context.directory)
    drawn = _illustrations(found, labels)
    verdict = [said(one) for one in found["sentences"]]
    agreed = [said(one) for one in found["agreed"]]
    parts = [
        Part("results", [*_methods(found), *_effects(found)], _results(found, labels)),
        Part("disagreements", agreed, _disagreements(context.directory / DISAGREEMENTS)),
        Part("settings", [], _settings(found, labels)),
    ]
    return Comparison(
        Name(", ".join(labels)),
        Name(context.run_id),
        verdict[0],
        verdict[1:],
        [said(one) for one in found["cautions"]],
        [shelf.plot(one.write(context)) for one in drawn],
        [part for part in parts if part.grid or part.said],
    )


def said(english: str) -> Text:
    """A sentence of the core, in Chinese too where the catalogue has its form."""
    return Sentence(english, recognize(typeset(english), "comparison."))


def _illustrations(found: Mapping[str, Any], labels: Sequence[str]) -> list[Illustration]:
    scores: dict[str, Score] = {}
    differences: dict[str, Difference] = {}
    for one in found["comparisons"]:
        if one["metric"] == found["metric"]:
            for label, kept in zip((one["a"], one["b"]), one["scores"], strict=True):
                scores[label] = _score(kept)
            if one["a"] == labels[0]:
                differences[one["b"]] = _difference(one)
    if not all(math.isfinite(one.value) for one in scores.values()):
        return []
    known = {label: one for label, one in differences.items() if math.isfinite(one.value)}
    widths = [one.high - one.low for one in scores.values()] + [one.high - one.low for one in known.values()]
    digits = row_decimals([one.value for one in scores.values()], [w for w in widths if math.isfinite(w)])
    return intervals.pair(found["metric"], scores, known, digits, labels[0])


def _difference(one: Mapping[str, Any]) -> Difference:
    low, high = one["interval"] or (math.nan, math.nan)
    p, detectable = (_number(one[key]) for key in ("p", "detectable"))
    return Difference(_number(one["difference"]), low, high, one["confidence"], p, one["method"], detectable)


def _number(value: float | None) -> float:
    return math.nan if value is None else value


def _results(found: Mapping[str, Any], labels: Sequence[str]) -> Grid:
    """Two runs stand side by side; of more, every pair has its line."""
    pair = len(labels) == 2
    holders: list[Text] = [*map(Name, labels)] if pair else ["a", "b", *(phrase(f"comparison.value-{x}") for x in "ab")]
    first = [] if pair else holders[:2]
    between = phrase("comparison.difference")
    if pair:
        between = phrase("comparison.difference.of", a=Name(labels[0]), b=Name(labels[1]))
    said_of = [between, *(phrase(f"comparison.{name}") for name in ("verdict", "holm"))]
    head = [phrase("comparison.metric"), *first, *said_of, *holders[len(first) :]]
    rows = [_row(one, pair) for one in found["comparisons"]]
    at = 1 + len(first)
    return grid(phrase("comparison.results"), head, rows, (at, at + 2, at + 3, at + 4))


def _row(one: Mapping[str, Any], pair: bool) -> list[Text]:
    """One metric of two runs; all its numbers have the same decimals, as they have in the terminal."""
    paired, scores = _difference(one), [_score(kept) for kept in one["scores"]]
    widths = [paired.high - paired.low, *(part.high - part.low for part in scores)]
    digits = row_decimals([part.value for part in scores], [width for width in widths if math.isfinite(width)])
    shown = difference(paired.value, paired.low, paired.high, digits=digits)
    word = phrase("comparison.separable" if one["verdict"] == "separable" else "comparison.not")
    names: list[Text] = [] if pair else [Name(one["a"]), Name(one["b"])]
    held: list[Text] = [_held(part, digits) for part in scores]
    p = p_value(_number(one["p_holm"]))
    return [Name(one["metric"]), *names, _ranged(shown), word, p, *held]


def _held(score: Score, digits: int) -> str:
    shown = numbers.scored(score, digits=digits)
    return shown.value if math.isnan(score.low) else _ranged(shown)


def _ranged(shown: numbers.Shown) -> str:
    """A value and its interval, which may stand beneath it but is never broken."""
    return f"{shown.value} [{shown.low},\N{NO-BREAK SPACE}{shown.high}]"


def _methods(found: Mapping[str, Any]) -> list[Text]:
    """Which metrics were compared by which method, a sentence for each method."""
    metrics: dict[str, list[str]] = {}
    for one in found["comparisons"]:
        metrics.setdefault(one["method"], []).append(one["metric"])
    return [
        phrase("comparison.method", metrics=Listing([Data(name) for name in dict.fromkeys(named)]), method=part(method))
        for method, named in metrics.items()
    ]


def _effects(found: Mapping[str, Any]) -> list[Text]:
    """The effect sizes of two runs on one line, with their scales, which have the same names in every language."""
    pair = len(found["runs"]) == 2
    known = [(one["metric"], one["effect"]) for one in found["comparisons"] if pair and one["effect"]]
    sizes = [f"{metric} {numbers.fixed(effect['value'], 2, plus='+')} ({effect['scale']})" for metric, effect in known]
    return [phrase("comparison.effect", sizes=Listing([Data(size) for size in sizes]))] if sizes else []


def _settings(found: Mapping[str, Any], labels: Sequence[str]) -> Grid | None:
    rows: list[list[Text]] = [
        [Name(one["setting"]), *(Data(value) for value in one["values"])] for one in found["settings"]
    ]
    head: list[Text] = [phrase("comparison.setting"), *map(Name, labels)]
    return grid(phrase("comparison.settings"), head, rows) if rows else None


def _disagreements(file: pathlib.Path) -> Grid | None:
    if not file.is_file():
        return None
    with file.open(encoding="utf-8", newline="") as lines:
        head, *rows = csv.reader(lines)
    if not rows:
        return None
    return grid(phrase("comparison.disagreements"), [*map(Name, head)], [[Data(cell) for cell in row] for row in rows])


def _score(kept: Mapping[str, Any]) -> Score:
    low, high = kept["interval"] or (math.nan, math.nan)
    value = _number(kept["value"])
    return Score(
        value,
        low=low,
        high=high,
        n=kept["n"],
        confidence=kept["confidence"],
        method=kept["method"],
        higher_is_better=kept["higher_is_better"],
    )

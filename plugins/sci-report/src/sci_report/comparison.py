"""The page of a comparison: verdict, figure, table, settings that differ, and the rows that runs answer differently."""

from __future__ import annotations

import csv
import math
import pathlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sci.api import Difference, RunContext, Score
from sci.api.numbers import difference, fixed, p_value, row_decimals
from sci_report import intervals
from sci_report.catalogue import recognize
from sci_report.grids import Grid, grid
from sci_report.illustration import Illustration
from sci_report.prose import typeset
from sci_report.view import Plot, Shelf
from sci_report.words import Data, Name, Sentence, Text, phrase

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
        Part("results", [], _results(found)),
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
    return intervals.pair(found["metric"], scores, known, digits)


def _difference(one: Mapping[str, Any]) -> Difference:
    low, high = one["interval"] or (math.nan, math.nan)
    p, detectable = (_number(one[key]) for key in ("p", "detectable"))
    return Difference(_number(one["difference"]), low, high, one["confidence"], p, one["method"], detectable)


def _number(value: float | None) -> float:
    return math.nan if value is None else value


def _results(found: Mapping[str, Any]) -> Grid:
    rows: list[list[Text]] = []
    for one in found["comparisons"]:
        paired = _difference(one)
        values = [_number(score["value"]) for score in one["scores"]]
        digits = row_decimals(values, [paired.high - paired.low])
        shown = difference(paired.value, paired.low, paired.high, digits=digits)
        word = phrase("comparison.separable" if one["verdict"] == "separable" else "comparison.not")
        ends = f"{shown.value} [{shown.low}, {shown.high}]"
        p = p_value(_number(one["p_holm"]))
        head = [Name(one["metric"]), Name(one["a"]), Name(one["b"])]
        rows.append([*head, *(fixed(value, digits) for value in values), ends, p, word, Sentence(one["method"])])
    names = ("metric", "value-a", "value-b", "difference", "holm", "verdict", "method")
    metric, a, b, *rest = (phrase(f"comparison.{name}") for name in names)
    return grid(phrase("comparison.results"), [metric, "a", "b", a, b, *rest], rows, (3, 4, 5, 6))


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

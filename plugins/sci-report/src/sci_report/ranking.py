"""How well probabilities put rows in order: ROC and precision-recall curves with bands."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from sci.api import Band, ComponentConfig, Finding, Predictions, RunContext, Score, Study, Table
from sci.api.numbers import confidence, count, fixed, percent
from sci_report.chances import Chances, absent, chances
from sci_report.curves import (
    GRID,
    PrecisionRecall,
    Roc,
    average_precision,
    found,
    precisions,
    rates,
    roc_area,
    scored,
)
from sci_report.drawing import NARROW, WIDE, Sheet
from sci_report.illustration import Illustration, finding, note, with_interval
from sci_report.svg import PALETTE
from sci_report.weighted import Quantity, Weighted
from sci_report.words import Name, Phrase, phrase

PANELS = 9
"""Classes that are drawn; the table has them all."""
VERTICES = 2000
"""A curve with more points is drawn at the places of its band."""
RARE = 0.2
"""A class with a smaller share of the rows is better looked at by precision and recall."""


@dataclass(frozen=True)
class Drawn:
    """The curve of one class against all others.

    Args:
        name: the class.
        area: under the curve.
        band: at the places of `GRID`.
        heights: the curve at these places.
        line: the whole curve, x and y.
        point: where the labels lie, x and y.
        counts: of the rows of the class and of others: how many there are, and how many are called the class.
    """

    name: str
    area: Score
    band: Band
    heights: np.ndarray
    line: tuple[np.ndarray, np.ndarray]
    point: tuple[float, float]
    counts: tuple[int, int, int, int]

    @property
    def share(self) -> float:
        """Of the rows that are of the class."""
        return self.counts[0] / (self.counts[0] + self.counts[1])


class RocCurve:
    """The analysis `roc-curve`: true against false positive rate, at every threshold.

    Fawcett, An introduction to ROC analysis (2006), doi:10.1016/j.patrec.2005.10.010. Of two classes it is the curve of
    the positive one, of more there is one for each class against the rest.
    """

    name = "roc-curve"
    id = "roc"
    metric = "roc-auc"
    axes = ("false positive rate", "true positive rate")
    curve: Any = Roc

    def __init__(self, config: ComponentConfig) -> None:
        self.config = config

    def analyze(self, study: Study, context: RunContext) -> Sequence[Finding]:
        """One figure; a sentence where the test rows have one class or the model gives no probabilities."""
        title = phrase(f"finding.{self.id}.plain")
        answers = chances(study)
        if answers is None:
            return absent(study, self.name, "results", title)
        occurring = np.flatnonzero(answers.counts)
        if len(occurring) < 2:
            text = phrase("finding.one-class", name=Name(answers.names[occurring[0]]))
            return [note(self.name, "results", title, text)]
        if len(answers.names) == 2:
            drawn = self._drawn(answers, answers.positive, context)
            return [finding(context, self.name, "results", self._said(drawn), self._figure(drawn))]
        return [finding(context, self.name, "results", "", self._panels(answers, occurring, context))]

    def _area(self, predictions: Predictions, code: int) -> Weighted:
        return roc_area(*scored(predictions, code))

    def _line(self, right: np.ndarray, wrong: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return rates(right, wrong)

    def _point(self, counts: tuple[int, int, int, int]) -> tuple[float, float]:
        positive, other, right, wrong = counts
        return wrong / other, right / positive

    def _chance(self, axes: Axes, share: float) -> None:
        axes.plot([0, 1], [0, 1], color=PALETTE["mut"], linewidth=1, linestyle=(0, (4, 4)))

    def _said(self, drawn: Drawn) -> Phrase:
        if drawn.share >= RARE:
            return phrase(f"finding.{self.id}.area", area=with_interval(drawn.area))
        return phrase(
            f"finding.{self.id}.area.rare",
            area=with_interval(drawn.area),
            name=Name(drawn.name),
            share=percent(drawn.counts[0], sum(drawn.counts[:2])),
        )

    def _drawn(self, answers: Chances, code: int, context: RunContext) -> Drawn:
        rows = answers.rows
        area = context.score(Quantity(partial(self._area, code=code)), rows)
        curve = self.curve(code)
        every = np.ones((1, len(rows)))
        x, y = (part[0] for part in self._line(*found(*scored(rows, code))(every)))
        heights = curve.weighted(rows)(every)[0]
        true, said = answers.truth == code, rows.codes("label") == code
        counts = (int(true.sum()), int((~true).sum()), int((true & said).sum()), int((~true & said).sum()))
        line = (x, y) if len(x) <= VERTICES else (GRID, heights)
        band = context.band(curve, rows)
        return Drawn(answers.names[code], area, band, heights, line, self._point(counts), counts)

    def _figure(self, drawn: Drawn) -> Illustration:
        sheet = Sheet(NARROW, 346)
        axes = sheet.axes(46, 34, 270, 262)
        _ticks(axes, 5, labels=True)
        self._curve(axes, drawn)
        sheet.words(46, 20, phrase(f"figure.{self.id}.y"), weight="bold")
        sheet.words(181, 340, phrase(f"figure.{self.id}.x"), color="mut", ha="center", size=11.5)
        positive, other, right, wrong = drawn.counts
        caption = phrase(
            f"finding.{self.id}.caption",
            confidence=confidence(drawn.band.confidence),
            method=drawn.band.method,
            right=count(right),
            positive=count(positive),
            name=Name(drawn.name),
            wrong=count(wrong),
            other=count(other),
        )
        rows = [list(map(float, row)) for row in zip(GRID, drawn.heights, drawn.band.low, drawn.band.high, strict=True)]
        description = f"{self.metric} {drawn.area.value:.3f}; at the labels {drawn.point[0]:.3f}, {drawn.point[1]:.3f}"
        return Illustration(
            self.name,
            sheet.picture(description),
            phrase(f"finding.{self.id}.title", area=with_interval(drawn.area).values["value"], name=Name(drawn.name)),
            caption,
            Table([*self.axes, "low", "high"], rows[::5]),
            self._numbers([drawn]),
        )

    def _panels(self, answers: Chances, occurring: np.ndarray, context: RunContext) -> Illustration:
        every = np.ones((1, len(answers.rows)))
        areas = np.array([self._area(answers.rows, int(code))(every)[0] for code in occurring])
        order = np.argsort(areas, kind="stable")
        shown = [self._drawn(answers, int(occurring[at]), context) for at in order[:PANELS]]
        lines = math.ceil(len(shown) / 3)
        sheet = Sheet(WIDE, 34 + 208 * lines + 22)
        for at, drawn in enumerate(shown):
            left, top = 46 + 208 * (at % 3), 54 + 208 * (at // 3)
            axes = sheet.axes(left, top, 168, 150)
            _ticks(axes, 3, labels=at % 3 == 0)
            self._curve(axes, drawn)
            sheet.words(left, top - 10, Name(drawn.name), weight="bold", limit=18)
            value = fixed(drawn.area.value, 3)
            sheet.words(left + 168, top - 10, value, ha="right", color="mut", size=11.5)
        sheet.words(46, 20, phrase(f"figure.{self.id}.both"), color="mut", size=11.5, limit=90)
        table = [[one.name, one.area.value, one.area.low, one.area.high, one.counts[0]] for one in shown]
        table += [
            [answers.names[occurring[at]], float(areas[at]), None, None, int(answers.counts[occurring[at]])]
            for at in order[PANELS:]
        ]
        first = shown[0]
        return Illustration(
            self.name,
            sheet.picture("; ".join(f"{one.name} {one.area.value:.3f}" for one in shown)),
            phrase(f"finding.{self.id}.lowest", name=Name(first.name), area=fixed(first.area.value, 3)),
            phrase(
                f"finding.{self.id}.panels",
                shown=count(len(shown)),
                count=count(len(answers.names)),
                confidence=confidence(first.band.confidence),
                method=first.band.method,
            ),
            Table(["class", self.metric, "low", "high", "n"], table),
            self._numbers(shown),
        )

    def _curve(self, axes: Axes, drawn: Drawn) -> None:
        self._chance(axes, drawn.share)
        if np.isfinite(drawn.band.low).any():
            axes.fill_between(GRID, drawn.band.low, drawn.band.high, color=PALETTE["m"], alpha=0.16, linewidth=0)
        axes.plot(*drawn.line, color=PALETTE["m"], linewidth=2, clip_on=False, **self._style())
        x, y = drawn.point
        if math.isfinite(x) and math.isfinite(y):
            axes.plot([x], [y], "o", ms=9, mfc=PALETTE["m"], mec=PALETTE["bg"], mew=1.5, clip_on=False, zorder=4)

    def _style(self) -> dict[str, Any]:
        return {}

    def _numbers(self, shown: Sequence[Drawn]) -> dict[str, Any]:
        x, y = self.axes
        return {
            "classes": [
                {
                    "class": one.name,
                    self.metric: one.area,
                    "band": {"method": one.band.method, "confidence": one.band.confidence},
                    "curve": {x: GRID, y: one.heights, "low": one.band.low, "high": one.band.high},
                    "labels": dict(zip(self.axes, one.point, strict=True)),
                }
                for one in shown
            ]
        }


class PrecisionRecallCurve(RocCurve):
    """The analysis `precision-recall`: precision at every recall, which the share of the class sets in proportion.

    Davis and Goadrich, The relationship between precision-recall and ROC curves (2006), doi:10.1145/1143844.1143874.
    """

    name = "precision-recall"
    id = "pr"
    metric = "pr-auc"
    axes = ("recall", "precision")
    curve: Any = PrecisionRecall

    def _area(self, predictions: Predictions, code: int) -> Weighted:
        return average_precision(*scored(predictions, code))

    def _line(self, right: np.ndarray, wrong: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        recall, precision = precisions(right, wrong)
        return np.insert(recall, 0, 0.0, axis=1), np.insert(precision, 0, precision[:, 0], axis=1)

    def _point(self, counts: tuple[int, int, int, int]) -> tuple[float, float]:
        positive, _, right, wrong = counts
        return right / positive, right / (right + wrong) if right + wrong else math.nan

    def _chance(self, axes: Axes, share: float) -> None:
        axes.plot([0, 1], [share, share], color=PALETTE["mut"], linewidth=1, linestyle=(0, (4, 4)))

    def _said(self, drawn: Drawn) -> Phrase:
        base = percent(drawn.counts[0], sum(drawn.counts[:2]))
        return phrase("finding.pr.area", area=with_interval(drawn.area), name=Name(drawn.name), share=base)

    def _style(self) -> dict[str, Any]:
        return {"drawstyle": "steps-pre"}


def _ticks(axes: Axes, places: int, labels: bool) -> None:
    axes.set(xlim=(0, 1), ylim=(0, 1))
    at = np.linspace(0, 1, places)
    named = [f"{place:g}" for place in at]
    axes.set_xticks(at, labels=named)
    axes.set_yticks(at, labels=named if labels else [])

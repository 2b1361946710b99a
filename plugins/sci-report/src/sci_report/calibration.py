"""Calibration: a reliability diagram, the expected calibration error with what chance adds to it, the Brier score."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from sci.api import Finding, Predictions, RunContext, Study, Table
from sci.api.numbers import count, fixed, percent, row_decimals
from sci_report.chances import Chances, absent, chances
from sci_report.config import CalibrationConfig
from sci_report.drawing import NARROW, Sheet, ticks
from sci_report.illustration import Illustration, finding, with_interval
from sci_report.reliability import (
    METHOD,
    Asked,
    Bin,
    ExpectedError,
    by_chance,
    down_to_zero,
    edges,
    reliability,
    unsurprising,
    wilson,
)
from sci_report.svg import PALETTE
from sci_report.weighted import Mean, carrying
from sci_report.words import Name, Phrase, Text, phrase

_HOLLOW = 10
"""A bin with fewer rows is drawn hollow."""


@dataclass(frozen=True)
class Question:
    """Which probability is looked at: that of the positive one of two classes, or that of the answer.

    Args:
        asked: predictions to probability and whether it came true.
        name: the class; empty where it is that of the answer.
    """

    asked: Asked
    name: str


class Calibration:
    """The analysis `calibration`.

    Of two classes the probability of the positive one is looked at; of more, that of the answer (Guo, Pleiss, Sun,
    Weinberger 2017, arXiv:1706.04599, section 2).
    """

    def __init__(self, config: CalibrationConfig) -> None:
        self.config = config

    def analyze(self, study: Study, context: RunContext) -> Sequence[Finding]:
        """A reliability diagram with its numbers; a sentence where the model gives no probabilities."""
        answers = chances(study)
        if answers is None:
            return absent(study, "calibration", "calibration", phrase("finding.calibration.plain"))
        question = _question(answers)
        probability, truth = question.asked(answers.rows)
        parts = edges(probability, self.config.bins, self.config.binning)
        generator = context.random("calibration")
        expected, limit = by_chance(probability, parts, self.config.samples, generator)
        error = context.score(ExpectedError(question.asked, parts), answers.rows)
        if not {"child", "group"} & set(answers.rows.table.column_names) and not math.isnan(error.low):
            low, high = unsurprising(probability, truth, parts, error.confidence, generator)
            error = replace(error, low=low, high=high, method=METHOD)
        error = down_to_zero(error, limit)
        brier, constant = (
            context.score(Mean((0.0, 2.0), False), carrying(answers.rows, distance(answers))),
            base(answers),
        )
        digits = row_decimals([error.value, expected], [error.high - error.low])
        text = phrase(
            "finding.calibration.error",
            error=with_interval(error, digits),
            binning=phrase("part.bins.width" if self.config.binning == "width" else "part.bins.mass"),
            bins=count(len(parts) - 1),
            expected=fixed(expected, digits),
            limit=fixed(limit, digits),
            brier=with_interval(brier),
            constant=fixed(constant, row_decimals([constant], [brier.high - brier.low])),
        )
        numbers = {
            "expected-calibration-error": error,
            "bins": {"binning": self.config.binning, "edges": parts},
            "of-exact-probabilities": {"mean": expected, "quantile-95": limit, "samples": self.config.samples},
            "brier": brier,
            "brier-of-class-shares": constant,
        }
        drawn = _draw(question, reliability(probability, truth, parts), probability, numbers)
        return [finding(context, "calibration", "calibration", text, drawn)]


def _question(answers: Chances) -> Question:
    if len(answers.names) == 2:
        return Question(partial(_of_class, answers.positive), answers.names[answers.positive])
    return Question(_of_answer, "")


def _of_class(code: int, predictions: Predictions) -> tuple[np.ndarray, np.ndarray]:
    probability = np.asarray(predictions.prediction("probability"), dtype=np.float64)
    return probability[:, code], predictions.codes("target") == code


def _of_answer(predictions: Predictions) -> tuple[np.ndarray, np.ndarray]:
    probability, said = np.asarray(predictions.prediction("probability"), dtype=np.float64), predictions.codes("label")
    return probability[np.arange(len(said)), said], predictions.codes("target") == said


def distance(answers: Chances) -> np.ndarray:
    """The Brier score of each row, float64 [n]: Brier (1950), doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2.

    The square for one of two classes, from 0 to 1; the sum over more than two, from 0 to 2.
    """
    true = np.arange(len(answers.names)) == answers.truth[:, None]
    return np.asarray(((answers.probability - true) ** 2).sum(axis=1) / (2 if len(answers.names) == 2 else 1))


def base(answers: Chances) -> float:
    """The Brier score where every row gets the shares of the classes among these rows."""
    shares = answers.counts / answers.counts.sum()
    return float((1 - (shares**2).sum()) / (1 if len(shares) > 2 else 2))


def headline(table: Sequence[Bin], name: str) -> Phrase:
    """That every large bin agrees, or which way the largest disagreement goes; corrected for the number of bins.

    Without a name it is about answers.
    """
    large = [bin for bin in table if bin.n >= _HOLLOW]
    if not large:
        return phrase("finding.calibration.few")
    off = [bin for bin in large if not _agrees(bin, 1 - 0.05 / len(large))]
    if not off:
        return phrase("finding.calibration.agrees", bins=count(len(large)))
    worst = max(off, key=lambda bin: bin.n * abs(bin.predicted - bin.observed))
    way = "over" if worst.predicted > worst.observed else "under"
    return phrase(
        f"finding.calibration.{way}" if name else f"finding.calibration.{way}.answer",
        **({"name": Name(name)} if name else {}),
        predicted=percent(worst.predicted, 1),
        observed=percent(worst.observed, 1),
        n=count(worst.n),
    )


def _agrees(bin: Bin, confidence: float) -> bool:
    low, high = wilson(round(bin.observed * bin.n), bin.n, confidence)
    return low <= bin.predicted <= high


def _draw(
    question: Question, table: Sequence[Bin], probability: np.ndarray, numbers: dict[str, object]
) -> Illustration:
    sheet = Sheet(NARROW, 360)
    axes = sheet.axes(46, 34, 270, 200)
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.set_xticks(np.linspace(0, 1, 5), labels=[])
    ticks(axes.yaxis, 4)
    axes.plot([0, 1], [0, 1], color=PALETTE["mut"], linewidth=1, linestyle=(0, (4, 4)))
    for bin in table:
        many = bin.n >= _HOLLOW
        color = PALETTE["m" if many else "g"]
        axes.plot(
            [bin.predicted] * 2,
            [bin.lower, bin.upper],
            color=color,
            linewidth=3 if many else 1.5,
            solid_capstyle="round",
            clip_on=False,
            zorder=3,
        )
        fill, edge = (color, PALETTE["bg"]) if many else (PALETTE["bg"], color)
        axes.plot(
            [bin.predicted],
            [bin.observed],
            "o",
            ms=10 if many else 8,
            mfc=fill,
            mec=edge,
            mew=1.5,
            clip_on=False,
            zorder=4,
        )
    _histogram(sheet, probability)
    upwards, across = _quantities(question.name)
    sheet.words(46, 20, upwards, weight="bold", limit=20)
    sheet.words(181, 354, across, color="mut", ha="center", size=11.5, limit=20)
    columns = ["from", "to", "n", "mean predicted", "observed", "low", "high"]
    rows = [[b.low, b.high, b.n, b.predicted, b.observed, b.lower, b.upper] for b in table]
    description = "; ".join(f"{b.predicted:.2f} predicted, {b.observed:.2f} observed, n = {b.n}" for b in table)
    outer = sum(bin.n for bin in table if bin.low == 0 or bin.high == 1)
    total = sum(bin.n for bin in table)
    caption = phrase("finding.calibration.caption", outer=count(outer), n=count(total))
    title = headline(table, question.name)
    return Illustration("calibration", sheet.picture(description), title, caption, Table(columns, rows), numbers)


def _quantities(name: str) -> tuple[Text, Text]:
    if name:
        return phrase("figure.observed", name=Name(name)), phrase("figure.probability", name=Name(name))
    return phrase("figure.observed.answer"), phrase("figure.probability.answer")


def _histogram(sheet: Sheet, probability: np.ndarray) -> None:
    counts, edges = np.histogram(probability, bins=20, range=(0, 1))
    axes = sheet.axes(46, 270, 270, 46)
    axes.grid(False)
    axes.set(xlim=(0, 1), ylim=(0, math.log10(max(counts.max(), 1)) + 1.2))
    axes.set_xticks(np.linspace(0, 1, 5), labels=["0", "0.25", "0.5", "0.75", "1"])
    axes.yaxis.set_visible(False)
    heights = [math.log10(n) + 1 if n else 0.0 for n in counts]
    axes.bar(edges[:-1] + 0.025, heights, width=0.043, color=PALETTE["m"], alpha=0.55, linewidth=0)
    axes.axhline(0, color=PALETTE["ink"], linewidth=1, clip_on=False)
    sheet.words(181, 262, phrase("figure.histogram"), color="mut", size=11.5, ha="center")

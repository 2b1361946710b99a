"""The analysis `error-browser`: how sure wrong answers are, how far off numbers are, or how little texts are like their
references, and which rows to look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sci.api import Evaluation, Finding, RunContext, Study, Table
from sci.api.numbers import confidence as share
from sci.api.numbers import count, fixed, significant
from sci_report import facts
from sci_report.config import ErrorBrowserConfig
from sci_report.drawing import NARROW, Sheet, ticks
from sci_report.illustration import Illustration, finding, note
from sci_report.inputs import inputs
from sci_report.mistakes import confidence, likeness, ordered, place
from sci_report.prose import plain
from sci_report.svg import PALETTE
from sci_report.words import Data, phrase

NAME = "error-browser"
TEXTS = {"reference": "target", "answer": "prediction.text"}
SURE = 0.9
"""From this probability on an answer counts as sure."""


class ErrorBrowser:
    """The analysis `error-browser`: its settings also say what the report's section on mistakes shows of each row."""

    def __init__(self, config: ErrorBrowserConfig) -> None:
        self.config = config

    def analyze(self, study: Study, context: RunContext) -> Sequence[Finding]:
        """A figure, and a list of rows with their inputs in its numbers; a sentence where nothing is wrong."""
        if not study.evaluations or not len(study.evaluations[0].test):
            return []
        evaluation = study.evaluations[0]
        if facts.classifies(evaluation.test):
            return self._classified(evaluation, context)
        if facts.regresses(evaluation.test):
            return self._regressed(study, evaluation, context)
        return self._written(evaluation, context) if facts.writes(evaluation.test) else []

    def _classified(self, evaluation: Evaluation, context: RunContext) -> Sequence[Finding]:
        test = evaluation.test
        wrong = test.codes("target") != test.codes("label")
        sure = confidence(test)
        if not wrong.any() or sure is None:
            id = "finding.browser.none" if sure is not None else "finding.no-probabilities"
            text = phrase(id, n=count(len(test))) if sure is not None else phrase(id)
            return [note(NAME, "mistakes", phrase("finding.browser.plain"), text)]
        rows = [
            [int(test.ids[at]), *_names(evaluation, at), float(sure[at])] for at in ordered(test)[: self.config.most]
        ]
        certain = int((sure[wrong] >= SURE).sum())
        title = phrase(
            "finding.browser.title",
            sure=count(certain),
            wrong=count(int(wrong.sum())),
            level=share(SURE),
            right=count(int((sure[~wrong] >= SURE).sum())),
            n=count(int((~wrong).sum())),
        )
        sheet = _histograms(sure, wrong)
        picture = sheet.picture(f"{certain} of {wrong.sum()} wrong answers with a probability of at least {SURE}")
        table = Table(["row", "true", "predicted", "probability"], rows)
        caption = phrase("finding.browser.caption")
        drawn = Illustration(NAME, picture, title, caption, table, self._numbers(evaluation, table))
        return [finding(context, NAME, "mistakes", "", drawn)]

    def _regressed(self, study: Study, evaluation: Evaluation, context: RunContext) -> Sequence[Finding]:
        test, unit = evaluation.test, facts.unit(study)
        true, said = (np.asarray(part, dtype=np.float64) for part in (test.target(), test.prediction("value")))
        order = ordered(test)
        off = np.abs(said - true)[order]
        if len(off) < 2:
            return []
        rows = [[int(test.ids[at]), float(true[at]), float(said[at])] for at in order[: self.config.most]]
        half, tenth = (f"{significant(float(np.quantile(off, share)))} {unit}".strip() for share in (0.5, 0.9))
        sheet = _tail(off, unit)
        picture = sheet.picture(f"half of the rows are off by less than {half}, a tenth by more than {tenth}")
        table = Table(["row", "true", "predicted"], rows)
        title = phrase("finding.browser.off", half=half, tenth=tenth)
        caption = phrase("finding.browser.off.caption")
        drawn = Illustration(NAME, picture, title, caption, table, self._numbers(evaluation, table))
        return [finding(context, NAME, "mistakes", "", drawn)]

    def _written(self, evaluation: Evaluation, context: RunContext) -> Sequence[Finding]:
        test = evaluation.test
        alike = likeness(test)
        true, said = (test.table.column(name).to_pylist() for name in TEXTS.values())
        other = [at for at in np.argsort(alike, kind="stable").tolist() if true[at] != said[at]]
        chosen = other[: self.config.most]
        texts = [
            {name: plain(Data(text[at] or ""), "en") for name, text in zip(TEXTS, (true, said), strict=True)}
            for at in chosen
        ]
        table = Table(["row", "chrf"], [[int(test.ids[at]), float(alike[at])] for at in chosen])
        half, tenth = (fixed(float(np.quantile(alike, share, method="lower")), 1) for share in (0.5, 0.1))
        sheet = _likenesses(alike)
        picture = sheet.picture(f"half of the answers have a chrF of at least {half}, nine in ten of at least {tenth}")
        title = phrase("finding.browser.alike", half=half, tenth=tenth)
        same, n = count(len(test) - len(other)), count(len(test))
        caption = phrase("finding.browser.alike.caption", same=same, n=n)
        drawn = Illustration(NAME, picture, title, caption, table, self._numbers(evaluation, table, texts))
        return [finding(context, NAME, "mistakes", "", drawn)]

    def _numbers(
        self, evaluation: Evaluation, table: Table, more: Sequence[Mapping[str, Any]] = ()
    ) -> Mapping[str, Any]:
        """The listed rows with their inputs as text, cut as in the report, and `more` of each."""
        return {
            "fold": evaluation.fold,
            "mistakes": [
                {**dict(zip(table.columns, row, strict=True)), **also, "inputs": self._inputs(evaluation, int(row[0]))}
                for row, also in zip(table.rows, more or [{}] * len(table.rows), strict=True)
            ],
        }

    def _inputs(self, evaluation: Evaluation, id: int) -> dict[str, str]:
        at = place(evaluation, id)
        names = list(self.config.columns or evaluation.rows.schema.inputs)
        shown = [] if at is None else inputs(evaluation.rows, at, self.config.columns, media=False)
        return {name: plain(one.text, "en") for name, one in zip(names, shown, strict=False)}


def _names(evaluation: Evaluation, at: int) -> list[str]:
    table = evaluation.test.table
    return [str(table.column(name)[at].as_py()) for name in ("target", "prediction.label")]


def _histograms(sure: np.ndarray, wrong: np.ndarray) -> Sheet:
    sheet = Sheet(NARROW, 326)
    parts = (("figure.browser.right", "m", sure[~wrong], 40), ("figure.browser.wrong", "bad", sure[wrong], 186))
    for id, color, values, top in parts:
        counts, edges = np.histogram(values, bins=20, range=(0, 1))
        axes = sheet.axes(46, top, 270, 92)
        axes.set(xlim=(0, 1), ylim=(0, max(int(counts.max()), 1) * 1.1))
        axes.set_xticks(np.linspace(0, 1, 5), labels=["0", "0.25", "0.5", "0.75", "1"])
        ticks(axes.yaxis, 3, whole=True)
        axes.bar(edges[:-1] + 0.025, counts, width=0.043, color=PALETTE[color], linewidth=0)
        sheet.words(46, top - 10, phrase(id, n=count(len(values))), weight="bold")
    sheet.words(181, 320, phrase("figure.probability.answer"), color="mut", ha="center", size=11.5)
    return sheet


def _likenesses(alike: np.ndarray) -> Sheet:
    sheet = Sheet(NARROW, 220)
    counts, edges = np.histogram(alike, bins=20, range=(0, 100))
    axes = sheet.axes(46, 34, 270, 136)
    axes.set(xlim=(0, 100), ylim=(0, int(counts.max()) * 1.1))
    axes.set_xticks(np.linspace(0, 100, 5), labels=["0", "25", "50", "75", "100"])
    ticks(axes.yaxis, 3, whole=True)
    axes.bar(edges[:-1] + 2.5, counts, width=4.3, color=PALETTE["m"], linewidth=0)
    sheet.words(46, 20, phrase("figure.browser.alike", n=count(len(alike))), weight="bold")
    sheet.words(181, 212, phrase("figure.browser.chrf"), color="mut", ha="center", size=11.5)
    return sheet


def _tail(off: np.ndarray, unit: str) -> Sheet:
    sheet = Sheet(NARROW, 300)
    axes = sheet.axes(46, 34, 270, 216)
    axes.set(xlim=(0, float(off.max()) * 1.04 or 1.0), ylim=(0, 1))
    ticks(axes.xaxis, 4)
    axes.set_yticks(np.linspace(0, 1, 5), labels=["0", "0.25", "0.5", "0.75", "1"])
    falling = np.sort(off)
    axes.plot(
        falling, 1 - np.arange(1, len(off) + 1) / len(off), color=PALETTE["m"], linewidth=2, drawstyle="steps-post"
    )
    sheet.words(46, 20, phrase("figure.browser.more"), weight="bold")
    words = phrase("figure.browser.off.unit", unit=unit) if unit else phrase("figure.browser.off")
    sheet.words(181, 292, words, color="mut", ha="center", size=11.5)
    return sheet

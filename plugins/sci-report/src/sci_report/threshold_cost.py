"""The analysis `threshold-cost`: the threshold that is cheapest on validation rows, and what it costs on test rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sci.api import Band, Finding, Predictions, RunContext, Score, Study, Table
from sci.api.numbers import confidence, count, difference, fixed, row_decimals, significant
from sci_report import chances, facts
from sci_report.chances import Chances
from sci_report.config import ThresholdCostConfig
from sci_report.costs import CostCurve, Costs
from sci_report.curves import GRID, scored
from sci_report.drawing import NARROW, Sheet, ticks
from sci_report.illustration import Illustration, finding, note, with_interval
from sci_report.svg import PALETTE
from sci_report.weighted import Mean, carrying
from sci_report.words import Phrase, phrase

NAME = "threshold-cost"


@dataclass(frozen=True)
class Fold:
    """One fold: its test rows, and the threshold that its validation rows chose."""

    test: Chances
    validation: Chances
    threshold: float


@dataclass(frozen=True)
class Measured:
    """Mean costs of a test row: at the chosen threshold, at 0.5, with the labels as they are, with one answer for all,
    and how much the chosen threshold saves against 0.5."""

    chosen: Score
    half: Score
    labels: Score
    all: Score
    none: Score
    saving: Score


class ThresholdCost:
    """The analysis `threshold-cost`.

    The threshold is chosen on the validation rows of each fold and measured on its test rows. Elkan, The foundations of
    cost-sensitive learning, IJCAI 2001: for calibrated probabilities the best one is
    ``false_positive / (false_positive + false_negative)``.
    """

    def __init__(self, config: ThresholdCostConfig) -> None:
        self.config = config
        self.costs = Costs(config.false_positive, config.false_negative)

    def analyze(self, study: Study, context: RunContext) -> Sequence[Finding]:
        """One figure; a sentence where there are not two classes, no probabilities or no validation rows."""
        title = phrase("finding.cost.plain")
        answers = chances.chances(study)
        if answers is None:
            return chances.absent(study, NAME, "results", title)
        if len(answers.names) != 2:
            return [note(NAME, "results", title, phrase("finding.cost.classes", count=count(len(answers.names))))]
        folds = self._folds(study)
        if not folds:
            return [note(NAME, "results", title, phrase("finding.cost.validation"))]
        rows = Predictions.pool([fold.test.rows for fold in folds])
        measured = self._measured(folds, rows, context)
        band = context.band(CostCurve(self.costs, answers.positive), rows)
        return [finding(context, NAME, "results", self._said(folds, measured), self._figure(folds, measured, band))]

    def _folds(self, study: Study) -> list[Fold]:
        found = []
        for evaluation in facts.once(study.evaluations):
            test = chances.of(evaluation.test)
            validation = None if evaluation.validation is None else chances.of(evaluation.validation)
            if test is None or validation is None:
                return []
            found.append(Fold(test, validation, self.costs.cheapest(*scored(validation.rows, validation.positive))))
        return found

    def _measured(self, folds: Sequence[Fold], rows: Predictions, context: RunContext) -> Measured:
        parts = [scored(fold.test.rows, fold.test.positive) for fold in folds]
        scores, positive = (np.concatenate(part) for part in zip(*parts, strict=True))
        thresholds = np.repeat([fold.threshold for fold in folds], [len(fold.test.rows) for fold in folds])
        labels = rows.codes("label") == folds[0].test.positive
        chosen, half = (self.costs.of(scores >= threshold, positive) for threshold in (thresholds, np.full(1, 0.5)))
        every = np.ones(len(positive), dtype=bool)
        most = max(self.costs.false_positive, self.costs.false_negative)

        def mean(values: np.ndarray) -> Score:
            return context.score(Mean((0.0, most), False), carrying(rows, values))

        return Measured(
            mean(chosen),
            mean(half),
            mean(self.costs.of(labels, positive)),
            mean(self.costs.of(every, positive)),
            mean(self.costs.of(~every, positive)),
            context.score(Mean((-most, most), True), carrying(rows, half - chosen)),
        )

    def _said(self, folds: Sequence[Fold], measured: Measured) -> Phrase:
        saved = measured.saving
        shown = difference(saved.value, saved.low, saved.high)
        best = self.costs.false_positive / (self.costs.false_positive + self.costs.false_negative)
        return phrase(
            "finding.cost.said",
            false_positive=f"{self.costs.false_positive:g}",
            false_negative=f"{self.costs.false_negative:g}",
            n=count(sum(len(fold.validation.rows) for fold in folds)),
            chosen=with_interval(measured.chosen),
            saving=shown.value,
            low=shown.low,
            high=shown.high,
            constant=significant(min(measured.all.value, measured.none.value)),
            best=significant(best),
        )

    def _figure(self, folds: Sequence[Fold], measured: Measured, band: Band) -> Illustration:
        tests, validations = (
            Predictions.pool(rows)
            for rows in ([fold.test.rows for fold in folds], [fold.validation.rows for fold in folds])
        )
        curve = CostCurve(self.costs, folds[0].test.positive)
        test, validation = (curve.weighted(rows)(np.ones((1, len(rows))))[0] for rows in (tests, validations))
        sheet = _draw(folds, measured.chosen.value, test, validation, band)
        digits = row_decimals(
            [measured.chosen.value, measured.half.value], [found.high - found.low for found in (measured.chosen,)]
        )
        title = phrase(
            "finding.cost.title" if len(folds) == 1 else "finding.cost.title.folds",
            threshold=fixed(min(float(np.mean([fold.threshold for fold in folds])), 1.0), 3),
            chosen=fixed(measured.chosen.value, digits),
            half=fixed(measured.half.value, digits),
        )
        points = zip(GRID, test, band.low, band.high, validation, strict=True)
        table = Table(
            ["threshold", "test", "low", "high", "validation"], [list(map(float, row)) for row in points][::5]
        )
        numbers = {
            "costs": {"false-positive": self.costs.false_positive, "false-negative": self.costs.false_negative},
            "thresholds": {"chosen": [fold.threshold for fold in folds], "on": "validation"},
            "test": {
                "chosen": measured.chosen,
                "0.5": measured.half,
                "labels": measured.labels,
                "all-positive": measured.all,
                "none-positive": measured.none,
                "saving-against-0.5": measured.saving,
            },
            "curve": {"threshold": GRID, "test": test, "low": band.low, "high": band.high, "validation": validation},
        }
        caption = phrase("finding.cost.caption", confidence=confidence(band.confidence), method=band.method)
        picture = sheet.picture(
            f"cost {measured.chosen.value:.3g} at the chosen threshold, {measured.half.value:.3g} at 0.5"
        )
        return Illustration(NAME, picture, title, caption, table, numbers)


def _draw(folds: Sequence[Fold], chosen: float, test: np.ndarray, validation: np.ndarray, band: Band) -> Sheet:
    sheet = Sheet(NARROW, 320)
    axes = sheet.axes(54, 34, 262, 226)
    top = float(np.nanmax([*test, *validation, *band.high, chosen])) * 1.08
    axes.set(xlim=(0, 1), ylim=(0, top))
    ticks(axes.xaxis, 4)
    ticks(axes.yaxis, 4)
    for fold in folds:
        axes.axvline(min(fold.threshold, 1.0), color=PALETTE["mut"], linewidth=1, linestyle=(0, (4, 4)))
    if np.isfinite(band.low).any():
        axes.fill_between(GRID, band.low, band.high, color=PALETTE["m"], alpha=0.16, linewidth=0)
    axes.plot(GRID, validation, color=PALETTE["v"], linewidth=1.5, linestyle=(0, (5, 2)))
    axes.plot(GRID, test, color=PALETTE["m"], linewidth=2)
    at = min(float(np.mean([fold.threshold for fold in folds])), 1.0)
    axes.plot([at], [chosen], "o", ms=9, mfc=PALETTE["m"], mec=PALETTE["bg"], mew=1.5, zorder=4, clip_on=False)
    sheet.words(54, 20, phrase("figure.cost.y"), weight="bold")
    sheet.words(185, 298, phrase("figure.cost.x"), color="mut", ha="center", size=11.5)
    sheet.words(54, 316, phrase("figure.cost.test"), color="m", size=11.5)
    sheet.words(316, 316, phrase("figure.cost.validation"), color="v", size=11.5, ha="right")
    return sheet

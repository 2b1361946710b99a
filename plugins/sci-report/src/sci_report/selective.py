"""The analysis `selective-prediction`: what is gained where the least sure rows are left to somebody else."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sci.api import Finding, Predictions, RunContext, Study, Table
from sci.api.numbers import confidence, count, fixed, percent, row_decimals
from sci_report.chances import absent, chances
from sci_report.config import SelectiveConfig
from sci_report.drawing import NARROW, Sheet, ticks
from sci_report.illustration import Illustration, finding, note, with_interval
from sci_report.risk import COVERAGES, RiskCoverage, area, smallest_area
from sci_report.svg import PALETTE
from sci_report.weighted import Quantity
from sci_report.words import phrase


class SelectivePrediction:
    """The analysis `selective-prediction`: the share of wrong answers among the surest ones.

    Geifman and El-Yaniv, Selective classification for deep neural networks (2017), arXiv:1705.08500. An answer is as
    sure as its probability.
    """

    def __init__(self, config: SelectiveConfig) -> None:
        self.config = config

    def analyze(self, study: Study, context: RunContext) -> Sequence[Finding]:
        """One figure; a sentence where no answer is wrong or the model gives no probabilities."""
        name, title = "selective-prediction", phrase("finding.selective.plain")
        answers = chances(study)
        if answers is None:
            return absent(study, name, "calibration", title)
        rows = answers.rows
        wrong = answered(rows)[1]
        if not wrong.any():
            return [note(name, "calibration", title, phrase("finding.selective.right", n=count(len(wrong))))]
        curve = RiskCoverage(answered)
        heights, band = curve.weighted(rows)(np.ones((1, len(rows))))[0], context.band(curve, rows)
        measured = context.score(Quantity(lambda some: area(*answered(some)), higher_is_better=False), rows)
        least, every = smallest_area(int(wrong.sum()), len(wrong)), float(wrong.mean())
        at = int(np.abs(COVERAGES - self.config.coverage).argmin())
        digits = row_decimals([measured.value, least], [measured.high - measured.low])
        text = phrase(
            "finding.selective.area",
            area=with_interval(measured, digits),
            least=fixed(least, digits),
            random=fixed(every, digits),
        )
        caption = phrase(
            "finding.selective.caption",
            confidence=confidence(band.confidence),
            method=band.method,
            coverage=confidence(COVERAGES[at]),
            low=percent(band.low[at], 1),
            high=percent(band.high[at], 1),
        )
        shown = phrase(
            "finding.selective.title",
            coverage=confidence(COVERAGES[at]),
            risk=percent(heights[at], 1),
            all=percent(every, 1),
        )
        points = zip(COVERAGES, heights, band.low, band.high, strict=True)
        table = Table(["answered", "wrong", "low", "high"], [list(map(float, row)) for row in points][4::5])
        numbers = {
            "aurc": measured,
            "aurc-of-a-perfect-order": least,
            "error": every,
            "curve": {"coverage": COVERAGES, "risk": heights, "low": band.low, "high": band.high},
            "band": {"method": band.method, "confidence": band.confidence},
        }
        sheet = _draw(heights, band.low, band.high, every, at)
        picture = sheet.picture(f"wrong {every:.3f} of all, {heights[at]:.3f} of the surest {COVERAGES[at]:.0%}")
        return [
            finding(context, name, "calibration", text, Illustration(name, picture, shown, caption, table, numbers))
        ]


def answered(predictions: Predictions) -> tuple[np.ndarray, np.ndarray]:
    """The probability of each answer, float64 [n], and whether it is wrong, bool [n]."""
    said = predictions.codes("label")
    probability = np.asarray(predictions.prediction("probability"), dtype=np.float64)
    return probability[np.arange(len(said)), said], predictions.codes("target") != said


def _draw(heights: np.ndarray, low: np.ndarray, high: np.ndarray, every: float, at: int) -> Sheet:
    sheet = Sheet(NARROW, 300)
    axes = sheet.axes(54, 34, 262, 216)
    top = float(np.nanmax([*heights, *high, every])) * 1.1
    axes.set(xlim=(0, 1), ylim=(0, top))
    ticks(axes.xaxis, 4)
    ticks(axes.yaxis, 4)
    axes.axhline(every, color=PALETTE["mut"], linewidth=1, linestyle=(0, (4, 4)))
    if np.isfinite(low).any():
        axes.fill_between(COVERAGES, low, high, color=PALETTE["m"], alpha=0.16, linewidth=0)
    axes.plot(COVERAGES, heights, color=PALETTE["m"], linewidth=2)
    axes.plot([COVERAGES[at]], [heights[at]], "o", ms=9, mfc=PALETTE["m"], mec=PALETTE["bg"], mew=1.5, zorder=4)
    sheet.words(54, 20, phrase("figure.selective.y"), weight="bold")
    sheet.words(185, 292, phrase("figure.selective.x"), color="mut", ha="center", size=11.5)
    sheet.label(axes, 0.02, every + 0.015 * top, phrase("figure.selective.random"), color="mut", size=11.5)
    return sheet

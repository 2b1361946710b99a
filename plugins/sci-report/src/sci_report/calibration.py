"""Calibration of two classes: how often what was called likely came true."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from sci.api import Finding, Predictions, RunContext, Study, Table
from sci.api.numbers import count, percent, score
from sci_report import facts
from sci_report.config import CalibrationConfig
from sci_report.drawing import NARROW, Sheet, ticks
from sci_report.illustration import Illustration, finding
from sci_report.svg import PALETTE
from sci_report.words import Name, Phrase, phrase

_HOLLOW = 10
"""A bin with fewer rows is drawn hollow."""


@dataclass(frozen=True)
class Bin:
    """Rows whose predicted probability lies between two edges."""

    low: float
    high: float
    n: int
    predicted: float
    observed: float
    lower: float
    upper: float


class Calibration:
    """The analysis `calibration`."""

    def __init__(self, config: CalibrationConfig) -> None:
        self.config = config

    def analyze(self, study: Study, context: RunContext) -> Sequence[Finding]:
        """A reliability diagram; nothing where there are not two classes with probabilities."""
        found = probabilities(study)
        if found is None:
            return []
        name, probability, truth = found
        generator = context.random("calibration")
        error, low, high = expected_error(probability, truth, self.config.bins, self.config.samples, generator)
        table = reliability(probability, truth, self.config.bins)
        drawn = _draw(name, table, probability)
        shown = score(error, low, high)
        text = phrase(
            "finding.calibration.error", error=shown.value, low=shown.low, high=shown.high, bins=str(len(table))
        )
        return [finding(context, "calibration", "calibration", text, drawn)]


def probabilities(study: Study) -> tuple[str, np.ndarray, np.ndarray] | None:
    """The class looked at, its predicted probability, and whether it was true, over the test rows of every fold."""
    tests = [evaluation.test for evaluation in facts.once(study.evaluations)]
    names = facts.classes(study)
    if len(names) != 2 or not tests or not all(test.has("probability") for test in tests):
        return None
    positive = str(tests[0].info.get("positive") or names[1])
    at = names.index(positive) if positive in names else 1
    pairs = [_column(test, at) for test in tests]
    probability, truth = (np.concatenate(parts) for parts in zip(*pairs, strict=True))
    return (names[at], probability, truth) if len(probability) >= 2 else None


def _column(test: Predictions, at: int) -> tuple[np.ndarray, np.ndarray]:
    codes = test.codes("target")
    probability = np.asarray(test.prediction("probability"), dtype=np.float64)[:, at]
    known = (codes >= 0) & np.isfinite(probability)
    return probability[known], codes[known] == at


def wilson(k: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """The interval of a proportion. Wilson (1927), doi:10.1080/01621459.1927.10502953."""
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, extra = k / n, z**2 / n
    centre = (share + extra / 2) / (1 + extra)
    half = z * math.sqrt(share * (1 - share) / n + extra / (4 * n)) / (1 + extra)
    # At the ends the formula is exactly 0 or 1, but not in floating point.
    return 0.0 if k == 0 else centre - half, 1.0 if k == n else centre + half


def reliability(probability: np.ndarray, truth: np.ndarray, bins: int) -> list[Bin]:
    """Bins of equal width that hold rows; the last one includes 1."""
    place = np.minimum((probability * bins).astype(np.int64), bins - 1)
    found = []
    for index in np.unique(place):
        inside = place == index
        n, k = int(inside.sum()), int(truth[inside].sum())
        found.append(Bin(index / bins, (index + 1) / bins, n, float(probability[inside].mean()), k / n, *wilson(k, n)))
    return found


def expected_error(
    probability: np.ndarray, truth: np.ndarray, bins: int, samples: int, generator: np.random.Generator
) -> tuple[float, float, float]:
    """Expected calibration error with a 95 % percentile bootstrap interval.

    Naeini, Cooper, Hauskrecht (2015), doi:10.1609/aaai.v29i1.9602: the mean over rows of the gap between predicted and
    observed in the row's bin. It is biased upwards in small samples.
    """
    place = np.minimum((probability * bins).astype(np.int64), bins - 1)
    gap = truth - probability
    n = len(gap)

    def error(weights: np.ndarray) -> float:
        return float(np.abs(np.bincount(place, weights=weights * gap, minlength=bins)).sum() / n)

    draws = [error(np.bincount(generator.integers(0, n, n), minlength=n)) for _ in range(samples)]
    low, high = np.quantile(draws, [0.025, 0.975])
    return error(np.ones(n)), float(low), float(high)


def headline(table: Sequence[Bin], name: str) -> Phrase:
    """That every large bin agrees, or which way the largest disagreement goes; corrected for the number of bins."""
    large = [bin for bin in table if bin.n >= _HOLLOW]
    if not large:
        return phrase("finding.calibration.few")
    off = [bin for bin in large if not _agrees(bin, 1 - 0.05 / len(large))]
    if not off:
        return phrase("finding.calibration.agrees", bins=count(len(large)))
    worst = max(off, key=lambda bin: bin.n * abs(bin.predicted - bin.observed))
    return phrase(
        "finding.calibration.over" if worst.predicted > worst.observed else "finding.calibration.under",
        name=Name(name),
        predicted=percent(worst.predicted, 1),
        observed=percent(worst.observed, 1),
        n=count(worst.n),
    )


def _agrees(bin: Bin, confidence: float) -> bool:
    low, high = wilson(round(bin.observed * bin.n), bin.n, confidence)
    return low <= bin.predicted <= high


def _draw(name: str, table: Sequence[Bin], probability: np.ndarray) -> Illustration:
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
    sheet.words(46, 20, phrase("figure.observed", name=Name(name)), weight="bold", limit=20)
    sheet.words(181, 354, phrase("figure.probability", name=Name(name)), color="mut", ha="center", size=11.5, limit=20)
    columns = ["from", "to", "n", "mean predicted", "observed", "low", "high"]
    rows = [[b.low, b.high, b.n, b.predicted, b.observed, b.lower, b.upper] for b in table]
    description = "; ".join(f"{b.predicted:.2f} predicted, {b.observed:.2f} observed, n = {b.n}" for b in table)
    outer = sum(bin.n for bin in table if bin.low == 0 or bin.high == 1)
    total = sum(bin.n for bin in table)
    caption = phrase("finding.calibration.caption", outer=count(outer), n=count(total))
    return Illustration("calibration", sheet.picture(description), headline(table, name), caption, Table(columns, rows))


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

"""Values with intervals below one another, against a line that all are held against."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sci.api import Score
from sci_report.catalogue import LANGUAGES
from sci_report.drawing import Sheet, ticks
from sci_report.prose import plain
from sci_report.safe import cells
from sci_report.svg import PALETTE, Picture
from sci_report.words import Text

WIDTH = 430
"""Pixels; a page for the hand shows it whole."""
STEP = 26
LABEL = 26
"""Cells of a label."""
BESIDE = 66
"""Pixels for the words to the right."""


@dataclass(frozen=True)
class Row:
    """One line.

    Args:
        label: what it is about.
        score: value and interval.
        note: words to the right.
        strong: whether it stands out.
    """

    label: Text
    score: Score
    note: str = ""
    strong: bool = False


def forest(rows: Sequence[Row], line: float, heading: Text, line_words: Text) -> Picture:
    """The drawing.

    Args:
        rows: from above.
        line: the value that the others are held against.
        heading: what the axis measures.
        line_words: what the line is.
    """
    left = 18 + 7.2 * max(cells(plain(row.label, language, LABEL)) for row in rows for language in LANGUAGES)
    height = STEP * len(rows)
    sheet = Sheet(WIDTH, height + 80)
    axes = sheet.axes(left, 46, WIDTH - left - BESIDE, height)
    axes.set(ylim=(len(rows) - 0.5, -0.5), xlim=_range(rows, line))
    axes.yaxis.set_visible(False)
    ticks(axes.xaxis, 4)
    axes.axvline(line, color=PALETTE["mut"], linewidth=1, linestyle=(0, (4, 4)))
    for at, row in enumerate(rows):
        found, color = row.score, PALETTE["bad" if row.strong else "m"]
        if math.isfinite(found.low):
            axes.plot([found.low, found.high], [at, at], color=color, linewidth=3, solid_capstyle="round")
        axes.plot([found.value], [at], "o", ms=9, mfc=color, mec=PALETTE["bg"], mew=1.5, clip_on=False, zorder=3)
        y = 46 + STEP * (at + 0.5) + 4
        weight = "bold" if row.strong else "normal"
        sheet.words(left - 12, y, row.label, ha="right", weight=weight, limit=LABEL)
        sheet.words(WIDTH - 6, y, row.note, ha="right", color="mut", size=11.5)
    sheet.words(12, 18, heading, weight="bold", limit=60)
    low, high = axes.get_xlim()
    x = left + (WIDTH - left - BESIDE) * (line - low) / (high - low)
    sheet.words(min(max(x, left), WIDTH - 72), 38, line_words, color="mut", size=11.5, ha="center", limit=40)
    described = (f"{plain(row.label, 'en', LABEL)} {row.score.value:.3g}, {row.note}" for row in rows)
    return sheet.picture("; ".join(described))


def _range(rows: Sequence[Row], line: float) -> tuple[float, float]:
    found = [line, *(end for row in rows for end in (row.score.value, row.score.low, row.score.high))]
    ends = [end for end in found if math.isfinite(end)]
    low, high = min(ends), max(ends)
    pad = 0.06 * (high - low) or 0.05 * abs(low) or 0.5
    within = low >= 0 and high <= 1
    return (max(low - pad, 0.0), min(high + pad, 1.0)) if within else (low - pad, high + pad)

"""Bars with intervals, and dots of single rows: one line for each name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sci.api import Prose
from sci.api.drawing import GRID, INK, LESS, MORE, MUTED, WIDTH, Drawing, label, ticks, width_of
from sci.api.numbers import significant
from sci.api.wording import both

LINE = 24
TOP = 34
DOTS = 2000


class Bar(NamedTuple):
    """One line of a chart: its name, its value, and the ends of its interval where it has one."""

    name: str
    value: float
    low: float = float("nan")
    high: float = float("nan")


def bars(found: Sequence[Bar], axis: Prose, description: str) -> Drawing:
    """Horizontal bars from zero, each with its number; intervals as lines.

    Args:
        found: in the order from above.
        axis: what the lengths mean.
        description: for those who cannot see it.
    """
    sheet = Drawing(WIDTH, TOP + LINE * len(found) + 16, description)
    ends = [one for bar in found for one in (bar.value, bar.low, bar.high) if np.isfinite(one)]
    scale = _Scale(sheet, [bar.name for bar in found], [0.0, *ends], axis, room=70)
    for at, bar in enumerate(found):
        middle = scale.name(at, bar.name)
        if not np.isfinite(bar.value):
            continue
        start, stop = sorted((scale(0.0), scale(bar.value)))
        colour = MORE if bar.value >= 0 else LESS
        sheet.mark(
            "rect", x=start, y=middle - 7, width=max(stop - start, 0.5), height=14, fill=colour, fill_opacity=0.75
        )
        right = stop
        if np.isfinite(bar.low) and np.isfinite(bar.high):
            low, high = scale(bar.low), scale(bar.high)
            right = max(right, high)
            sheet.mark("line", x1=low, x2=high, y1=middle, y2=middle, stroke=INK, stroke_width=1.5)
            for end in (low, high):
                sheet.mark("line", x1=end, x2=end, y1=middle - 4, y2=middle + 4, stroke=INK, stroke_width=1.5)
        sheet.words(right + 6, middle + 4, significant(bar.value), fill=MUTED, font_size=11)
    return sheet


def dots(names: Sequence[str], shares: np.ndarray, levels: np.ndarray, axis: Prose, description: str) -> Drawing:
    """One dot for each row on the line of each name, coloured by whether the row's own value is high.

    Args:
        names: of the lines.
        shares: float64 [rows, names], where the dots stand.
        levels: float64 [rows, names], ranks of the values between 0 and 1; NaN where they have no order.
        axis: what the places mean.
        description: for those who cannot see it.
    """
    sheet = Drawing(WIDTH, TOP + LINE * len(names) + 46, description)
    scale = _Scale(sheet, names, [0.0, *shares.ravel().tolist()], axis)
    for at, name in enumerate(names):
        middle = scale.name(at, name)
        for row in range(min(len(shares), max(DOTS // len(names), 1))):
            level = levels[row, at]
            colour = MUTED if not np.isfinite(level) else MORE if level > 0.5 else LESS
            shift = 5.0 * ((row * 0.618) % 1.0 - 0.5)
            sheet.mark(
                "circle", cx=scale(float(shares[row, at])), cy=middle + shift, r=3.2, fill=colour, fill_opacity=0.6
            )
    below = TOP + LINE * len(names) + 38.0
    for place, colour, words in (
        (scale.left, LESS, both("lower half of the column", "该列较低的一半")),
        (scale.left + 190, MORE, both("upper half", "较高的一半")),
        (scale.left + 300, MUTED, both("no order", "无大小之分")),
    ):
        sheet.mark("circle", cx=place + 4, cy=below - 4, r=3.2, fill=colour)
        sheet.words(place + 12, below, words, fill=MUTED, font_size=11)
    return sheet


class _Scale:
    """The horizontal axis: from numbers to pixels."""

    def __init__(
        self, sheet: Drawing, names: Sequence[str], values: Sequence[float], axis: Prose, room: float = 16
    ) -> None:
        self.sheet = sheet
        self.left = 20 + max((width_of(label(name)) for name in names), default=0.0)
        low, high = min(values), max(values)
        spread = high - low or 1.0
        self.low, self.high = low - (0.04 * spread if low < 0 else 0), high + 0.04 * spread
        self.right = WIDTH - room
        bottom = TOP + LINE * len(names)
        sheet.words(self.left, 14, axis, fill=INK, font_weight="bold")
        for tick in ticks(self.low, self.high):
            sheet.mark("line", x1=self(tick), x2=self(tick), y1=TOP - 6, y2=bottom, stroke=GRID, stroke_width=1)
            sheet.words(self(tick), bottom + 13.0, _short(tick), "middle", MUTED, font_size=11)
        sheet.mark("line", x1=self(0.0), x2=self(0.0), y1=TOP - 6, y2=bottom, stroke=MUTED, stroke_width=1)

    def __call__(self, value: float) -> float:
        return float(self.left + (value - self.low) / (self.high - self.low) * (self.right - self.left))

    def name(self, at: int, name: str) -> float:
        """Write the name of a line; the middle of the line."""
        middle = TOP + LINE * at + LINE / 2
        self.sheet.words(self.left - 8, middle + 4, label(name), "end")
        return middle


def _short(value: float) -> str:
    return "0" if abs(value) < 1e-12 else f"{value:.4g}".replace("-", "\N{MINUS SIGN}")

"""Small panels with a line or points and a band, all with one vertical scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from sci.api import Prose
from sci.api.drawing import GRID, INK, MORE, MUTED, WIDTH, Drawing, label, ticks, width_of
from sci.api.wording import shortened

ACROSS = 3
HEIGHT = 170
LEFT, TOP, BETWEEN = 50.0, 34.0, 18.0
BELOW = 60
"""Pixels below a panel, for names of categories on the slant."""
LETTERS = 14
"""Characters of such a name."""


class Panel(Protocol):
    """What a panel shows."""

    @property
    def column(self) -> str:
        """Its name."""
        ...

    @property
    def values(self) -> Sequence[Any]:
        """Numbers, or names."""
        ...

    @property
    def mean(self) -> np.ndarray:
        """The line."""
        ...

    @property
    def low(self) -> np.ndarray:
        """The lower edge of the band."""
        ...

    @property
    def high(self) -> np.ndarray:
        """The upper edge of the band."""
        ...

    @property
    def ordered(self) -> bool:
        """Whether the values are numbers."""
        ...


def curves(panels: Sequence[Panel], axis: Prose, description: str) -> Drawing:
    """All panels, three in a row.

    Args:
        panels: in their order.
        axis: what the height means.
        description: for those who cannot see it.
    """
    rows = -(-len(panels) // ACROSS)
    sheet = Drawing(WIDTH, TOP + rows * (HEIGHT + BELOW), description)
    sheet.words(4, 14, axis, font_weight="bold")
    low = min(float(panel.low.min()) for panel in panels)
    high = max(float(panel.high.max()) for panel in panels)
    pad = 0.04 * (high - low) or 0.5
    wide = (WIDTH - LEFT - 8 - BETWEEN * (ACROSS - 1)) / ACROSS
    for at, panel in enumerate(panels):
        left = LEFT + (at % ACROSS) * (wide + BETWEEN)
        top = TOP + (at // ACROSS) * (HEIGHT + BELOW)
        _Frame(sheet, left, top, wide, low - pad, high + pad, first=at % ACROSS == 0).draw(panel)
    return sheet


class _Frame:
    """One panel's place on the sheet."""

    def __init__(
        self, sheet: Drawing, left: float, top: float, wide: float, low: float, high: float, first: bool
    ) -> None:
        self.sheet, self.left, self.top, self.wide = sheet, left, top + 18, wide
        self.low, self.high, self.first = low, high, first
        self.tall = HEIGHT - 24.0

    def y(self, value: float) -> float:
        return self.top + self.tall * (1 - (value - self.low) / (self.high - self.low))

    def draw(self, panel: Panel) -> None:
        sheet = self.sheet
        sheet.words(self.left, self.top - 6, label(panel.column), fill=INK)
        for tick in ticks(self.low, self.high, 4):
            sheet.mark("line", x1=self.left, x2=self.left + self.wide, y1=self.y(tick), y2=self.y(tick), stroke=GRID)
            if self.first:
                shown = f"{tick:.4g}".replace("-", "\N{MINUS SIGN}")
                sheet.words(self.left - 6, self.y(tick) + 4, shown, "end", MUTED, font_size=11)
        if panel.ordered:
            self._line(panel)
        else:
            self._levels(panel)

    def _line(self, panel: Panel) -> None:
        values = np.asarray(panel.values, dtype=np.float64)
        spread = float(np.ptp(values)) or 1.0
        x = self.left + 4 + (values - values.min()) / spread * (self.wide - 8)
        above = [f"{a:.1f} {self.y(b):.1f}" for a, b in zip(x, panel.high, strict=True)]
        below = [f"{a:.1f} {self.y(b):.1f}" for a, b in zip(x[::-1], panel.low[::-1], strict=True)]
        self.sheet.mark("path", d=f"M{'L'.join([*above, *below])}Z", fill=MORE, fill_opacity=0.18)
        line = "L".join(f"{a:.1f} {self.y(b):.1f}" for a, b in zip(x, panel.mean, strict=True))
        self.sheet.mark("path", d=f"M{line}", fill="none", stroke=MORE, stroke_width=2)
        for place in x:
            self.sheet.mark(
                "line",
                x1=float(place),
                x2=float(place),
                y1=self.top + self.tall,
                y2=self.top + self.tall + 4,
                stroke=MUTED,
            )
        for place, value, anchor in ((x[0], values[0], "start"), (x[-1], values[-1], "end")):
            shown = f"{value:.4g}".replace("-", "\N{MINUS SIGN}")
            self.sheet.words(float(place), self.top + self.tall + 17, shown, anchor, MUTED, font_size=11)

    def _levels(self, panel: Panel) -> None:
        step = self.wide / len(panel.values)
        fit = all(width_of(shortened(str(name), LETTERS)) < step for name in panel.values)
        for at, name in enumerate(panel.values):
            x = self.left + step * (at + 0.5)
            low, mean, high = (self.y(float(part[at])) for part in (panel.low, panel.mean, panel.high))
            self.sheet.mark("line", x1=x, x2=x, y1=low, y2=high, stroke=MORE, stroke_width=5, stroke_opacity=0.25)
            self.sheet.mark("circle", cx=x, cy=mean, r=4, fill=MORE)
            self._level(x, shortened(str(name), LETTERS), fit)

    def _level(self, x: float, name: str, fit: bool) -> None:
        """The name of a category below its point, on the slant where names are long."""
        foot = self.top + self.tall + (15 if fit else 9)
        turn = {} if fit else {"transform": f"rotate(-40 {x:.1f} {foot:.1f})"}
        self.sheet.words(x, foot, name, "middle" if fit else "end", MUTED, font_size=10, **turn)

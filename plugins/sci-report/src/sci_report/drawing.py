"""A sheet to draw figures on: Matplotlib in pixels, in the page's colours, with every word in both languages."""

from __future__ import annotations

import io
import itertools
import math
import warnings
from collections.abc import Sequence
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.text import Text as Artist
from matplotlib.ticker import FixedFormatter, FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from sci.api.numbers import MINUS
from sci_report.prose import plain
from sci_report.safe import cells, visible
from sci_report.svg import PALETTE, Picture, clean
from sci_report.words import Text

WIDE = 660
NARROW = 330
_LOGARITHMIC = 100
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

_STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "sci",
    "text.parse_math": False,
    "axes.unicode_minus": True,
    "font.family": "DejaVu Sans",
    "font.size": 12,
    "path.simplify": True,
}


class Sheet:
    """A figure of a size in pixels; places count from the upper left corner."""

    def __init__(self, width: float, height: float) -> None:
        self.width = width
        self.height = height
        self._words: dict[str, tuple[str, str]] = {}
        with matplotlib.rc_context(_STYLE):
            self.figure = Figure(figsize=(width / 72, height / 72), dpi=72)
            self.figure.patch.set_visible(False)
            FigureCanvasSVG(self.figure)

    def axes(self, left: float, top: float, width: float, height: float, **options: Any) -> Axes:
        """Axes without a frame, with a light grid."""
        place = (left / self.width, 1 - (top + height) / self.height, width / self.width, height / self.height)
        with matplotlib.rc_context(_STYLE):
            axes = self.figure.add_axes(place, **options)
            axes.patch.set_visible(False)
            for spine in axes.spines.values():
                spine.set_visible(False)
            axes.tick_params(length=0, labelsize=11.5, labelcolor=PALETTE["mut"], pad=6)
            axes.set_axisbelow(True)
            axes.grid(True, color=PALETTE["grid"], linewidth=1)
        return axes

    def words(self, x: float, y: float, text: Text, *, color: str = "ink", limit: int = 32, **options: Any) -> Artist:
        """Words at a place in pixels; in both languages where they are a phrase."""
        return self._write(self.figure, x / self.width, 1 - y / self.height, text, color, limit, options)

    def label(
        self, axes: Axes, x: float, y: float, text: Text, *, color: str = "ink", limit: int = 32, **options: Any
    ) -> Artist:
        """Words at a place in the axes' own numbers."""
        return self._write(axes, x, y, text, color, limit, options)

    def _write(
        self, parent: Any, x: float, y: float, text: Text, color: str, limit: int, options: dict[str, Any]
    ) -> Artist:
        english, chinese = (plain(text, language, limit) for language in ("en", "zh-Hans"))
        options = {"size": 12, "va": "baseline", "color": PALETTE[color], **options}
        with matplotlib.rc_context(_STYLE):
            artist: Artist = parent.text(x, y, english, **options)
        key = f"words-{len(self._words)}"
        artist.set_gid(key)
        self._words[key] = (english, chinese)
        return artist

    def picture(self, description: str) -> Picture:
        """The finished drawing; `description` says in words what it shows."""
        buffer = io.BytesIO()
        with matplotlib.rc_context(_STYLE), warnings.catch_warnings():
            # The reader's fonts draw the text, not Matplotlib's, which has no Chinese glyphs to measure.
            warnings.filterwarnings("ignore", message="Glyph .* missing from")
            self.figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
        cleaned = clean(buffer.getvalue().decode(), words=self._words)
        return Picture(cleaned.content, self.width, self.height, visible(description))


def make_room(sheet: Sheet, axes: Axes, least: float = 44) -> float:
    """Move the left edge so that the longest number beside it fits; returns the edge in pixels."""
    low, high = sorted(axes.get_ylim())
    places = [place for place in axes.get_yticks() if low <= place <= high]
    longest = max((cells(text) for text in axes.yaxis.get_major_formatter().format_ticks(places)), default=0)
    left = max(least, 12 + 6.8 * longest)
    box = axes.get_position()
    axes.set_position((left / sheet.width, box.y0, box.x1 - left / sheet.width, box.height))
    return left


def ticks(axis: Any, count: int = 5, whole: bool = False) -> None:
    """Few round ticks, written with a true minus sign and a sign for thousands."""
    axis.set_major_locator(MaxNLocator(count, steps=[1, 2, 2.5, 5, 10], integer=whole, min_n_ticks=1))
    axis.set_major_formatter(FuncFormatter(lambda value, _: _tick(axis, value)))


def _tick(axis: Any, value: float) -> str:
    steps: Sequence[float] = axis.get_majorticklocs()
    step = min((abs(b - a) for a, b in itertools.pairwise(steps)), default=1.0)
    places = next((places for places in range(9) if abs(round(step, places) - step) < 1e-6 * step), 9)
    if abs(value) >= 1e7 or places > 6:
        return f"{value:.3g}".replace("-", MINUS)
    return f"{value:,.{places}f}".replace("-", MINUS) if abs(value) > 1e-9 * step else "0"


def loss_axis(axes: Axes, values: Sequence[float]) -> bool:
    """Scale the axis of losses: from 0, or logarithmic where they span more than a factor of 100; whether it is."""
    low, high = min(values, default=1.0), max(values, default=1.0)
    if low > 0 and high > _LOGARITHMIC * low:
        # Limits and ticks of our own: those that Matplotlib looks for can exceed the largest number there is.
        axes.set_ylim(low / 1.2, min(1.2 * high, 1e307))
        axes.set_yscale("log")
        axes.yaxis.set_minor_locator(NullLocator())
        decades = range(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1)
        shown = decades[:: -(-len(decades) // 5)]
        axes.yaxis.set_major_locator(FixedLocator([10.0**power for power in shown]))
        axes.yaxis.set_major_formatter(FixedFormatter([_power(power) for power in shown]))
        return True
    low, high = min(0.0, low), max(0.0, high) or 1.0
    axes.set_ylim(low, high + 0.06 * (high - low))
    ticks(axes.yaxis)
    return False


def _power(exponent: int) -> str:
    """A power of ten: as a number where it is short."""
    if -4 < exponent < 5:
        return f"{10.0**exponent:,.{max(-exponent, 0)}f}"
    return "10" + f"{exponent}".translate(_RAISED)

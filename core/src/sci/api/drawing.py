"""Drawings as SVG, in the colours that reports make those of their page, with words in both languages."""

from __future__ import annotations

import math
import unicodedata
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from sci.api.wording import in_language, shortened

if TYPE_CHECKING:
    from sci.api.context import RunContext
    from sci.api.study import Prose

WIDTH = 660
INK, MUTED, GRID, MORE, LESS = "#1c2024", "#59626b", "#e6e8e5", "#0063a8", "#b0500a"
"""Words, numbers beside axes, lines behind, and what raises or lowers an answer."""
SIZE = 12
"""Height of letters in pixels; on each word, because a page shows what is inside a drawing only."""
CELL = 7.0
"""Pixels that a letter takes at most; Chinese characters take two."""


class Drawing:
    """A sheet; places are pixels from the upper left corner.

    Args:
        width: of the sheet.
        height: of the sheet.
        description: what the drawing shows, for those who cannot see it.
    """

    def __init__(self, width: float, height: float, description: str) -> None:
        size = {"width": f"{width:g}", "height": f"{height:g}", "viewBox": f"0 0 {width:g} {height:g}"}
        self.root = ElementTree.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **size})
        self.root.set("font-family", "system-ui, sans-serif")
        ElementTree.SubElement(self.root, "desc").text = _legible(description)

    def mark(self, tag: str, **attributes: Any) -> ElementTree.Element:
        """An element; underscores in names of attributes stand for hyphens."""
        found = {name.replace("_", "-"): _number(value) for name, value in attributes.items()}
        return ElementTree.SubElement(self.root, tag, found)

    def words(self, x: float, y: float, text: Prose, anchor: str = "start", fill: str = INK, **more: Any) -> None:
        """Words at a place; the second language is hidden where no page decides."""
        node = self.mark("text", x=x, y=y, text_anchor=anchor, fill=fill, **{"font_size": SIZE, **more})
        english, chinese = (_legible(in_language(text, language)).replace("`", "") for language in ("en", "zh"))
        if english == chinese:
            node.text = english
            return
        ElementTree.SubElement(node, "tspan", {"lang": "en"}).text = english
        ElementTree.SubElement(node, "tspan", {"lang": "zh-Hans", "display": "none"}).text = chinese

    def write(self, context: RunContext, name: str) -> str:
        """Write ``figures/<name>.svg`` and return the path."""
        path = f"figures/{name}.svg"
        with context.write(path) as file:
            file.write(ElementTree.tostring(self.root, encoding="utf-8") + b"\n")
        return path


def width_of(text: str) -> float:
    """Pixels that a text takes at most, at 12 pixels."""
    return CELL * sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round numbers between two ends."""
    raw = (high - low) / most
    power = 10 ** math.floor(math.log10(raw))
    step = float(next(one * power for one in (1, 2, 2.5, 5, 10) if one * power >= raw))
    first = math.ceil(low / step - 1e-9)
    return [float(step * (first + at)) for at in range(math.floor(high / step + 1e-9) - first + 1)]


def label(name: str) -> str:
    """A name as it stands beside an axis."""
    return shortened(name, 26)


def _number(value: Any) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _legible(text: str) -> str:
    """Without the characters that no XML document may hold."""
    return "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in text)

"""Texts with their words coloured by their shares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sci.api import Prose
from sci.api.drawing import INK, LESS, MORE, MUTED, WIDTH, Drawing, width_of
from sci.api.wording import shortened

LINE = 22
LONGEST = 28
"""Characters of one word that are shown."""
LINES = 8
"""Lines of one text."""
SLENDER, NARROW = "iIjlftr.,:;!|'’()[]-/ ", 4.0
STOUT, BROAD = "mwMWGOQ@%&", 10.0
"""Letters that are far from the common width, and theirs, in pixels."""


class Passage(NamedTuple):
    """One text: a line above it, its words, and their shares."""

    head: Prose
    words: Sequence[str]
    shares: np.ndarray


class _Place(NamedTuple):
    line: int
    x: float
    width: float
    word: str


def passages(found: Sequence[Passage]) -> Drawing:
    """All texts, one below the other."""
    laid = [_laid([shortened(word, LONGEST) for word in passage.words]) for passage in found]
    heights = [LINE * (1 + max((place.line for place in places), default=0) + 1) + 14 for places in laid]
    largest = [(p.words[int(np.argmax(np.abs(p.shares)))] if len(p.shares) else "") for p in found]
    sheet = Drawing(WIDTH, sum(heights) + 4, "largest shares: " + ", ".join(largest))
    top = 0.0
    for passage, places, height in zip(found, laid, heights, strict=True):
        sheet.words(4, top + 16, passage.head, fill=MUTED, font_size=11)
        _text(sheet, top + LINE, passage, places)
        top += height
    return sheet


def _text(sheet: Drawing, top: float, passage: Passage, places: Sequence[_Place]) -> None:
    strongest = float(np.abs(passage.shares).max(initial=0.0)) or 1.0
    for place, share in zip(places, passage.shares[: len(places)], strict=True):
        y = top + LINE * place.line
        depth = 0.55 * abs(float(share)) / strongest
        if depth > 0.02:
            colour = MORE if share > 0 else LESS
            sheet.mark(
                "rect",
                x=place.x - 2,
                y=y + 1,
                width=place.width + 4,
                height=LINE - 4,
                rx=3,
                fill=colour,
                fill_opacity=depth,
            )
        sheet.words(place.x, y + 15, place.word, textLength=place.width, lengthAdjust="spacingAndGlyphs")
    if len(places) < len(passage.words):
        last = places[-1]
        sheet.words(last.x + last.width + 6, top + LINE * last.line + 15, "…", fill=INK)


def _width(word: str) -> float:
    """Pixels that a word takes in a common sans serif of 12 pixels; the page stretches it to just that."""
    return sum(NARROW if sign in SLENDER else BROAD if sign in STOUT else width_of(sign) * 0.95 for sign in word)


def _laid(words: Sequence[str]) -> list[_Place]:
    """Where the words stand, as many as fit."""
    found: list[_Place] = []
    line, x = 0, 4.0
    for word in words:
        width = _width(word)
        if x + width > WIDTH - 20 and x > 4:
            line, x = line + 1, 4.0
        if line >= LINES:
            break
        found.append(_Place(line, x, width, word))
        x += width + 7
    return found

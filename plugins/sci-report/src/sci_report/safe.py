"""Text from data, made fit to look at: nothing invisible, nothing endless, nothing that turns the line around."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

DATA_CELLS = 600
"""Longest text from the data that is shown."""
NAME_CELLS = 32
"""Longest name; a longer one is cut in the middle."""

_NAMED = {
    0x061C: "ALM",
    0x200B: "ZWSP",
    0x200E: "LRM",
    0x200F: "RLM",
    0x2028: "LS",
    0x2029: "PS",
    0x202A: "LRE",
    0x202B: "RLE",
    0x202C: "PDF",
    0x202D: "LRO",
    0x202E: "RLO",
    0x2060: "WJ",
    0x2066: "LRI",
    0x2067: "RLI",
    0x2068: "FSI",
    0x2069: "PDI",
    0xFEFF: "BOM",
}
_PICTURES = {code: chr(0x2400 + code) for code in range(0x20)} | {0x7F: "\N{SYMBOL FOR DELETE}"}
_JOINERS = (0x200C, 0x200D)
"""Kept: Persian and emoji are misspelt without them."""


class Cut(NamedTuple):
    """The beginning of a text, and how many characters were left out."""

    text: str
    more: int


def visible(text: str) -> str:
    """Controls as pictures such as ``␀``, what turns or hides text by name such as ``⟨RLO⟩``; the rest as it is."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_visible, text))


def _visible(character: str) -> str:
    code = ord(character)
    if code in _PICTURES:
        return _PICTURES[code]
    if code in _NAMED:
        return f"⟨{_NAMED[code]}⟩"
    hidden = unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn") and code not in _JOINERS
    return f"⟨U+{code:04X}⟩" if hidden else character


def cells(text: str) -> int:
    """Width of a text in terminal cells: Chinese characters and emoji take two, combining marks none."""
    return sum(map(_cells, text))


def _cells(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def cut(text: str, limit: int = DATA_CELLS) -> Cut:
    """As much of the text as fits in `limit` cells."""
    used = 0
    for place, character in enumerate(text):
        # Marks without width could go on for ever; four on one character are more than any script needs.
        used += _cells(character) or (1 if place > 4 * limit else 0)
        if used > limit:
            return Cut(visible(text[:place]), len(text) - place)
    return Cut(visible(text), 0)


def middle(text: str, limit: int = NAME_CELLS) -> str:
    """The text, cut in the middle where it is wider than `limit` cells."""
    shown = visible(text[: 40 * limit])
    if cells(shown) <= limit and len(text) <= 40 * limit:
        return shown
    head = cut(shown, (limit - 1) // 2 + (limit - 1) % 2).text
    tail = cut(visible(text[-limit:])[::-1], (limit - 1) // 2).text[::-1]
    return f"{head}…{tail}"

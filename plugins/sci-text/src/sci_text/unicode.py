"""Characters that mean the same, written the same."""

from __future__ import annotations

import functools
import re
import sys
import unicodedata

MARKS = 30
"""Longest run of combining marks; the limit of the Stream-Safe Text Format, far above that of any language."""

_SPACES = dict.fromkeys(map(ord, "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85"), " ")
_CONTROLS = dict.fromkeys((*range(32), *range(127, 160))) | _SPACES


def normalized(text: str, form: str) -> str:
    """The text in Unicode normal form NFC or NFKC, made stream-safe first (Unicode Standard Annex 15, section 13).

    Sorting a long run of combining marks takes quadratic time, so a COMBINING GRAPHEME JOINER cuts it every 30 marks.
    """
    if text.isascii():
        return text
    return unicodedata.normalize(form, _long_runs().sub("\\g<0>\N{COMBINING GRAPHEME JOINER}", text))  # type: ignore[arg-type]


@functools.cache
def _long_runs() -> re.Pattern[str]:
    marks = "".join(chr(code) for code in range(sys.maxunicode + 1) if unicodedata.combining(chr(code)))
    return re.compile(f"[{re.escape(marks)}]{{{MARKS}}}(?=[{re.escape(marks)}])")


def of_one_width(text: str) -> str:
    """Full-width letters, digits and marks as the usual ones, half-width katakana and hangul as the wide ones.

    These are the characters with a compatibility decomposition of type wide or narrow (Unicode Standard Annex 11).
    """
    return text if text.isascii() else text.translate(_widths())


@functools.cache
def _widths() -> dict[int, str]:
    found = {}
    for code in (0x3000, *range(0xFF00, 0xFFF0)):
        kind, _, usual = unicodedata.decomposition(chr(code)).partition(" ")
        if kind in ("<wide>", "<narrow>"):
            found[code] = chr(int(usual, 16))
    return found


def without_controls(text: str) -> str:
    """Tabs, line ends and separators become a space, the other control characters nothing.

    Characters of category Cf, such as the joiners of emoji and the marks of writing direction, are no controls and
    stay.
    """
    return text if text.isprintable() else text.translate(_CONTROLS)

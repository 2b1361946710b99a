"""Text without HTML, in time that grows with its length only.

The parser of the standard library is quadratic on unclosed tags and differs between Python releases; a text must be
cleaned alike when a model is trained and years later when it is served.
"""

from __future__ import annotations

import html
import re

# No alternative crosses a "<", so that many unclosed tags are not each read to the end of the text.
_TAG = re.compile(
    r"""<(?:
        /?(?P<name>[A-Za-z][A-Za-z0-9:-]*+)(?:(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+ | [^<>]*+)  # <a href="x>y">, </a>
      | ![A-Za-z\[][^<>]*+                                                                      # <!DOCTYPE html>
      | \?[A-Za-z][^<>]*+                                                                       # <?xml ... ?>
    )>""",
    re.VERBOSE,
)
_COMMENT = re.compile(r"<!--"), re.compile(r"-->")
_SCRIPT = re.compile(r"<script\b[^<>]*>", re.IGNORECASE), re.compile(r"</script\s*+>", re.IGNORECASE)
_STYLE = re.compile(r"<style\b[^<>]*>", re.IGNORECASE), re.compile(r"</style\s*+>", re.IGNORECASE)
# html.unescape turns the digits of &#65; into an int, and Python refuses thousands of them.
_LEADING_ZEROS = re.compile(r"&#0++(?=[0-9])")
_ABOVE_EVERY_CHARACTER = re.compile(r"&#[0-9]{8,}+;?")

# Tags that may stand inside a word; every other tag separates words.
_WITHIN_WORDS = re.compile(
    "a|abbr|acronym|b|bdi|bdo|big|cite|code|del|dfn|em|font|i|ins|kbd|mark|q|s|samp|"
    "small|span|strike|strong|sub|sup|time|tt|u|var|wbr",
    re.IGNORECASE,
)


def without_markup(text: str) -> str:
    """The text that a browser would show, about: entities become characters, tags that separate words become a space.

    A ``<`` that begins no tag stays, as in ``1 < 2`` and ``<3``.
    """
    if "<" in text:
        for opening, closing in (_COMMENT, _SCRIPT, _STYLE):
            text = _without_spans(text, opening, closing)
        text = _TAG.sub(_in_place_of, text)
    if "&" in text:
        text = _LEADING_ZEROS.sub("&#", text)
        text = html.unescape(_ABOVE_EVERY_CHARACTER.sub("\N{REPLACEMENT CHARACTER}", text))
    return text


def _in_place_of(tag: re.Match[str]) -> str:
    return "" if _WITHIN_WORDS.fullmatch(tag["name"] or "") else " "


def _without_spans(text: str, opening: re.Pattern[str], closing: re.Pattern[str]) -> str:
    kept, start = [], 0
    while begin := opening.search(text, start):
        end = closing.search(text, begin.end())
        if end is None:
            break
        kept.append(text[start : begin.start()])
        start = end.end()
    return " ".join([*kept, text[start:]])

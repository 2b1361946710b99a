"""Long texts cut into stretches, so that a library holds the tokens of only some letters at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

PORTION = 2**18
"""Letters that are cut into tokens at once: the library holds some hundred bytes for each of them."""

SPACES = re.compile(r"(?<=\S)(?=\s)")
"""Before white space: no token that is cut of words stands on both sides."""
MARKS = re.compile(r"(?<=\S)(?=\s)|(?<=[。，！？；、：])")
"""Also behind the marks of Chinese, where a tokenizer puts nothing before a text."""
ANYWHERE = re.compile("")
"""Where every character is a token."""


def stretches(text: str, between: re.Pattern[str] = SPACES) -> Iterator[str]:
    """A text in stretches of about `PORTION` letters, which together are the text.

    Args:
        text: any.
        between: where it may be cut; a stretch goes on until the next such place.
    """
    start = 0
    while len(text) - start > PORTION:
        found = between.search(text, start + PORTION)
        stop = found.start() if found else len(text)
        yield text[start:stop]
        start = stop
    if start < len(text) or not text:
        yield text[start:]


def portions(texts: Sequence[str]) -> Iterator[list[str]]:
    """Texts in portions of about `PORTION` letters; a longer text is alone."""
    some: list[str] = []
    size = 0
    for text in texts:
        if some and size + len(text) > PORTION:
            yield some
            some, size = [], 0
        some.append(text)
        size += len(text)
    if some:
        yield some

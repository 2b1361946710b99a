"""The terms of a text: words or characters, and sequences of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sci_text.config import BagOfWordsConfig

_WORD = re.compile(r"(?u)\b\w\w+\b")
_SPACES = re.compile(r"\s\s+")


def terms(text: str, config: BagOfWordsConfig) -> Iterator[str]:
    """Each term as often as it occurs, as scikit-learn's `CountVectorizer` cuts it.

    Words have two or more letters, digits or underscores, and a sequence of words is joined by a space. Before
    characters are taken, each run of white space becomes one space.
    """
    text = text.lower() if config.lower else text
    shortest, longest = config.ngrams
    if config.analyzer == "character":
        text = _SPACES.sub(" ", text)
        for length in range(shortest, longest + 1):
            for start in range(len(text) - length + 1):
                yield text[start : start + length]
        return
    words = _WORD.findall(text)
    if shortest == 1:
        yield from words
    for length in range(max(shortest, 2), longest + 1):
        for start in range(len(words) - length + 1):
            yield " ".join(words[start : start + length])

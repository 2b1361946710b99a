"""Texts as words, with what stands between them."""

from __future__ import annotations

import functools
import re
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sci_text.segmenting import words_of

_SIGNS = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Chinese and Japanese characters, for a class of a regular expression."""


@functools.cache
def _word() -> re.Pattern[str]:
    """A character of Chinese or Japanese, or letters and digits with their marks, and an apostrophe inside."""
    marks = re.escape(
        "".join(one for one in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(one)[0] == "M")
    )
    letters = rf"(?![{_SIGNS}])[^\W_](?:(?![{_SIGNS}])[^\W_]|[{marks}])*"
    return re.compile(rf"[{_SIGNS}]|{letters}(?:['’-]{letters})*")


class Words(NamedTuple):
    """A text: ``between[0] + words[0] + between[1] + ... + words[-1] + between[-1]``.

    Args:
        words: in their order.
        between: one more than there are words.
    """

    words: Sequence[str]
    between: Sequence[str]

    def passage(self, first: int, behind: int) -> list[str]:
        """Some words, each with what stands behind it."""
        words, between = self.words[first:behind], self.between[first + 1 : behind + 1]
        return [part for pair in zip(words, between, strict=True) for part in pair]

    def rearranged(self, order: Iterable[int]) -> str:
        """The text with the word of this number in each place; -1 for none, whose white space goes with it.

        Args:
            order: one number for each place.
        """
        parts, last = [self.between[0]], len(self.words) - 1
        for place, number in enumerate(order):
            after = self.between[place + 1]
            if number >= 0:
                parts += [self.words[number], after]
                continue
            if after or place == last:
                parts[-1] = parts[-1].rstrip()
            parts.append(after if any(parts) else after.lstrip())
        return "".join(parts)


def cut(text: str, segmenter: str = "unicode") -> Words:
    """The words of a text.

    Args:
        text: any.
        segmenter: ``unicode``, where each Chinese character is a word, or ``jieba``.
    """
    spans = _by_jieba(text) if segmenter == "jieba" else [match.span() for match in _word().finditer(text)]
    ends = [0, *(stop for _, stop in spans)]
    starts = [*(start for start, _ in spans), len(text)]
    return Words(
        [text[start:stop] for start, stop in spans],
        [text[stop:start] for stop, start in zip(ends, starts, strict=True)],
    )


def _by_jieba(text: str) -> list[tuple[int, int]]:
    spans, at = [], 0
    for word in words_of(text):
        if _word().match(word):
            spans.append((at, at + len(word)))
        at += len(word)
    return spans

"""Shares of the tokens of texts as shares of their words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sci.api import Spans
from sci_explain.words import WORD


class Words(NamedTuple):
    """One text.

    Args:
        words: its words; those that one token covers are one.
        shares: float64 [words]; those of the words that were cut off are 0.
        rest: what tokens add that stand for no word, such as ``[CLS]``.
    """

    words: list[str]
    shares: np.ndarray
    rest: float


def in_words(spans: Spans, shares: np.ndarray) -> list[Words]:
    """The shares of tokens [n, L], padding included, by the words of their texts."""
    return [_of_one(text, spans.places.row(at), shares[at]) for at, text in enumerate(spans.texts)]


def _of_one(text: str, places: np.ndarray, shares: np.ndarray) -> Words:
    words = [match.span() for match in WORD.finditer(text)]
    touched = [_touched(words, *place) for place in places.tolist()]
    units = _joined(words, touched)
    unit_of = {word: at for at, (first, last) in enumerate(units) for word in range(first, last + 1)}
    found = np.zeros(len(units))
    for within, share in zip(touched, shares.tolist(), strict=False):
        if within:
            found[unit_of[within.start]] += share
    names = [text[words[first][0] : words[last][1]] for first, last in units]
    return Words(names, found, float(shares.sum() - found.sum()))


def _touched(words: Sequence[tuple[int, int]], begin: int, end: int) -> range:
    """Which words a token covers a part of."""
    within = [at for at, (start, stop) in enumerate(words) if start < end and begin < stop]
    return range(within[0], within[-1] + 1) if within else range(0)


def _joined(words: Sequence[tuple[int, int]], touched: Sequence[range]) -> list[tuple[int, int]]:
    """First and last word of each unit: a token never ends inside of one."""
    together = {at for within in touched for at in within[:-1]}
    found: list[tuple[int, int]] = []
    for at in range(len(words)):
        if found and at - 1 in together:
            found[-1] = (found[-1][0], at)
        else:
            found.append((at, at))
    return found

"""The substrings that words share, found one length after the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

LONGEST = 16
"""Letters of the longest substring, as SentencePiece has it."""


class Substrings(NamedTuple):
    """Substrings of words that lie in one row of letters, a gap behind each.

    Args:
        text: the words, a NUL behind each, and in place of each letter that is too rare.
        weights: how often the word at each place occurs, int64 [letters].
        at: for each length from 1 and each place the number of the substring that begins there, int32 [`LONGEST`,
            letters]; -1 where there is none. Single letters have the first numbers.
        starts: a place of each substring, int64 [n].
        lengths: its letters, int64 [n].
        counts: how often it occurs, int64 [n].
    """

    text: str
    weights: np.ndarray
    at: np.ndarray
    starts: np.ndarray
    lengths: np.ndarray
    counts: np.ndarray

    def piece(self, number: int) -> str:
        """The letters of a substring."""
        start = int(self.starts[number])
        return self.text[start : start + int(self.lengths[number])]


def substrings(words: Mapping[str, int], letters: str, least: int) -> Substrings:
    """All substrings of up to `LONGEST` letters that occur often enough; single letters, however often they occur.

    A substring can only be frequent where it is without its first, and without its last letter: so each length is
    counted where the one before it is frequent, in time that does not depend on how words repeat themselves.

    Args:
        words: how often each occurs.
        letters: those that substrings are made of; words end at others.
        least: occurrences of a substring of two and more letters.
    """
    kept = set(letters)
    text = "\0".join(["".join(one if one in kept else "\0" for one in word) for word in words]) + "\0"
    weights = np.repeat(
        np.fromiter(words.values(), dtype=np.int64, count=len(words)), [len(word) + 1 for word in words]
    )
    codes = _coded(text, letters)
    at = np.full((LONGEST, len(codes)), -1, dtype=np.int32)
    at[0] = codes
    places = np.flatnonzero(codes >= 0)
    found = [_of_one_letter(codes, places, weights, len(letters))]
    known = len(letters)
    for length in range(2, LONGEST + 1):
        before = at[length - 2]
        places = places[(before[places] >= 0) & (before[np.minimum(places + 1, len(codes) - 1)] >= 0)]
        if not len(places):
            break
        pairs = before[places].astype(np.int64) * len(letters) + codes[places + length - 1]
        _, first, inverse = np.unique(pairs, return_index=True, return_inverse=True)
        counts = np.bincount(inverse, weights=weights[places]).astype(np.int64)
        frequent = counts >= least
        numbers = np.where(frequent, known + np.cumsum(frequent) - 1, -1)
        at[length - 1, places] = numbers[inverse]
        found.append((places[first[frequent]], np.full(int(frequent.sum()), length), counts[frequent]))
        known += int(frequent.sum())
    starts, lengths, counts = (np.concatenate(column) for column in zip(*found, strict=True))
    return Substrings(text, weights, at, starts, lengths, counts)


def _coded(text: str, letters: str) -> np.ndarray:
    """The place of each letter among the letters, int64; -1 for a gap."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    known = np.sort(np.frombuffer(letters.encode("utf-32-le", "surrogatepass"), dtype=np.uint32))
    return np.where(points == 0, -1, np.searchsorted(known, points)).astype(np.int64)


def _of_one_letter(
    codes: np.ndarray, places: np.ndarray, weights: np.ndarray, letters: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    starts = np.zeros(letters, dtype=np.int64)
    starts[codes[places][::-1]] = places[::-1]
    counts = np.bincount(codes[places], weights=weights[places], minlength=letters).astype(np.int64)
    return starts, np.ones(letters, dtype=np.int64), counts

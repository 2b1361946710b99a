"""Texts as sets of their shortest passages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from hashlib import blake2b

import numpy as np

from sci.api.columns import Ragged
from sci.api.likeness import as_sets

LONG, SHORT = 5, 3
"""Characters of a passage; the fewer where most of a text is written without blanks."""
FEWEST = 12
"""Passages below which a text is taken as a whole."""
LONGEST = 1000
"""Characters of a text that are looked at."""

_NO_WORD = re.compile(r"[\W_]+")
_DENSE = re.compile(r"[぀-ヿ一-鿿]")
_FACTOR = np.uint64(0x9E3779B97F4A7C15)


def shingles(texts: Sequence[str | None]) -> Ragged:
    """The passages of each text as numbers, uint64; none for a text without letters and digits.

    Case, blanks and punctuation do not matter, nor does the form in which Unicode writes a character.
    """
    plain = [_plain((text or "")[:LONGEST]) for text in texts]
    dense = np.array([3 * len(_DENSE.findall(text)) > len(text) for text in plain], dtype=bool)
    lengths = np.array([len(text) for text in plain], dtype=np.int64)
    letters = np.frombuffer("".join(plain).encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    owners = np.repeat(np.arange(len(plain)), lengths)
    left = np.repeat(np.cumsum(lengths), lengths) - np.arange(len(letters))
    parts = []
    for width, kind in ((LONG, ~dense), (SHORT, dense)):
        enough = kind & (lengths - width + 1 >= FEWEST)
        starts = np.flatnonzero(enough[owners] & (left >= width))
        parts.append((owners[starts], _passages(letters, width)[starts]))
    short = np.flatnonzero((lengths > 0) & (lengths - np.where(dense, SHORT, LONG) + 1 < FEWEST))
    parts.append((short, np.array([hash_of(plain[row]) for row in short], dtype=np.uint64)))
    rows, elements = (np.concatenate(column) for column in zip(*parts, strict=True))
    return as_sets(rows, elements, len(plain))


def _passages(letters: np.ndarray, width: int) -> np.ndarray:
    """The passage that begins at each letter as one number, uint64 [n]."""
    padded = np.concatenate([letters, np.zeros(width, dtype=np.uint64)])
    codes = np.zeros(len(letters), dtype=np.uint64)
    for place in range(width):
        codes = (codes ^ padded[place : place + len(letters)]) * _FACTOR
        codes ^= codes >> np.uint64(29)
    return codes


def _plain(text: str) -> str:
    return _NO_WORD.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def hash_of(text: str) -> int:
    """64 bits of a text, the same in every process."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")

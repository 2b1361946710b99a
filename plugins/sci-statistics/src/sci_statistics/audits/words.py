"""Texts as sets of numbered words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from zlib import crc32

import numpy as np

WORD = re.compile(r"[一-鿿぀-ヿ가-힯]|[^\W一-鿿぀-ヿ가-힯]+")
"""A run of letters and digits; in scripts without blanks, a character."""
LONGEST = 2000
"""Characters of a text that are looked at."""


def word_sets(texts: Sequence[str | None], slots: int) -> tuple[np.ndarray, np.ndarray]:
    """Row and slot of each different word of each text, int64 [total] both: words are hashed into so many slots."""
    rows, words = [], []
    for row, text in enumerate(texts):
        found = {crc32(word.encode()) % slots for word in WORD.findall((text or "")[:LONGEST].lower())}
        rows.append(np.full(len(found), row, dtype=np.int64))
        words.append(np.array(sorted(found), dtype=np.int64))
    none = [np.zeros(0, dtype=np.int64)]
    return np.concatenate(none + rows), np.concatenate(none + words)

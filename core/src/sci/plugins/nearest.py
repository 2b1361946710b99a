"""The word that somebody most likely meant."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

MANY = 8
"""Lists of valid words in messages are at most this long."""

FEW = 3
"""Letters that a word may have more than the one that was meant."""


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that `word` is a slip of the fingers away from, or None.

    A wrong suggestion is worse than none: one slip is forgiven for every three letters, and when two candidates
    are equally near neither is suggested. Where nothing is near, the only candidate is meant that begins with the word,
    or that the word has a few letters more than.
    """
    folded, candidates = _folded(word), set(candidates)
    ranked = sorted((_distance(folded, _folded(candidate)), candidate) for candidate in candidates)
    if not ranked or _forgiven(folded, ranked[0]) is False:
        parts = [candidate for candidate in candidates if _is_part(folded, _folded(candidate))]
        return parts[0] if len(parts) == 1 else None
    if len(ranked) > 1 and ranked[1][0] == ranked[0][0]:
        return None
    return ranked[0][1]


def closest(word: str, candidates: Iterable[str], limit: int = MANY) -> list[str]:
    """At most `limit` candidates, the most similar first."""
    folded = _folded(word)
    return sorted(set(candidates), key=lambda candidate: (_distance(folded, _folded(candidate)), candidate))[:limit]


def _forgiven(folded: str, best: tuple[int, str]) -> bool:
    distance, candidate = best
    length = min(len(folded), len(_folded(candidate)))
    return length >= 2 and distance <= max(1, length // 3) and distance < length


def _is_part(folded: str, candidate: str) -> bool:
    """Whether a word is the first part of a candidate, or a candidate with a prefix or an ending: `pytorch`."""
    more = len(folded) - len(candidate)
    longer = len(candidate) > 3 and 0 < more <= FEW and (folded.endswith(candidate) or folded.startswith(candidate))
    return longer or (len(folded) > 3 and candidate.startswith(f"{folded}-"))


def _folded(word: str) -> str:
    """Case, full-width forms and the kind of hyphen do not make a word another word."""
    return unicodedata.normalize("NFKC", word[:80]).casefold().replace("_", "-").replace(" ", "-")


def _distance(a: str, b: str) -> int:
    """Insertions, deletions, replacements and swaps of neighbours (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, start=1):
        older, before, row = before, row, [i]
        for j, other in enumerate(b, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]

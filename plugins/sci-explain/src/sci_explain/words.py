"""Games of words: one that does not take part is cut out of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from sci.api import Dataset
from sci.api.rows import to_arrow
from sci_explain.answers import Answers

PLAYERS = 40
"""Most players of a text; neighbouring words of a longer one play together."""
_SIGNS = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_LETTERS = rf"(?:(?![{_SIGNS}])[^\W_])+"
WORD = re.compile(rf"[{_SIGNS}]|{_LETTERS}(?:['’-]{_LETTERS})*|[^\w\s]+|_+")
"""A character of Chinese, Japanese or Korean, a word with its apostrophes, or a run of other signs."""


class WordGames:
    """The texts of the only input.

    Args:
        answers: the model.
        rows: raw rows to explain.
        column: the text.
    """

    kind = "words"

    def __init__(self, answers: Answers, rows: Dataset, column: str) -> None:
        self.answers = answers
        self.rows = rows
        self.column = column
        self.texts = [str(text or "") for text in to_arrow(rows.stored(column)).to_pylist()]

    def __iter__(self) -> Iterator[WordGame]:
        return (WordGame(self, position) for position in range(len(self.rows)))


class WordGame:
    """One text; see `WordGames`.

    Args:
        games: of all texts.
        place: of the row.
    """

    def __init__(self, games: WordGames, place: int) -> None:
        self.games = games
        self.place = place
        self.text = games.texts[place]
        self.spans = spans(self.text)
        self.players = [self.text[start:stop] for start, stop in self.spans]

    def values(self, coalitions: np.ndarray) -> np.ndarray:
        """Answers to the texts of the words that take part, float64 [m, k]."""
        games = self.games
        same = games.rows.take(np.full(len(coalitions), self.place, dtype=np.int64))
        texts = pa.array([without(self.text, self.spans, kept) for kept in coalitions], pa.large_string())
        return games.answers(same.with_columns({games.column: texts}, same.schema))


def spans(text: str, most: int = PLAYERS) -> list[tuple[int, int]]:
    """Where the players of a text begin and end."""
    found = [match.span() for match in WORD.finditer(text)]
    if len(found) <= most:
        return found
    parts = np.array_split(np.arange(len(found)), most)
    return [(found[part[0]][0], found[part[-1]][1]) for part in parts]


def without(text: str, places: Sequence[tuple[int, int]], kept: Any) -> str:
    """The text without the spans that are not kept; what stands between spans stays."""
    parts, at = [], 0
    for (start, stop), stays in zip(places, kept, strict=True):
        parts += [text[at:start], text[start:stop] if stays else ""]
        at = stop
    return "".join([*parts, text[at:]])

"""What a report says, before it is known in which language and in which markup.

A renderer turns a `Text` into HTML with both languages side by side, or into Markdown in one. Only here it is decided
what is prose (from the catalogue), what comes from the data (escaped, isolated in direction, cut) and what is typed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, Union

from sci.api import Prose

Text: TypeAlias = Union[str, "Phrase", "Data", "Name", "Code", "Sentence", "Author", "Listing"]
"""A plain `str` is a number or a name of ours: the same in every language."""


@dataclass(frozen=True)
class Phrase:
    """A sentence of the catalogue with its places filled."""

    id: str
    values: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True)
class Data:
    """Text of the reader's data, shown up to 600 cells."""

    text: str


@dataclass(frozen=True)
class Name:
    """A name from the data (column, class, file), cut in the middle when it is long."""

    text: str


@dataclass(frozen=True)
class Code:
    """What one types, or the name of a component."""

    text: str


@dataclass(frozen=True)
class Sentence:
    """Prose of the core or of a plugin. `chinese` stands beside it where we know how to say the same, or where the
    plugin says it."""

    english: str
    chinese: Phrase | str | None = None


@dataclass(frozen=True)
class Author:
    """The author's own words (the question, the intended use), in one language or two."""

    english: str
    chinese: str


@dataclass(frozen=True)
class Listing:
    """Several texts, separated by commas as the language has them."""

    items: Sequence[Text]


def phrase(id: str, /, **values: Text) -> Phrase:
    """A sentence of the catalogue."""
    return Phrase(id, values)


def sentence(words: Prose) -> Sentence:
    """What a plugin says, in English or in both languages."""
    if isinstance(words, str):
        return Sentence(words)
    english = words.get("en") or words.get("zh") or ""
    return Sentence(english, words.get("zh") or None)


def author(words: object) -> Author | None:
    """What an author wrote: a text, or ``{en: …, zh: …}``."""
    if isinstance(words, Mapping):
        english, chinese = (str(words.get(key) or "") for key in ("en", "zh"))
        return Author(english or chinese, chinese or english) if english or chinese else None
    return Author(str(words), str(words)) if words else None

"""A file of nested keys, with the place of every key and of every value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sci.api.errors import Place, SciError

Keys = tuple[str | int, ...]
"""The way to a value from the top: names of keys and positions in lists."""


@dataclass(frozen=True)
class Document:
    """What a file says, and where.

    Args:
        path: the file, as it was named by whoever asked; the `file` of every place.
        text: the whole text; empty when the document was not read from a file.
        value: the nested mappings, lists and scalars.
        values: place of each value.
        names: place of each key.
        mistakes: what is wrong in single values (a key that stands twice, a number out of range); the rest is readable.
    """

    path: str
    text: str
    value: dict[str, Any]
    values: Mapping[Keys, Place] = field(default_factory=dict)
    names: Mapping[Keys, Place] = field(default_factory=dict)
    mistakes: tuple[SciError, ...] = ()

    @classmethod
    def of(cls, value: dict[str, Any], origin: str) -> Document:
        """A document that was made rather than read: every place is its origin."""
        return cls(origin, "", value)

    def place(self, keys: Keys, *, key: bool = False) -> Place:
        """The place of a value, or of its key; where there is none, the place of what would hold it."""
        first, second = (self.names, self.values) if key else (self.values, self.names)
        for depth in range(len(keys), -1, -1):
            found = first.get(keys[:depth]) or second.get(keys[:depth])
            if found is not None:
                return found
        return Place(self.path)

    def get(self, keys: Keys, default: Any = None) -> Any:
        """The value at the end of these keys."""
        return value_at(self.value, keys, default)

    def line(self, number: int) -> str:
        """One line of the text, without its end."""
        lines = lines_of(self.text)
        return lines[number - 1] if 0 < number <= len(lines) else ""

    def written(self, keys: Keys) -> str:
        """The value as it stands in the file, when it is one word or a quotation on one line; else empty."""
        place = self.values.get(keys)
        if place is None or place.file != self.path or place.line is None or place.column is None:
            return ""
        if isinstance(self.get(keys), dict | list):
            return ""
        return self.line(place.line)[place.column - 1 : place.column - 1 + place.width]


def lines_of(text: str) -> list[str]:
    """The lines as YAML counts them."""
    return re.split("\r\n|\r|\n", text)


def dotted(keys: Keys) -> str:
    """``training.optimizer``, the form in which people and `--set` name a value."""
    return ".".join(str(key) for key in keys)


def value_at(value: Any, keys: Keys, default: Any = None) -> Any:
    """The value at the end of these keys, in nested mappings and lists."""
    for key in keys:
        held = value if isinstance(value, dict) else dict(enumerate(value)) if isinstance(value, list) else {}
        if key not in held:
            return default
        value = held[key]
    return value


def walk(value: Any, keys: Keys = ()) -> Iterator[tuple[Keys, Any]]:
    """Every value with the way to it, parents first."""
    yield keys, value
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from walk(child, (*keys, key))

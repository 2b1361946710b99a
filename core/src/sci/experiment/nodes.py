"""Nodes from YAML events: every key and value with its line and column.

No object is ever made from a tag, and the work is bounded: depth and number of values are counted while reading.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from sci.api.errors import ConfigError, Place, SciError
from sci.experiment.document import lines_of
from sci.experiment.scalars import Refused, Scalar, scalar
from sci.experiment.syntax import explained, full_width_colon

DEEPEST = 50
"""Levels of nesting that a file may have."""
MOST = 20_000
"""Values that a file may hold, repeated ones counted as often as they are repeated."""

# The edition in C reads a megabyte in a third of a second; where it is missing, the limits above keep the other quick.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass
class Leaf:
    """A scalar; `text` is what was written, less its quotes."""

    place: Place
    value: Scalar
    empty: bool = False
    text: str = ""


@dataclass
class Sequence:
    """A list."""

    place: Place
    items: list[Node] = field(default_factory=list)


@dataclass
class Mapping:
    """Keys and values; a key may stand twice."""

    place: Place
    items: list[tuple[Leaf, Node]] = field(default_factory=list)


Node = Leaf | Sequence | Mapping


def composed(text: str, file: str) -> tuple[Node | None, list[SciError]]:
    """The root of the only document, None when it is empty, and what is wrong with single values.

    Raises:
        ConfigError: the text is not one YAML document.
    """
    composer = _Composer(text, file)
    try:
        return composer.document(), composer.mistakes
    except yaml.MarkedYAMLError as error:
        raise explained(error, text, file) from None
    except yaml.YAMLError as error:
        raise ConfigError("the file cannot be read as YAML", id="config.syntax", where=Place(file, 1, 1)) from error


class _Composer:
    """Nodes from events. What makes the file unreadable is raised; what concerns one value is collected."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.lines = lines_of(text)
        self.mistakes: list[SciError] = []
        self._events: Iterator[Any] = yaml.parse(text, Loader=LOADER)
        self._anchors: dict[str, Node | None] = {}
        self._count = 0

    def document(self) -> Node | None:
        """The root of the only document; None when there is none or it is empty."""
        root: Node | None = None
        documents = 0
        for event in self._events:
            if not isinstance(event, yaml.DocumentStartEvent):
                continue
            documents += 1
            if documents > 1:
                raise self._wrong("documents", "a second document begins here; a file is one experiment", event)
            root = self._node(next(self._events), 1)
        return None if isinstance(root, Leaf) and root.empty else root

    def _node(self, event: Any, depth: int) -> Node:
        self._count += 1
        if self._count > MOST:
            raise self._wrong("too-large", f"the file holds more than {MOST:,} values", event)
        if depth > DEEPEST:
            raise self._wrong("too-deep", f"values are nested deeper than {DEEPEST} levels", event)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        self._demand_no_tag(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        if isinstance(event, yaml.ScalarEvent):
            node: Node = self._leaf(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            node = Sequence(
                self._place(event), [self._node(item, depth + 1) for item in self._until(yaml.SequenceEndEvent)]
            )
        else:
            pairs = self._until(yaml.MappingEndEvent)
            node = Mapping(self._place(event), [(self._key(key), self._node(next(pairs), depth + 1)) for key in pairs])
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _until(self, end: type) -> Iterator[Any]:
        for event in self._events:
            if isinstance(event, end):
                return
            yield event

    def _alias(self, event: Any) -> Node:
        if event.anchor not in self._anchors:
            raise self._wrong(
                "alias", f"`*{event.anchor}` repeats a value that is nowhere marked `&{event.anchor}`", event
            )
        node = self._anchors[event.anchor]
        if node is None:
            raise self._wrong("alias", f"`*{event.anchor}` stands inside the very value that it repeats", event)
        return node

    def _demand_no_tag(self, event: Any) -> None:
        if event.tag is not None:
            shown = event.tag.replace("tag:yaml.org,2002:", "!!")
            raise self._wrong("tag", f"the tag `{shown[:60]}` means nothing here; tags are not read", event)

    def _leaf(self, event: Any) -> Leaf:
        place = self._place(event)
        if any("\ud800" <= letter <= "\udfff" for letter in event.value):
            self.mistakes.append(ConfigError("the text holds half a character", id="config.encoding", where=place))
            return Leaf(place, None)
        if not event.implicit[0]:
            return Leaf(place, event.value, text=event.value)
        self._look_for_swallowed_keys(event)
        try:
            return Leaf(place, scalar(event.value), empty=event.value == "", text=event.value)
        except Refused as refused:
            self.mistakes.append(refused_number(event.value, place, refused))
            return Leaf(place, None, text=event.value)

    def _look_for_swallowed_keys(self, event: Any) -> None:
        """A line below a plain text continues it: a key with a full-width colon would vanish in it."""
        for row in range(event.start_mark.line + 1, min(event.end_mark.line + 1, len(self.lines))):
            slip = full_width_colon(self.lines[row], Place(self.file, row + 1))
            if slip:
                self.mistakes.append(slip)

    def _key(self, event: Any) -> Leaf:
        if not isinstance(event, yaml.ScalarEvent):
            raise self._wrong("key", "a key is one word, not a list, a mapping or a repeated value", event)
        self._demand_no_tag(event)
        self._count += 1
        return Leaf(self._place(event), event.value, text=event.value)

    def _place(self, event: Any) -> Place:
        start, end = event.start_mark, event.end_mark
        one_word = isinstance(event, yaml.ScalarEvent) and start.line == end.line
        width = end.column - start.column if one_word else 1
        return Place(self.file, start.line + 1, start.column + 1, max(width, 1))

    def _wrong(self, id: str, message: str, event: Any) -> ConfigError:
        return ConfigError(message, id=f"config.{id}", where=self._place(event))


def refused_number(text: str, place: Place, refused: Refused) -> ConfigError:
    """The mistake of a number that no setting can hold."""
    shown = text if len(text) <= 24 else f"{text[:10]}..{text[-4:]}"
    return ConfigError(f"`{shown}` {refused}", id="config.number", where=place)

"""From a file or a text to a document: plain values, with the place of every key and value."""

from __future__ import annotations

import pathlib
from typing import Any

from sci.api.errors import ConfigError, Place, SciError
from sci.experiment.document import Document, Keys, lines_of
from sci.experiment.file import LIMIT, read_text
from sci.experiment.nodes import DEEPEST, MOST, Leaf, Mapping, Node, Sequence, composed, refused_number
from sci.experiment.scalars import Refused, scalar
from sci.experiment.syntax import full_width_colon, glued_colon


def read(path: str | pathlib.Path) -> Document:
    """The document of a file.

    Raises:
        ConfigError: nothing readable is there, or what is there is not one YAML mapping.
        StorageError: the file cannot be read.
    """
    return parsed(read_text(pathlib.Path(path)), str(path))


def parsed(text: str, file: str) -> Document:
    """The document of a text; its top must be a mapping.

    Raises:
        ConfigError: it is not one YAML mapping.
    """
    root, mistakes = composed(text, file)
    if root is None:
        raise ConfigError(
            "empty experiment: the file says nothing",
            id="config.empty",
            where=Place(file, 1, 1),
            hint="sci init   for an experiment to begin with",
        )
    if not isinstance(root, Mapping):
        raise _no_mapping(text, file, root)
    flat = _Flat(mistakes)
    value = flat.value(root, ())
    return Document(file, text, value, flat.values, flat.names, tuple(flat.mistakes))


def parsed_value(text: str, file: str) -> Any:
    """A value as it could stand behind a key: a plain word, a quotation, or `[...]` and `{...}`.

    Raises:
        ConfigError: the text cannot be read; its place is `file` without a line.
    """
    if text[:1] not in ("[", "{", '"', "'"):
        try:
            return scalar(text.strip())
        except Refused as refused:
            raise refused_number(text, Place(file), refused) from None
    try:
        root, mistakes = composed(text, file)
        flat = _Flat(mistakes)
        value = None if root is None else flat.value(root, ())
    except ConfigError as error:
        raise ConfigError(error.message, id=error.id, where=Place(file), hint=error.hint) from None
    if flat.mistakes:
        first = flat.mistakes[0]
        raise ConfigError(first.message, id=first.id, where=Place(file), hint=first.hint)
    return value


def _no_mapping(text: str, file: str, root: Node) -> ConfigError:
    for number, line in enumerate(lines_of(text), start=1):
        slip = full_width_colon(line, Place(file, number)) or glued_colon(line, Place(file, number))
        if slip:
            return slip
    found = "a list" if isinstance(root, Sequence) else "one text"
    return ConfigError(
        f"the file holds {found}; an experiment is a mapping of keys to values",
        id="config.not-mapping",
        where=root.place,
        hint="format: 1   as its first line",
    )


class _Flat:
    """Plain values from nodes, with the places of all keys and values. A repeated value keeps its first place."""

    def __init__(self, mistakes: list[SciError]) -> None:
        self.values: dict[Keys, Place] = {}
        self.names: dict[Keys, Place] = {}
        self.mistakes = list(mistakes)
        self._known = {(one.id, one.where) for one in mistakes}
        self._count = 0
        self._letters = 0

    def value(self, node: Node, keys: Keys) -> Any:
        self._count += 1
        self._letters += sum(len(leaf.text) for leaf in _leaves(node))
        if self._count > MOST or len(keys) > DEEPEST or self._letters > LIMIT:
            raise ConfigError(
                f"repeated values (`*name`) unfold to more than {MOST:,} values, {DEEPEST} levels or {LIMIT >> 20} MiB",
                id="config.alias",
                where=node.place,
            )
        self.values[keys] = node.place
        if isinstance(node, Leaf):
            return node.value
        if isinstance(node, Sequence):
            return [self.value(item, (*keys, position)) for position, item in enumerate(node.items)]
        return self._mapping(node, keys)

    def _mapping(self, node: Mapping, keys: Keys) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key, item in node.items:
            name = key.text
            slip = self._slip(key, item)
            if slip is None and name in result:
                slip = _twice(name, self.names[(*keys, name)], key.place)
            if slip:
                self._record(slip)
                continue
            self.names[(*keys, name)] = key.place
            result[name] = self.value(item, (*keys, name))
        return result

    def _record(self, slip: ConfigError) -> None:
        """A mapping that is repeated with `*name` has its mistakes once."""
        if (slip.id, slip.where) not in self._known:
            self._known.add((slip.id, slip.where))
            self.mistakes.append(slip)

    def _slip(self, key: Leaf, item: Node) -> ConfigError | None:
        name, place = key.text, key.place
        start = (place.column or 1) - 1
        slip = full_width_colon(name, place)
        if slip is None and isinstance(item, Leaf) and item.empty:
            slip = glued_colon(name, place)
        if slip and slip.where:
            column = start + (slip.where.column or 1)
            slip.where = Place(place.file, place.line, column, slip.where.width)
        if slip is None and name == "<<":
            return ConfigError(
                "mappings are not merged with `<<`; settings stand where they hold", id="config.key", where=place
            )
        return slip


def _leaves(node: Node) -> list[Leaf]:
    """The texts that a node itself holds: its own, or its keys."""
    return [node] if isinstance(node, Leaf) else [key for key, _ in node.items] if isinstance(node, Mapping) else []


def _twice(name: str, first: Place, second: Place) -> ConfigError:
    if first.line == second.line:
        text = f"`{name}` stands twice in line {second.line}"
    else:
        text = f"`{name}` stands twice: in line {first.line} and in line {second.line}"
    return ConfigError(text, id="config.duplicate-key", where=second)

"""`--set training.epochs=1`: values that replace those of the file."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sci.api.errors import ConfigError, Place
from sci.experiment.document import Document, Keys, dotted, walk
from sci.experiment.nodes import DEEPEST
from sci.experiment.reading import parsed_value

LONGEST = 10_000
"""Characters of one override."""


def overridden(document: Document, overrides: Iterable[str]) -> Document:
    """The document with these `key=value` pairs in it; of two for the same key the later one holds.

    Raises:
        ConfigError: one of them is no `key=value`, or its key leads to no place.
    """
    for override in overrides:
        keys, value, origin = _parted(override, document)
        document = placed(document, keys, value, origin)
    return document


def _parted(override: str, document: Document) -> tuple[Keys, Any, Place]:
    name, equals, text = override.partition("=")
    origin = Place(f"--set {name}" if len(name) <= 200 and name.isprintable() else "--set")
    if len(override) > LONGEST:
        raise ConfigError(f"the value is {len(override):,} characters long", id="config.override", where=origin)
    steps = name.split(".")
    if not equals or not text.strip() or not all(steps) or not name.isprintable() or len(steps) > DEEPEST:
        shown = override[:200] if override.isprintable() else ascii(override[:200])
        raise ConfigError(
            f"`{shown}` is no key=value",
            id="config.override",
            where=origin,
            hint="--set training.epochs=1",
        )
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ConfigError("the value is not UTF-8", id="config.encoding", where=origin) from None
    return _keys(steps, document, origin), parsed_value(text.strip(), origin.file), origin


def _keys(steps: list[str], document: Document, origin: Place) -> Keys:
    """The way that dotted words name: numbers are positions where the file has a list."""
    keys: Keys = ()
    for step in steps:
        holder = document.get(keys)
        if not isinstance(holder, list):
            keys = (*keys, step)
            continue
        if not step.isdecimal() or len(step) > 9 or int(step) >= len(holder):
            count = f"positions 0 to {len(holder) - 1}" if holder else "no positions"
            raise ConfigError(
                f"`{dotted(keys)}` is a list with {count}, not `{step[:40]}`", id="config.override", where=origin
            )
        keys = (*keys, int(step))
    return keys


def placed(document: Document, keys: Keys, value: Any, origin: Place) -> Document:
    """The document with a value at these keys, which lies at `origin`; sections on the way to it are made.

    Raises:
        ConfigError: something on the way is no mapping.
    """
    result = copy.deepcopy(document.value)
    holder: Any = result
    for depth, key in enumerate(keys[:-1], start=1):
        if isinstance(holder, dict):
            holder[key] = _mapping(holder.get(key))
        elif isinstance(holder[key], str):
            holder[key] = _mapping(holder[key])
        holder = holder[key]
        if not isinstance(holder, dict | list):
            text = f"`{dotted(keys[:depth])}` is {holder!r}, which holds no keys"
            raise ConfigError(text, id="config.override", where=origin)
    holder[keys[-1]] = value
    kept = {known: place for known, place in document.values.items() if known[: len(keys)] != keys}
    names = {known: place for known, place in document.names.items() if known[: len(keys)] != keys}
    ways = [keys[:depth] for depth in range(1, len(keys)) if keys[:depth] not in document.values]
    below = {**dict.fromkeys(ways, origin), **{(*keys, *more): origin for more, _ in walk(value)}}
    mistakes = tuple(one for one in document.mistakes if one.where != document.values.get(keys))
    return replace(document, value=result, values={**kept, **below}, names={**names, **below}, mistakes=mistakes)


def _mapping(value: Any) -> Any:
    """A component that is only a name gets room for settings."""
    if value is None:
        return {}
    return {"name": value} if isinstance(value, str) else value

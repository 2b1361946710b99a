"""What pydantic finds wrong, in the reader's words and with the place in the file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sci.api.errors import ConfigError, SciError
from sci.experiment.advice import example, listed, meant_by, sentence
from sci.experiment.describe import Node, described, keys_of, node_at, repr_of, schema_of
from sci.experiment.document import Document, Keys, dotted
from sci.experiment.slot import COMPONENT
from sci.plugins.nearest import nearest

Model = TypeVar("Model", bound=BaseModel)

MOST = 500
"""Mistakes of one part that are explained; nobody reads more, and each takes a few milliseconds."""


@dataclass(frozen=True)
class Subject:
    """The part of a document that one model describes.

    Args:
        document: the file.
        keys: the way to the part.
        owner: the component whose settings they are; empty for the experiment itself.
        more: keys that the part may have beside those of the model.
    """

    document: Document
    keys: Keys = ()
    owner: str = ""
    more: tuple[str, ...] = ()

    def validated(self, model: type[Model], value: Mapping[str, Any]) -> tuple[Model | None, list[SciError]]:
        """The value as the model holds it, or all that is wrong with it.

        It passes as JSON: there a list may become a tuple, but no text a number and no `yes` a boolean.
        """
        try:
            return model.model_validate_json(json.dumps(value), strict=True), []
        except ValidationError as error:
            return None, self._mistakes(error.errors(include_url=False)[:MOST], model, value)

    def _mistakes(self, errors: list[ErrorDetails], model: type[BaseModel], value: Any) -> list[SciError]:
        schema = schema_of(model)
        found: dict[Keys, SciError] = {}
        for error in errors:
            path = _path(error["loc"], value)
            if _is_lacking(error):
                path = (*path, error["loc"][-1])
            if path not in found:
                found[path] = self._mistake(error, path, schema, value)
        held_back = _consequences(found)
        return [mistake for path, mistake in found.items() if path not in held_back]

    def _mistake(self, error: ErrorDetails, path: Keys, schema: Node, value: Any) -> SciError:
        if error["type"] == "extra_forbidden":
            return self._unknown(path, schema)
        if _is_lacking(error):
            return self._missing(path, schema)
        if error["type"] in ("value_error", "assertion_error"):
            return self._judged(str(error["ctx"]["error"]), path, value)
        return self._wrong(error, path, schema, value)

    def _unknown(self, path: Keys, schema: Node) -> SciError:
        *parents, word = path
        parent = node_at(schema, tuple(parents))
        known = [*keys_of(parent, schema), *(() if parents else self.more)]
        meant = nearest(str(word), known)
        where = self.document.place((*self.keys, *path), key=True)
        kind = "setting" if self.owner else "key"
        question = f"; did you mean `{meant}`?" if meant else ""
        written = self.document.written((*self.keys, *path))
        elsewhere = "" if meant or self.owner else _elsewhere(str(word), schema)
        return ConfigError(
            f"{repr_of(str(word))} is no {kind} of {self._whole(tuple(parents))}{question}",
            id="config.unknown-key",
            where=where,
            note=elsewhere or listed(f"{kind}s", str(word), known),
            hint=self._retyped(path, meant, written) if meant else "",
        )

    def _retyped(self, path: Keys, meant: str, written: str) -> str:
        """The line, or the override, with the key that was meant."""
        file = self.document.place((*self.keys, *path), key=True).file
        if file == self.document.path:
            return f"{meant}: {written}".strip()
        below = file.removeprefix(f"--set {self._dotted(path)}")
        return f"--set {self._dotted((*path[:-1], meant))}{'' if below == file else below}=..."

    def _missing(self, path: Keys, schema: Node) -> SciError:
        *parents, word = path
        node = node_at(schema, path)
        shown = example(node)
        at = (*self.keys, *parents)
        named = (*at, "name") if (*at, "name") in self.document.values else at
        return ConfigError(
            f"{self._whole(tuple(parents))} lacks `{word}`",
            id="config.missing",
            where=self.document.place(named if self.owner else at, key=not self.owner),
            note=sentence(node),
            hint=f"{word}: {shown}" if shown else "",
        )

    def _judged(self, text: str, path: Keys, value: Any) -> SciError:
        """What a validator says: a whole sentence about several settings, or something about one."""
        at = _at(value, path)
        mentioned = [key for key in re.findall(r"[A-Za-z_][\w-]*", text) if isinstance(at, dict) and key in at]
        if not isinstance(at, dict | list):
            name, shown = self._dotted(path), repr_of(at)
            text = f"{name}: {shown} {text}" if text.startswith("is ") else f"{name} is {shown}: {text}"
        place = self.document.place((*self.keys, *path, *mentioned[-1:]))
        return ConfigError(text, id="config.value", where=place)

    def _wrong(self, error: ErrorDetails, path: Keys, schema: Node, value: Any) -> SciError:
        at = _at(value, path)
        node = node_at(schema, path)
        rule = error["msg"].removeprefix("it is ") if error["type"] == COMPONENT else described(node, schema)
        where = self.document.place((*self.keys, *path))
        message = f"{self._dotted(path)} is {repr_of(at)}"
        meant = meant_by(at, node, rule)
        return ConfigError(
            f"{message}; it is {rule}" if rule else f"{message}: {_lower(error['msg'])}",
            id="config.value",
            where=where,
            note=sentence(node),
            hint=f"{_label(path)}{meant}" if meant else "",
        )

    def _whole(self, path: Keys) -> str:
        return dotted((*self.keys, *path)) if path else self.owner or "the experiment"

    def _dotted(self, path: Keys) -> str:
        return dotted((*self.keys, *path))


def _is_lacking(error: ErrorDetails) -> bool:
    """A key that is not there; a list that is too short has the same type of error."""
    return error["type"] == "missing" and isinstance(error["loc"][-1], str)


def _path(loc: tuple[str | int, ...], value: Any) -> Keys:
    """The way to a value, without the names that pydantic gives to alternatives of a union."""
    path: list[str | int] = []
    for step in loc:
        held = value if isinstance(value, dict) else dict(enumerate(value)) if isinstance(value, list) else {}
        if step in held:
            value = held[step]
            path.append(step)
    return tuple(path)


def _consequences(found: Mapping[Keys, SciError]) -> set[Keys]:
    """What follows from another mistake: a key is missing as it is misspelt, a whole is wrong as a part is."""
    meant = {(*path[:-1], mistake.hint.partition(":")[0]) for path, mistake in found.items() if _is_misspelt(mistake)}
    missing = {path for path, mistake in found.items() if mistake.id == "config.missing" and path in meant}
    wholes = {path[:depth] for path in found for depth in range(len(path))}
    return missing | {path for path in wholes if path in found and found[path].id == "config.value"}


def _is_misspelt(mistake: SciError) -> bool:
    return mistake.id == "config.unknown-key" and bool(mistake.hint)


def _at(value: Any, path: Keys) -> Any:
    for key in path:
        value = value[key]
    return value


def _elsewhere(word: str, schema: Node) -> str:
    """Where the experiment file has a key of this name."""
    homes = []
    for key, child in schema.get("properties", {}).items():
        if word in keys_of(child, schema):
            homes.append(key)
    return f"`{word}` stands under `{homes[0]}`" if len(homes) == 1 else ""


def _label(path: Keys) -> str:
    return f"{path[-1]}: " if path and isinstance(path[-1], str) else ""


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]

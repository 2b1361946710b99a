"""The keys of the experiment file as Markdown, from the model that reads them."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from sci.experiment.defaults import DEFAULTS
from sci.experiment.describe import described, node_at, schema_of
from sci.experiment.model import Experiment
from sci.experiment.slot import Slot
from sci.experiment.writing import inline


class Key(NamedTuple):
    """One key of the file: dotted name, what it holds, its default, its meaning."""

    name: str
    type: str
    default: str
    meaning: str


def keys() -> list[Key]:
    """Every key in the order of the model; keys of a mapping stand below the mapping."""
    return list(_keys(Experiment, ()))


def table() -> str:
    """The Markdown table of all keys."""
    rows = [("key", "value", "default", "meaning"), ("---",) * 4, *((f"`{key.name}`", *key[1:]) for key in keys())]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in row)} |" for row in rows) + "\n"


def _keys(model: type[BaseModel], above: tuple[str, ...]) -> Iterator[Key]:
    for name, field in model.model_fields.items():
        path = (*above, name)
        yield Key(".".join(path), _type(field, path), _default(field, path), _meaning(field))
        inner = _section(field.annotation)
        if inner is not None:
            members = (*path, "<column>") if path == ("data", "columns") else path
            yield from _keys(inner, members)


def _section(annotation: Any) -> type[BaseModel] | None:
    """The model of a part of the file, also where the part is optional or one for each column."""
    for candidate in (annotation, *get_args(annotation)):
        if inspect.isclass(candidate) and issubclass(candidate, BaseModel):
            return candidate
    return None


def _type(field: FieldInfo, path: tuple[str, ...]) -> str:
    kinds = [mark.kind for mark in _marks(field) if isinstance(mark, Slot)]
    if kinds:
        listed = "list[" in str(field.annotation)
        return f"{'list of components' if listed else 'component'} of kind `{kinds[0]}`"
    if _section(field.annotation) is not None:
        return "mapping"
    schema = schema_of(Experiment)
    return described(node_at(schema, path), schema)


def _marks(field: FieldInfo) -> Iterator[Any]:
    yield from field.metadata
    pending = [field.annotation]
    while pending:
        annotation = pending.pop()
        yield from getattr(annotation, "__metadata__", ())
        pending.extend(get_args(annotation))


def _default(field: FieldInfo, path: tuple[str, ...]) -> str:
    standing = {default.keys: default.value for default in DEFAULTS}
    if path in standing:
        return f"`{inline(standing[path])}`, where installed"
    if field.is_required():
        return "required"
    value = field.default if field.default is not PydanticUndefined else _made(field)
    return "" if value is None or isinstance(value, BaseModel) else f"`{inline(value)}`"


def _made(field: FieldInfo) -> Any:
    factory: Any = field.default_factory
    return factory() if factory is not None else None


def _meaning(field: FieldInfo) -> str:
    text = " ".join((field.description or "").replace("``", "`").split())
    example = field.examples[0] if field.examples else None
    if example is None:
        return text
    return f"{text} Example: `{example if isinstance(example, str) else json.dumps(example)}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")

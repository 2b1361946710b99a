"""Where a component may stand: in the experiment file, and inside the settings of another component."""

from __future__ import annotations

import inspect
import types
from collections.abc import Iterator
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from sci.api.config import ComponentRef
from sci.experiment.document import Keys

COMPONENT = "component"
"""Type of the pydantic error for a value that is no component."""

SLOT = "x-component"
"""Keyword that stands in the JSON schema of a model where a component of its value, a kind, belongs."""


class Slot(ComponentRef):
    """Type of a key of the experiment file that holds a component.

    Args:
        kind: kind of the component.
        groups: a mapping without `name` is also taken: from parameter groups of the model to components.
    """

    def __init__(self, kind: str, *, groups: bool = False) -> None:
        super().__init__(kind)
        self.groups = groups

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self._checked)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        one = {SLOT: self.kind}
        return {"anyOf": [one, {"type": "object", "additionalProperties": one}]} if self.groups else one

    def _checked(self, value: Any) -> Any:
        if self.groups and isinstance(value, dict) and value and "name" not in value:
            for member in value.values():
                _demand_component(member)
            return value
        _demand_component(value)
        return value

    def members(self, value: Any, keys: Keys) -> Iterator[tuple[Keys, Any]]:
        """The components in a value of this slot."""
        if self.groups and isinstance(value, dict) and "name" not in value:
            yield from (((*keys, group), member) for group, member in value.items())
        else:
            yield keys, value


def _demand_component(value: Any) -> None:
    named = value.get("name") if isinstance(value, dict) else value
    if not isinstance(named, str):
        raise PydanticCustomError(COMPONENT, "it is a component: its name, or a mapping with `name` and its settings")


class Reference(NamedTuple):
    """A component that a value names, readable or not."""

    keys: Keys
    kind: str
    value: Any


def references(model: type[BaseModel], value: Any, keys: Keys = ()) -> Iterator[Reference]:
    """The components that `value`, the plain data for `model`, names; keys unknown to the model are passed over."""
    if not isinstance(value, dict):
        return
    for name, field in model.model_fields.items():
        key = field.validation_alias if isinstance(field.validation_alias, str) else name
        if key in value and value[key] is not None:
            yield from _within(field.annotation, tuple(field.metadata), value[key], (*keys, key))


def _within(annotation: Any, metadata: tuple[Any, ...], value: Any, keys: Keys) -> Iterator[Reference]:
    for mark in metadata:
        if isinstance(mark, ComponentRef):
            members = mark.members(value, keys) if isinstance(mark, Slot) else [(keys, value)]
            yield from (Reference(at, mark.kind, member) for at, member in members)
            return
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        yield from _within(arguments[0], arguments[1:], value, keys)
    elif origin in (Union, types.UnionType):
        for argument in arguments:
            yield from _within(argument, (), value, keys)
    elif isinstance(value, list) and arguments:
        for position, item in enumerate(value):
            yield from _within(arguments[0], (), item, (*keys, position))
    elif isinstance(value, dict) and len(arguments) == 2:
        for key, item in value.items():
            yield from _within(arguments[1], (), item, (*keys, key))
    elif inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        yield from references(annotation, value, keys)

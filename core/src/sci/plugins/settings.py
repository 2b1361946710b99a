"""The settings of a component, described for people: what `sci components NAME` shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sci.api.errors import PluginError
from sci.plugins import faults
from sci.plugins.entry import Entry

Schema = Mapping[str, Any]

_TYPES = {
    "object": "mapping",
    "string": "text",
    "integer": "whole number",
    "null": "none",
    "boolean": "true | false",
}
_BOUNDS = {
    "minimum": ">= {}",
    "exclusiveMinimum": "> {}",
    "maximum": "<= {}",
    "exclusiveMaximum": "< {}",
    "multipleOf": "a multiple of {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
    "pattern": "like {}",
}


@dataclass(frozen=True)
class Setting:
    """One setting.

    Args:
        name: the key in the experiment file.
        type: the kind of value, such as ``number`` or ``cosine | linear``.
        required: it has no default.
        default: the default, as JSON.
        bounds: what the value keeps to, such as ``> 0, <= 1``.
        unit: unit of the quantity.
        description: what it does.
    """

    name: str
    type: str
    required: bool
    default: Any = None
    bounds: str = ""
    unit: str = ""
    description: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def describe(entry: Entry) -> list[Setting]:
    """The settings of a component in the order of its model.

    Raises:
        PluginError: the model cannot be imported, or not be described.
    """
    model = entry.config_class()
    try:
        schema = model.model_json_schema()
    except Exception as error:
        raise PluginError(
            f"the settings of {entry.words} of {entry.record.title} cannot be described",
            id="plugin.config",
            note=faults.summary(error),
        ) from error
    shared = schema.get("$defs", {})
    whole, _ = _resolved(schema, shared)
    required = set(whole.get("required", ()))
    return [_setting(name, field, name in required, shared) for name, field in whole.get("properties", {}).items()]


def _setting(name: str, field: Schema, required: bool, shared: Schema) -> Setting:
    return Setting(
        name=name,
        type=_type(field, shared),
        required=required,
        default=field.get("default"),
        bounds=", ".join(dict.fromkeys(_bounds(field, shared))),
        unit=str(field.get("unit", "")),
        description=" ".join(str(field.get("description", "")).split()),
    )


def _type(field: Schema, shared: Schema) -> str:
    field, shared = _resolved(field, shared)
    options = field.get("anyOf") or field.get("oneOf")
    if options:
        return " | ".join(dict.fromkeys(_type(option, shared) for option in options))
    if "const" in field:
        return str(field["const"])
    if "enum" in field:
        return " | ".join(map(str, field["enum"]))
    kind = str(field.get("type", "any"))
    if "prefixItems" in field:
        return f"[{', '.join(_type(item, shared) for item in field['prefixItems'])}]"
    if kind == "array":
        return f"list of {_type(field['items'], shared)}" if field.get("items") else "list"
    return _TYPES.get(kind, kind)


def _bounds(field: Schema, shared: Schema) -> list[str]:
    field, shared = _resolved(field, shared)
    known = () if "prefixItems" in field else _BOUNDS.items()  # its form says how many items there are
    own = [words.format(field[key]) for key, words in known if key in field]
    inner = [bound for option in field.get("anyOf", ()) for bound in _bounds(option, shared)]
    return own + inner + (_bounds(field["items"], shared) if field.get("items") else [])


def _resolved(field: Schema, shared: Schema) -> tuple[Schema, Schema]:
    """Follow a reference to a shared definition, once each: a type that holds itself must not go round for ever."""
    name = str(field.get("$ref", "")).rpartition("/")[2]
    if name not in shared:
        return field, shared
    rest = {other: definition for other, definition in shared.items() if other != name}
    return {**shared[name], **field}, rest

"""What a setting may be, in words, from its JSON schema."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.errors import PydanticInvalidForJsonSchema

from sci.experiment.document import Keys
from sci.experiment.slot import SLOT

COMPONENT = "a component: its name, or a mapping with `name` and its settings"
_PLURAL = {"integer": "whole numbers", "number": "numbers", "string": "texts", "array": "lists", "object": "mappings"}
_SINGULAR = {"boolean": "true or false", "null": "null", "string": "text", "object": "a mapping"}

Node = Mapping[str, Any]


@functools.cache
def schema_of(model: type[BaseModel]) -> Node:
    """The JSON schema of a model; empty when the model holds a type that has none."""
    try:
        return model.model_json_schema()
    except PydanticInvalidForJsonSchema:
        return {}


def node_at(schema: Node, keys: Keys) -> Node:
    """The part of a schema that describes the value at the end of `keys`; empty where it says nothing."""
    nodes = [schema]
    for key in keys:
        nodes = [child for node in nodes for option in options(node, schema) for child in _children(option, key)]
    return nodes[0] if len(nodes) == 1 else {"anyOf": nodes} if nodes else {}


def keys_of(node: Node, root: Node) -> list[str]:
    """The keys that a mapping may have, as far as the schema names them."""
    return [key for option in options(node, root) for key in option.get("properties", {})]


def options(node: Node, root: Node) -> list[Node]:
    """The alternatives of a node, references followed."""
    if "$ref" in node:
        name = str(node["$ref"]).removeprefix("#/$defs/")
        target = root.get("$defs", {}).get(name)
        return options(target, root) if target is not None else [node]
    for word in ("anyOf", "oneOf", "allOf"):
        if word in node:
            return [option for child in node[word] for option in options(child, root)]
    if isinstance(node.get("type"), list):
        return [{**node, "type": kind} for kind in node["type"]]
    return [node]


def _children(node: Node, key: str | int) -> list[Node]:
    if isinstance(key, int):
        first = node.get("prefixItems", ())
        found = first[key] if key < len(first) else node.get("items")
    else:
        found = node.get("properties", {}).get(key, node.get("additionalProperties"))
    return [found] if isinstance(found, Mapping) else []


def described(node: Node, root: Node) -> str:
    """What the value may be, such as ``a whole number from 1`` or ``text``; empty when nothing is known."""
    possible = [option for option in options(node, root) if option.get("type") != "null"]
    if any(_is_component(option) for option in possible):
        return COMPONENT
    words: list[str] = [repr_of(value) for option in possible for value in _choices(option)]
    choices = [f"one of {', '.join(words)}"] if len(words) > 1 else words
    plain = dict.fromkeys(_plain(option, root) for option in possible if not _choices(option))
    return " or ".join([word for word in plain if word] + choices)


def repr_of(value: Any) -> str:
    """A value as a message shows it: words in backticks, numbers bare."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return _shown_list(value)
    if not isinstance(value, str):
        return str(value)
    text = "".join(letter if letter.isprintable() else "␀" if letter == "\0" else "·" for letter in value)
    return f"`{text[:60]}..`" if len(text) > 60 else f"`{text}`"


def _shown_list(value: list[Any]) -> str:
    if not value:
        return "an empty list"
    items = ", ".join(repr_of(item).strip("`") for item in value[:8])
    return f"`[{items}]`" if len(value) <= 8 and len(items) <= 40 else f"a list of {len(value)}"


def _is_component(node: Node) -> bool:
    named = node.get("properties", {}).get("name") if node.get("additionalProperties") is True else None
    return SLOT in node or named is not None


def _choices(node: Node) -> Sequence[Any]:
    return [node["const"]] if "const" in node else node.get("enum", ())


def _plain(node: Node, root: Node) -> str:
    kind = node.get("type")
    if kind in ("integer", "number"):
        return f"a {'whole ' if kind == 'integer' else ''}number{_range(node)}"
    if kind == "array":
        return _list(node, root)
    if kind == "string" and "pattern" in node:
        return f"text of the form `{node['pattern'].removeprefix('^').removesuffix('$')}`"
    if kind == "object" and node.get("properties"):
        return f"a mapping with {', '.join(f'`{key}`' for key in list(node['properties'])[:8])}"
    return _SINGULAR.get(str(kind), "")


def _list(node: Node, root: Node) -> str:
    low, high = node.get("minItems"), node.get("maxItems")
    count = f" of {low} values" if low is not None and low == high else _of(node.get("items", {}), root)
    return f"a list{count}{' that is not empty' if low == 1 and high != 1 else ''}"


def _of(items: Any, root: Node) -> str:
    if not isinstance(items, Mapping):
        return ""
    possible = options(items, root)
    if any(_is_component(option) for option in possible):
        return " of components"
    if all(_choices(option) for option in possible):
        return f" of {', '.join(repr_of(value) for option in possible for value in _choices(option))}"
    kinds = dict.fromkeys(_PLURAL.get(str(option.get("type")), "") for option in possible)
    return f" of {' or '.join(kinds)}" if all(kinds) else ""


def _range(node: Node) -> str:
    low, above = node.get("minimum"), node.get("exclusiveMinimum")
    high, below = node.get("maximum"), node.get("exclusiveMaximum")
    start = f"from {_number(low)}" if low is not None else f"above {_number(above)}" if above is not None else ""
    end = f"to {_number(high)}" if high is not None else f"below {_number(below)}" if below is not None else ""
    if end.startswith("to") and not start.startswith("from"):
        end = f"up to {_number(high)}"
    between = " and " if start and end and not (start.startswith("from") and end.startswith("to")) else " "
    return f" {between.join(part for part in (start, end) if part)}" if start or end else ""


def _number(value: Any) -> str:
    return str(int(value)) if float(value).is_integer() else str(value)

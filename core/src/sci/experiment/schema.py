"""The JSON schema of experiment files, for completion in editors: the core's keys and the installed components."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from sci.api.errors import PluginError, SciError
from sci.api.kinds import KINDS
from sci.experiment.generic import GENERIC, generic_keys
from sci.experiment.model import Experiment
from sci.experiment.slot import SLOT

if TYPE_CHECKING:
    from pydantic import BaseModel

    from sci.plugins.registry import Entry, Registry

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]


class Described(NamedTuple):
    """A JSON schema, and what was left out of it."""

    schema: Schema
    left_out: list[SciError]


def experiment_schema(registry: Registry) -> Described:
    """The schema of an experiment file with every component that may be used.

    Components whose settings cannot be imported are left out.
    """
    definitions: Schema = {}
    left_out: list[SciError] = []
    for kind, noun in ((kind.name, kind.noun) for kind in KINDS.values()):
        choices, faults = _choices(registry.entries(kind), definitions)
        left_out += faults
        # An empty list of alternatives fits nothing; a kind without components takes any name.
        definitions[_key(kind)] = {"title": noun, "anyOf": choices} if choices else {"title": noun}
    schema = _model_schema(Experiment, "experiment", definitions)
    schema |= {"title": "sci experiment", "$defs": dict(sorted(definitions.items()))}
    return Described({"$schema": DIALECT, **schema}, left_out)


def component_schema(entry: Entry) -> Schema:
    """The schema of one component, as a mapping with `name`.

    Raises:
        PluginError: its settings cannot be imported.
    """
    definitions: Schema = {}
    schema = _component(entry, definitions)
    return {"$schema": DIALECT, **schema, **({"$defs": definitions} if definitions else {})}


def _choices(entries: Iterable[Entry], definitions: Schema) -> tuple[list[Schema], list[SciError]]:
    """The ways in which components of a kind can be written: each as a mapping, and as a word if that is enough."""
    words: list[Schema] = []
    mappings: list[Schema] = []
    left_out: list[SciError] = []
    seen: set[str] = set()
    for entry in entries:
        name = entry.spec.name
        if name in seen:
            continue  # The same component on another engine.
        seen.add(name)
        try:
            mapping = _component(entry, definitions)
        except SciError as error:
            left_out.append(error)
            continue
        mappings.append(mapping)
        if mapping["required"] == ["name"]:
            words.append({"const": name, "description": entry.spec.summary})
    return [*words, *mappings], left_out


def _component(entry: Entry, definitions: Schema) -> Schema:
    try:
        config = entry.config_class()
        settings = _model_schema(config, f"{entry.kind}.{entry.spec.name}", definitions)
    except SciError:
        raise
    except Exception as error:  # A type of the plugin that has no JSON schema.
        raise PluginError(
            f"the settings of {entry.spec.name} from {entry.record.title} have no JSON schema",
            id="plugin.config",
            note=f"{type(error).__name__}: {error}".splitlines()[0][:200],
        ) from error
    properties = {"name": {"const": entry.spec.name}, **settings.get("properties", {})}
    shared = generic_keys(entry.kind, config)
    if shared:
        more = _model_schema(GENERIC[entry.kind], f"every.{entry.kind}", definitions)["properties"]
        properties |= {key: more[key] for key in shared}
    return {
        "title": entry.spec.name,
        "description": entry.spec.summary,
        "type": "object",
        "properties": properties,
        "required": ["name", *settings.get("required", [])],
        "additionalProperties": False,
    }


def _model_schema(model: type[BaseModel], owner: str, definitions: Schema) -> Schema:
    """The schema of a model, its parts moved to the common definitions under the owner's name."""
    schema = model.model_json_schema(ref_template=f"#/$defs/{owner}.{{model}}")
    for name, part in schema.pop("$defs", {}).items():
        definitions[f"{owner}.{name}"] = _linked(part)
    return dict(_linked(schema))


def _linked(node: Any) -> Any:
    """The schema with its slots pointing at the components of their kind, and without titles that repeat the key."""
    if isinstance(node, list):
        return [_linked(item) for item in node]
    if not isinstance(node, Mapping):
        return node
    linked = {key: _member(key, value) for key, value in node.items() if key not in (SLOT, "title")}
    return {**linked, "$ref": f"#/$defs/{_key(node[SLOT])}"} if SLOT in node else linked


def _member(key: str, value: Any) -> Any:
    """One keyword of a schema; below `properties` stand names, which may be those of keywords."""
    if key == "properties":
        return {name: _linked(child) for name, child in value.items()}
    if key in ("const", "enum", "default", "examples", "required"):
        return value
    return " ".join(value.split()) if key == "description" else _linked(value)


def _key(kind: str) -> str:
    return f"component.{kind}"

"""Steps that would make of an input what the model reads: found by asking every installed one."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import replace

from sci.api import Feature, Preprocessor, Schema
from sci.pipeline.assembly import Assembly
from sci.pipeline.steps import Steps, unread
from sci.plugins.entry import Entry

TEXT = Feature("text", dtype="string")


def helping(assembly: Assembly, schema: Schema, name: str, accepts: Iterable[str]) -> list[str]:
    """Steps without settings after which a model with these `accepts` can read an input, those first that their plugin
    lists first."""
    kind = schema.columns[name].kind
    offered = [entry for entry in assembly.registry.entries("preprocessors") if kind in entry.spec.accepts]
    return [entry.spec.name for entry in sorted(offered, key=_place) if _helps(entry, schema, name, accepts)]


def as_text(assembly: Assembly, schema: Schema, name: str, accepts: Iterable[str]) -> bool:
    """Whether the model could read a raw input if it were declared to be text, with a step more or as it is."""
    if name not in schema.columns or schema.columns[name].kind == "text":
        return False
    declared = replace(schema, columns={**schema.columns, name: TEXT})
    with contextlib.suppress(Exception):  # the steps may have something against it, too
        last = Steps(assembly.recipes(assembly.task(), declared)).flow(declared)[-1]
        return name not in unread(last.inputs, accepts) or bool(helping(assembly, last, name, accepts))
    return False


def _place(entry: Entry) -> tuple[str, int]:
    return entry.record.name, list(entry.record.specs[entry.kind]).index(entry.spec)


def _helps(entry: Entry, schema: Schema, name: str, accepts: Iterable[str]) -> bool:
    with contextlib.suppress(Exception):  # one that needs settings, or cannot be loaded, is none to suggest
        step: Preprocessor = entry.load()(entry.settings({}), (name,))
        return set(unread(step.output_schema(schema).inputs, accepts)) <= set(_others(schema, name, accepts))
    return False


def _others(schema: Schema, name: str, accepts: Iterable[str]) -> Iterator[str]:
    return (other for other in unread(schema.inputs, accepts) if other != name)

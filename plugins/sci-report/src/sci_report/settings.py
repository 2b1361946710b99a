"""The experiment's settings as lines and as rows, in the words of the experiment file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sci_report.facts import named
from sci_report.grids import Grid, grid
from sci_report.words import Code, Data, Text, phrase

_BARE = re.compile(r"[A-Za-z_/.][\w ./+-]*")
_WORDS = ("true", "false", "null", "yes", "no", "on", "off", "y", "n", "~")


def flow(value: Any) -> str:
    """A value as YAML on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{flow(str(key))}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, str):
        bare = _BARE.fullmatch(value) and value.strip() == value and value.lower() not in _WORDS
        return value if bare else json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool | type(None)):
        return json.dumps(value)
    return str(value)


def listing(experiment: Mapping[str, Any]) -> str:
    """All settings, two levels deep, deeper ones on one line."""
    return "\n".join(_lines(experiment))


def _lines(experiment: Mapping[str, Any]) -> Iterator[str]:
    for key, value in experiment.items():
        if isinstance(value, Mapping) and value and "name" not in value:
            yield f"{key}:"
            yield from (f"  {flow(str(inner))}: {flow(item)}" for inner, item in value.items())
        elif isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
            yield f"{key}:"
            yield from (f"  - {flow(item)}" for item in value)
        else:
            yield f"{key}: {flow(value)}"


def table(experiment: Mapping[str, Any]) -> Grid:
    """What makes the model: preprocessing, model, engine, training, calibration."""
    rows: list[Sequence[Text]] = []
    for key in ("preprocessing", "model", "engine", "training", "calibration"):
        rows += [(Code(path), Data(value)) for path, value in _rows(key, experiment.get(key))]
    return grid(phrase("model.settings"), [phrase("column.setting"), phrase("column.value")], rows)


def _rows(key: str, value: Any) -> Iterator[tuple[str, str]]:
    if value is None or value == [] or value == {}:
        return
    if isinstance(value, list):
        for index, item in enumerate(value, 1):
            yield f"{key} {index}", _component(item)
    elif isinstance(value, Mapping):
        for inner, item in value.items():
            if item is not None:
                yield f"{key}.{inner}", _component(item)
    else:
        yield key, _component(value)


def _component(value: Any) -> str:
    name, settings = named(value) if isinstance(value, Mapping) and "name" in value else ("", {})
    if not name:
        return value if isinstance(value, str) else flow(value)
    return f"{name} {flow(settings)}" if settings else name

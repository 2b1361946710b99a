"""Components that stand in where the file names none.

They are names that the file could have written; nothing else in the core knows them, and one that is not installed is
left out. Defaults that name no component stand in `model`.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from sci.api.errors import SciError
from sci.experiment.components import name_of

if TYPE_CHECKING:
    from sci.plugins.registry import Registry


class Default(NamedTuple):
    """What a key holds when nothing is said, and why just that."""

    keys: tuple[str, ...]
    kind: str
    value: Any
    why: str


DEFAULTS = (
    Default(
        ("data", "split"),
        "splitters",
        {"name": "random", "validation": 0.1, "test": 0.2},
        "a fifth for the test is the custom, and a random split asks nothing of the data",
    ),
    Default(("report",), "reporters", ["html", "markdown"], "one to look at, one to keep under version control"),
    Default(("evaluation", "interval"), "intervals", "bootstrap", "it suits every metric"),
    Default(("evaluation", "comparison"), "comparisons", "paired-bootstrap", "it suits every metric"),
)


def completed(value: Mapping[str, Any], registry: Registry) -> dict[str, Any]:
    """The experiment with the default components, and the engine of its model where there is only one."""
    result = copy.deepcopy(dict(value))
    for default in DEFAULTS:
        chosen = _installed(default, registry)
        if chosen:
            _fill(result, default.keys, chosen)
    engines = engines_of(name_of(result.get("model")), registry)
    if len(engines) == 1:
        _fill(result, ("engine",), engines[0])
    return result


def engines_of(model: str | None, registry: Registry) -> list[str]:
    """The installed engines that have a model of this name; where none is installed, those that could be."""
    specs = [entry.spec for entry in registry.entries("models") if entry.spec.name == model]
    engines = {engine for spec in specs for engine in spec.engines}
    return sorted(engines & set(registry.names("engines")) or engines)


def _installed(default: Default, registry: Registry) -> Any:
    if not isinstance(default.value, list):
        return default.value if _usable(default.kind, str(name_of(default.value)), registry) else None
    return [name for name in default.value if _usable(default.kind, name, registry)]


def _usable(kind: str, name: str, registry: Registry) -> bool:
    try:
        registry.find(kind, name)
    except SciError:
        return False
    return True


def _fill(result: dict[str, Any], keys: tuple[str, ...], value: Any) -> None:
    *parents, last = keys
    for key in parents:
        if key not in result:
            result[key] = {}
        result = result[key]
        if not isinstance(result, dict):
            return  # The shape of the file is judged elsewhere.
    if result.get(last) is None:
        result[last] = copy.deepcopy(value)

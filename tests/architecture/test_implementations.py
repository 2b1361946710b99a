"""A component with one name has one meaning: its settings are the same on every engine, whoever implements it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

from sci.plugins.entry import Entry
from sci.plugins.manager import assemble
from sci.plugins.policy import Policy

Kin = dict[tuple[str, str], list[Entry]]


def shared() -> Kin:
    """Native components that more than one distribution offers, for different engines."""
    found: dict[tuple[str, str], dict[str, Entry]] = defaultdict(dict)
    for entry in assemble(Policy(), environ={}).registry.entries():
        if entry.engine is not None:
            found[entry.kind, entry.spec.name].setdefault(entry.record.distribution, entry)
    return {key: list(entries.values()) for key, entries in found.items() if len(entries) > 1}


SHARED = shared()
each_shared = pytest.mark.parametrize("key", sorted(SHARED), ids=lambda key: f"{key[0]}-{key[1]}")


def without_words(schema: Any) -> Any:
    """A JSON schema without titles and descriptions."""
    if isinstance(schema, dict):
        words = {name for name in ("title", "description") if isinstance(schema.get(name), str)}
        return {name: without_words(value) for name, value in schema.items() if name not in words}
    return [without_words(value) for value in schema] if isinstance(schema, list) else schema


def test_linear_models_and_losses_have_several_implementations():
    models = {"linear", "logistic", "softmax", "least-squares"}
    losses = {"mean-squared-error", "mean-absolute-error", "huber", "cross-entropy"}

    assert {name for kind, name in SHARED if kind == "models"} >= models
    assert {name for kind, name in SHARED if kind == "losses"} >= losses


@each_shared
def test_settings_are_the_same_whoever_implements_a_component(key):
    first, *others = (without_words(entry.config_class().model_json_schema()) for entry in SHARED[key])

    assert all(other == first for other in others)


@each_shared
def test_tasks_inputs_and_traits_are_the_same_whoever_implements_a_component(key):
    first, *others = ((entry.spec.tasks, entry.spec.accepts, entry.spec.traits) for entry in SHARED[key])

    assert all(other == first for other in others)


@each_shared
def test_no_engine_has_two_implementations(key):
    engines = [engine for entry in SHARED[key] for engine in entry.spec.engines]

    assert len(engines) == len(set(engines))

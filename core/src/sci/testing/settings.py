"""The settings of a case, checked as those of an experiment file are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sci.experiment.generic import generic_keys
from sci.plugins.entry import Entry


class Settled(NamedTuple):
    """Settings with every default filled in, and the keys among them that belong to the core."""

    settings: Any
    shared: Mapping[str, Any]


def settled(entry: Entry, given: Mapping[str, Any]) -> Settled:
    """What an experiment file with these settings comes to.

    Raises:
        pydantic.ValidationError: a setting is unknown, missing or out of bounds.
        PluginError: the model of the settings cannot be imported.
    """
    own = dict(given)
    keys = generic_keys(entry.kind, entry.config_class())
    shared = {key: own.pop(key) for key in keys if key in own}
    return Settled(entry.settings(own), shared)

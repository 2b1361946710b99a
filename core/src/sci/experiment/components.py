"""The components that an experiment names: looked up among the installed ones, their settings checked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from sci.api.config import ComponentConfig
from sci.api.errors import ConfigError, PluginError, SciError
from sci.api.kinds import KINDS
from sci.experiment.describe import repr_of
from sci.experiment.document import Document, Keys
from sci.experiment.generic import GENERIC, generic_keys
from sci.experiment.mistakes import Subject
from sci.experiment.model import Experiment
from sci.experiment.slot import Reference, references

if TYPE_CHECKING:
    from sci.plugins.registry import Entry, Registry


_LONGEST_NAME = 100


@dataclass(frozen=True)
class Chosen:
    """One component of an experiment.

    Args:
        kind: its kind, such as ``models``.
        keys: where it stands: ``("preprocessing", 0)``, ``("training", "optimizer", "generator")``.
        name: what the file calls it.
        entry: the registry's entry.
        settings: its checked settings.
        raw: the settings as given.
        generic: the keys that all components of its kind share: `columns` of a preprocessor, `seed` of a splitter.
    """

    kind: str
    keys: Keys
    name: str
    entry: Entry
    settings: ComponentConfig
    raw: Mapping[str, Any] = field(default_factory=dict)
    generic: Mapping[str, Any] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...] | None:
        """The columns that a preprocessor is limited to; None when it takes all that suit it."""
        named = self.generic.get("columns")
        return None if named is None else tuple(named)

    def resolved(self) -> dict[str, Any]:
        """The component as the experiment file could write it, with every default.

        Settings that refuse their own defaults, because a validator asks which of them were given, stay as given.
        """
        settings = self.settings.model_dump(mode="json", by_alias=True)
        try:
            type(self.settings).model_validate_json(json.dumps(settings), strict=True)
        except ValidationError:
            settings = self.settings.model_dump(mode="json", by_alias=True, exclude_unset=True)
        return {"name": self.name, **self.generic, **settings}


class Choosing:
    """Looks up and checks every component of a document; mistakes are collected."""

    def __init__(self, document: Document, value: Mapping[str, Any], registry: Registry) -> None:
        self.document = document
        self.registry = registry
        self.value = value
        self.chosen: list[Chosen] = []
        self.mistakes: list[SciError] = []
        self.engine = name_of(value.get("engine"))

    def choose(self) -> None:
        """Fill `chosen` and `mistakes`."""
        if self.engine is not None and not self._exists("engines", self.engine):
            self.engine = None
        for found in references(Experiment, self.value):
            self._choose(found)

    def _exists(self, kind: str, name: str) -> bool:
        return name in self.registry.names(kind)

    def _choose(self, found: Reference) -> None:
        name = name_of(found.value)
        if name is None:
            return  # The shape of the file is judged elsewhere.
        entry = self._found(found, name)
        if entry is None:
            return
        raw = dict(found.value) if isinstance(found.value, dict) else {}
        raw.pop("name", None)
        try:
            entry.require()
            config = entry.config_class()
        except SciError as error:
            self._note(error, found)
            return
        shared = generic_keys(found.kind, config)
        generic = self._generic(found, {key: raw.pop(key) for key in shared if key in raw})
        try:
            settings, mistakes = Subject(self.document, found.keys, name, shared).validated(config, raw)
        except SciError as error:
            self._note(error, found)
            return
        except Exception as error:
            self._note(_failed(entry, error), found)
            return
        self.mistakes.extend(mistakes)
        if settings is not None:
            self.chosen.append(Chosen(found.kind, found.keys, name, entry, settings, raw, generic))
        given = raw if settings is None else settings.model_dump(by_alias=True)
        for nested in references(config, given, found.keys):
            self._choose(nested)

    def _found(self, found: Reference, name: str) -> Entry | None:
        if len(name) > _LONGEST_NAME:
            text = f"no {KINDS[found.kind].noun} is called {repr_of(name)}"
            self._note(ConfigError(text, id="component.unknown"), found)
            return None
        # While the engine is not known, which has a message of its own, any engine's edition tells the settings.
        try:
            return self.registry.find(found.kind, name, self.engine if KINDS[found.kind].native else None)
        except SciError as error:
            self._note(error, found)
            return None

    def _note(self, error: SciError, found: Reference) -> None:
        named = (*found.keys, "name") if isinstance(found.value, dict) else found.keys
        # An engine that follows from the model stands nowhere in the file.
        implied = found.kind == "engines" and found.keys not in self.document.values
        error.where = self.document.place(("model",) if implied else named)
        if error.hint.startswith("name: ") and not isinstance(found.value, dict):
            key = found.keys[-1]
            error.hint = f"{key}: {error.hint[6:]}" if isinstance(key, str) else error.hint[6:]
        self.mistakes.append(error)

    def _generic(self, found: Reference, given: Mapping[str, Any]) -> Mapping[str, Any]:
        if not given:
            return {}
        checked, mistakes = Subject(self.document, found.keys).validated(GENERIC[found.kind], given)
        self.mistakes.extend(mistakes)
        return {} if checked is None else checked.model_dump(mode="json", exclude_none=True)


def _failed(entry: Entry, error: Exception) -> PluginError:
    """A validator of a plugin that raises what is neither a ValueError nor an error for people."""
    return PluginError(
        f"{entry.record.title} has failed while the settings of {entry.spec.name} were checked",
        id="plugin.raised",
        note=f"{type(error).__name__}: {error}"[:200],
        hint=f"sci plugins doctor {entry.record.distribution}",
    )


def name_of(value: Any) -> str | None:
    """The name of a component as a file gives it; None where it gives none."""
    name = value.get("name") if isinstance(value, dict) else value
    return name if isinstance(name, str) else None

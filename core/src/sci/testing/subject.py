"""The plugin that is looked at: its record, its components, its cases, its files."""

from __future__ import annotations

import functools
import importlib.metadata
import importlib.util
import pathlib
import shutil
import tempfile
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sci.api.errors import ConfigError, SciError
from sci.plugins.entry import Entry
from sci.plugins.manager import PluginSystem, assemble
from sci.plugins.nearest import closest, nearest
from sci.plugins.records import PluginRecord, canonical
from sci.testing.case import Case, Expected
from sci.testing.project import Project, at_hand, project

T = TypeVar("T")


@dataclass(eq=False)
class Subject:
    """One plugin among those that are installed.

    Args:
        record: what became of it.
        system: all plugins; the checks of native components need an engine, which may be another's.
        project: the folder that it is built from, where that was named instead of the plugin.
    """

    record: PluginRecord
    system: PluginSystem
    project: Project | None = None
    memory: dict[Any, Any] = field(default_factory=dict, repr=False)
    """What several checks share, such as the answers of other processes."""

    @classmethod
    def of(cls, plugin: str | pathlib.Path, system: PluginSystem | None = None) -> Subject:
        """The plugin of this name, or the one in this folder, which is built and put on the path where it is not
        installed.

        Raises:
            ConfigError: there is no such plugin.
            PluginError: the folder's wheel cannot be built.
        """
        found = project(pathlib.Path(plugin)) if is_path(plugin) else None
        name = found.name if found else str(plugin)
        if found is not None:
            at_hand(found)
        system = system or assemble()
        for record in system.records:
            if record.answers_to(name):
                return cls(record, system, found)
        names = sorted({record.distribution for record in system.records})
        guess = nearest(name, names)
        raise ConfigError(
            f"no plugin is called `{name}`" + (f"; did you mean `{guess}`?" if guess else ""),
            id="plugin.unknown",
            note=f"installed: {', '.join(closest(name, names))}" if names else "no plugin is installed",
            hint="sci plugins list",
        )

    def once(self, key: Any, make: Callable[[], T]) -> T:
        """What several trials share, made when the first of them asks."""
        if key not in self.memory:
            self.memory[key] = make()
        found: T = self.memory[key]
        return found

    @functools.cached_property
    def scratch(self) -> pathlib.Path:
        """A folder for the files of its cases, for as long as this is in use."""
        folder = tempfile.mkdtemp(prefix="sci-plugin-test-")
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        return pathlib.Path(folder)

    def room(self) -> pathlib.Path:
        """An empty folder."""
        return pathlib.Path(tempfile.mkdtemp(dir=self.scratch))

    @functools.cached_property
    def distribution(self) -> importlib.metadata.Distribution:
        """What is installed of it."""
        return importlib.metadata.distribution(self.record.distribution)

    @property
    def package(self) -> str:
        """The package that its light module lies in."""
        return self.record.module.partition(".")[0]

    @functools.cached_property
    def folder(self) -> pathlib.Path | None:
        """Where the package lies; None where it is no folder."""
        found = importlib.util.find_spec(self.package)
        places = list(found.submodule_search_locations or ()) if found else []
        return pathlib.Path(places[0]) if places else None

    @functools.cached_property
    def entries(self) -> list[Entry]:
        """Its components; those of native kinds once for each engine."""
        return [one for one in self.system.registry.entries() if one.record is self.record]

    @functools.cached_property
    def own_cases(self) -> list[Any]:
        """What `sci_conformance_cases` returned, as it is."""
        for one in self.system.hooks.sci_conformance_cases.get_hookimpls():
            if one.plugin_name == self.record.name:
                return list(one.function())
        return []

    @functools.cached_property
    def foretold(self) -> dict[str, str]:
        """Failures that the plugin itself says are meant: id, or id and component, to the reason."""
        try:
            return {one.check: one.reason for one in self.own_cases if isinstance(one, Expected)}
        except Exception:  # a check of its own says what the hook raises
            return {}

    @functools.cached_property
    def cases(self) -> tuple[list[Case], list[str]]:
        """The cases to run, with a default one for each component that has none of its own, and what is wrong with the
        others."""
        faults: list[str] = []
        try:
            given = [one for one in self.own_cases if not isinstance(one, Expected)]
        except Exception as error:
            given, faults = [], [f"`sci_conformance_cases` raises {type(error).__name__}: {error}"]
        sound = []
        for one in given:
            fault = self._fault(one)
            if fault:
                faults.append(fault)
            else:
                sound.append(one)
        named = {(one.kind, one.name) for one in given if isinstance(one, Case)}
        components = dict.fromkeys((entry.kind, entry.spec.name) for entry in self.entries)
        defaults = [Case(kind, name) for kind, name in components if (kind, name) not in named]
        return [*sound, *(one for one in defaults if not self._fault(one))], faults

    def entry(self, case: Case) -> Entry | None:
        """The component that a case names."""
        return next((one for one in self.entries if (one.kind, one.spec.name) == (case.kind, case.name)), None)

    def _fault(self, case: Any) -> str:
        from sci.testing.settings import settled

        if not isinstance(case, Case):
            return f"a {type(case).__name__} stands among the cases"
        entry = self.entry(case)
        if entry is None:
            return f"a case names {case.kind} `{case.name}`, which this plugin does not offer"
        if case.engine is not None and case.engine not in entry.spec.engines:
            return f"a case of {entry.words} names engine `{case.engine}`"
        try:
            settled(entry, case.settings)
        except SciError:
            return ""  # its settings cannot be imported, which a check of its own says
        except ValueError as error:
            return f"the settings of a case of {entry.words} are refused: {' '.join(str(error).split())[:300]}"
        return ""

    def engines(self, kind: str, name: str) -> Sequence[str]:
        """Engines that a component has code for here."""
        return [one.engine for one in self.entries if (one.kind, one.spec.name) == (kind, name) and one.engine]


def is_path(plugin: str | pathlib.Path) -> bool:
    """Whether somebody means a folder: a path object, or a text with a separator or a dot first."""
    return isinstance(plugin, pathlib.Path) or plugin.startswith(".") or "/" in plugin or "\\" in plugin


def same_name(one: str, other: str) -> bool:
    """Whether two names mean the same distribution."""
    return canonical(one) == canonical(other)

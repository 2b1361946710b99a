"""stevedore's part: what is declared under an entry-point group, and the loading of what was chosen from it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, EntryPoint, distributions
from typing import Any

from stevedore.named import NamedExtensionManager

from sci.plugins.guard import light, quiet
from sci.plugins.metadata import Metadata, read_metadata
from sci.plugins.records import canonical

PLUGINS = "sci.plugins"
BUNDLES = "sci.bundles"


@dataclass(frozen=True)
class Found:
    """One entry point, seen in metadata; `fault` says why it cannot even be tried."""

    name: str
    value: str
    metadata: Metadata
    entry_point: EntryPoint | None = None
    fault: str = ""


@dataclass(frozen=True)
class Loaded:
    """What came of importing one entry point: `plugin`, or `error`; `refused` lists what the import guard held off."""

    found: Found
    plugin: Any
    error: BaseException | None
    refused: tuple[str, ...]
    seconds: float


class Discovery:
    """Finds and loads the entry points of the installed distributions.

    Args:
        path: folders with metadata; by default those of ``sys.path``.
    """

    def __init__(self, path: Sequence[str] | None = None) -> None:
        self.path = path

    def find(self, group: str = PLUGINS) -> list[Found]:
        """Every entry point of the group, sorted by name and distribution; nothing is imported."""
        return Extensions(group, path=self.path).found

    def survey(self, groups: Sequence[str] = (PLUGINS, BUNDLES)) -> dict[str, list[Found]]:
        """Every entry point of these groups, as `find` gives them; the metadata of each distribution is read once."""
        declared = list(_declared(groups, self.path))
        return {group: _sorted(found for one, found in declared if one == group) for group in groups}

    def load(
        self, chosen: Sequence[Found], group: str = PLUGINS, banned: Mapping[str, str] | None = None
    ) -> list[Loaded]:
        """Import these and nothing else, sorted by name; whatever they raise is kept, except Ctrl-C.

        Args:
            chosen: what to import.
            group: the group that they belong to.
            banned: further modules that the import guard refuses, with the reason.
        """
        return Extensions(group, chosen=chosen, banned=banned).loaded


class Extensions(NamedExtensionManager):
    """stevedore's manager that chooses by name before it imports, with four habits changed.

    Entry points are read afresh and sorted (its disk cache may be two minutes behind and forgets distributions), two
    distributions may share a name without one hiding the other, `SystemExit` and `AssertionError` of one plugin do not
    end the program, and failures are kept instead of logged.
    """

    def __init__(
        self,
        group: str,
        *,
        path: Sequence[str] | None = None,
        chosen: Sequence[Found] | None = None,
        banned: Mapping[str, str] | None = None,
    ) -> None:
        self.found = _sorted((found for _, found in _declared([group], path)) if chosen is None else chosen)
        self.loaded: list[Loaded] = []
        self._banned = dict(banned or {})
        super().__init__(group, names=[one.name for one in chosen or ()], on_missing_entrypoints_callback=None)

    def list_entry_points(self) -> list[EntryPoint]:
        return [one.entry_point for one in self.found if one.entry_point is not None]

    def _load_one_plugin(self, ep: EntryPoint, *arguments: Any, **more: Any) -> Any:
        if ep.name not in self._names:
            return None
        [found] = [one for one in self.found if one.entry_point is ep]
        extension, error = None, None
        began = time.perf_counter()
        with quiet(), light(self._banned) as refused:
            try:
                extension = super()._load_one_plugin(ep, *arguments, **more)
            except KeyboardInterrupt:
                raise
            except BaseException as raised:
                error = raised
        plugin = None if extension is None else extension.plugin
        self.loaded.append(Loaded(found, plugin, error, tuple(refused), time.perf_counter() - began))
        return extension


def _sorted(found: Iterable[Found]) -> list[Found]:
    return sorted(found, key=lambda one: (one.name, one.metadata.name))


def _declared(groups: Sequence[str], path: Sequence[str] | None) -> Iterator[tuple[str, Found]]:
    seen = set()
    for distribution in distributions() if path is None else distributions(path=list(path)):
        found = _entry_points(distribution, groups)
        if not any(entry_points or fault for entry_points, fault in found.values()):
            continue
        modules = [one.value.partition(":")[0].strip() for entry_points, _ in found.values() for one in entry_points]
        metadata = read_metadata(distribution, name=modules[0] if modules else "unknown")
        if canonical(metadata.name) in seen:
            continue  # as with imports, the first one on the path hides the others
        seen.add(canonical(metadata.name))
        for group, (entry_points, fault) in found.items():
            if fault:
                yield group, Found(canonical(metadata.name), "", metadata, fault=fault)
            for entry_point in entry_points:
                yield group, Found(entry_point.name, entry_point.value, metadata, entry_point)


def _entry_points(distribution: Distribution, groups: Sequence[str]) -> dict[str, tuple[list[EntryPoint], str]]:
    """The entry points of one distribution by group, or why they cannot be read: one damaged file must not hide all
    others."""
    try:
        text = distribution.read_text("entry_points.txt") or ""
        named = [group for group in groups if f"[{group}]" in text]
        return {group: (list(distribution.entry_points.select(group=group)), "") for group in named}
    except UnicodeDecodeError as error:
        named = [group for group in groups if f"[{group}]".encode() in error.object]
        return {group: ([], "its entry_points.txt is not UTF-8") for group in named}
    except Exception as error:
        return {group: ([], f"its entry_points.txt cannot be read ({type(error).__name__})") for group in groups}

"""stevedore's part: what is declared under an entry-point group, and the loading of what was chosen from it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
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
        found = _declared(group, path) if chosen is None else chosen
        self.found = sorted(found, key=lambda one: (one.name, one.metadata.name))
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


def _declared(group: str, path: Sequence[str] | None) -> Iterator[Found]:
    seen = set()
    for distribution in distributions() if path is None else distributions(path=list(path)):
        entry_points, fault = _entry_points(distribution, group)
        if not entry_points and not fault:
            continue
        metadata = read_metadata(distribution, name=entry_points[0].module if entry_points else "unknown")
        if canonical(metadata.name) in seen:
            continue  # as with imports, the first one on the path hides the others
        seen.add(canonical(metadata.name))
        if fault:
            yield Found(canonical(metadata.name), "", metadata, fault=fault)
        for entry_point in entry_points:
            yield Found(entry_point.name, entry_point.value, metadata, entry_point)


def _entry_points(distribution: Distribution, group: str) -> tuple[list[EntryPoint], str]:
    """The entry points of one distribution, or why they cannot be read: one damaged file must not hide all others."""
    try:
        text = distribution.read_text("entry_points.txt")
        if not text or f"[{group}]" not in text:
            return [], ""
        return list(distribution.entry_points.select(group=group)), ""
    except UnicodeDecodeError as error:
        return [], "its entry_points.txt is not UTF-8" if f"[{group}]".encode() in error.object else ""
    except Exception as error:
        return [], f"its entry_points.txt cannot be read ({type(error).__name__})"

"""What an installed distribution says about itself, read without importing anything of it."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError

from sci.plugins.records import PluginRecord, canonical

CORE = "sci-core"


@dataclass(frozen=True)
class Metadata:
    """The header lines of METADATA that concern a plugin."""

    name: str
    version: str = ""
    summary: str = ""
    license: str = ""
    home: str = ""
    requires: tuple[str, ...] = ()


def read_metadata(distribution: Distribution, name: str = "") -> Metadata:
    """The metadata of a distribution; `name` stands in where the file gives none.

    importlib.metadata parses the whole file, with its README, as an e-mail message; only the header lines matter here.
    """
    headers = _headers(distribution.read_text("METADATA") or distribution.read_text("PKG-INFO") or "")
    license_ = headers.get("license-expression") or headers.get("license") or [""]
    return Metadata(
        name=headers.get("name", [name])[0],
        version=headers.get("version", [""])[0],
        summary=headers.get("summary", [""])[0],
        license=license_[0],
        home=_home(headers),
        requires=tuple(headers.get("requires-dist", ())),
    )


def core_version() -> str | None:
    """The installed version of the core; None where it runs without being installed."""
    try:
        return read_metadata(Distribution.from_name(CORE)).version or None
    except PackageNotFoundError:
        return None


def needs(requires: Sequence[str]) -> str:
    """The range of sci-core that these requirements ask for, empty where they ask for none.

    Raises:
        ValueError: a requirement on sci-core cannot be read.
    """
    return ",".join(filter(None, (_core_range(line) for line in requires)))


def incompatibility(range_: str, core: str | None) -> str:
    """One line saying why a range excludes this core, or nothing.

    A pre-release of the core counts as the version that it leads to, so that plugins can be tried before a release.
    """
    if not range_ or core is None or _admits(range_, core):
        return ""
    return f"needs {CORE} {range_}, this is {core}"


def remedy(record: PluginRecord) -> str:
    """What to type, where another version may help: of the plugin, or of the core that it is too new for.

    Where two declare one entry point no version helps, and one of them has to go.
    """
    if record.status == "duplicate":
        return f"pip uninstall {record.distribution}   or the other of the two"
    newer = record.status == "incompatible" and too_old(record.needs, core_version())
    return f"pip install -U {CORE if newer else record.distribution}"


def too_old(range_: str, core: str | None) -> bool:
    """Whether it is the core that has to be renewed for a range to admit it, and not the plugin."""
    from packaging.specifiers import SpecifierSet
    from packaging.version import Version

    lower = [Version(part.version) for part in SpecifierSet(range_) if part.operator in (">=", ">", "~=")]
    return core is not None and any(Version(core) < one for one in lower)


@functools.lru_cache(maxsize=1024)
def _admits(range_: str, version: str) -> bool:
    from packaging.specifiers import SpecifierSet

    return SpecifierSet(range_).contains(version, prereleases=True)


@functools.lru_cache(maxsize=1024)
def _core_range(line: str) -> str:
    if canonical(line[: len(CORE)]) != CORE:
        return ""
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        requirement = Requirement(line)
    except InvalidRequirement as error:
        raise ValueError(f"`Requires-Dist: {line}` cannot be read") from error
    if canonical(requirement.name) != CORE or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
        return ""
    lower_first = sorted(requirement.specifier, key=lambda part: (part.operator[0] not in ">=~", str(part)))
    return ",".join(map(str, lower_first))


def _headers(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if not line.strip():
            break
        if line[0] in " \t":
            continue  # the rest of a folded header; its first line is what a list shows
        key, _, value = line.partition(":")
        found.setdefault(key.strip().lower(), []).append(value.strip())
    return found


def _home(headers: dict[str, list[str]]) -> str:
    links = dict(reversed([_link(line) for line in headers.get("project-url", [])]))
    for label in ("homepage", "home", "repository", "source", "documentation"):
        if label in links:
            return links[label]
    return next(iter(links.values()), "") or headers.get("home-page", [""])[0]


def _link(line: str) -> tuple[str, str]:
    label, _, address = line.partition(",")
    return label.strip().lower(), address.strip()

"""Experiment templates: folders that `sci init` copies, from the core and from plugins."""

from __future__ import annotations

import importlib.resources
import pathlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

from sci.api.errors import ConfigError, Place, PluginError, SciError, StorageError
from sci.plugins.nearest import closest, nearest

if TYPE_CHECKING:
    from sci.plugins.bundle import Bundle
    from sci.plugins.records import PluginRecord

FILE = "experiment.yaml"
YOURS = "# <- yours"
"""Marks the lines that somebody changes for data of their own."""

_COMMENT = re.compile(r"\s*<!--(.*?)-->", re.DOTALL)


@dataclass(frozen=True)
class Template:
    """A folder with experiment.yaml and README.md.

    Args:
        name: what the user types.
        folder: where it lies.
        owner: the distribution that brings it.
    """

    name: str
    folder: Traversable
    owner: str

    @property
    def summary(self) -> str:
        """The comment on the first line of the README, or else its title."""
        readme = self.folder / "README.md"
        text = readme.read_text(encoding="utf-8") if readme.is_file() else ""
        comment = _COMMENT.match(text)
        return " ".join((comment[1] if comment else text.partition("\n")[0].lstrip("#")).split())

    def files(self) -> list[tuple[pathlib.PurePath, Traversable]]:
        """What is copied, with its path inside the folder; experiment.yaml first."""
        found = sorted(_files(self.folder, pathlib.PurePath()), key=lambda pair: (str(pair[0]) != FILE, str(pair[0])))
        return [pair for pair in found if not _is_private(pair[0])]


@dataclass(frozen=True)
class Copied:
    """One file that was written, its number of lines, and how many of them wait for the user."""

    path: pathlib.Path
    lines: int
    yours: int


def templates(records: Iterable[PluginRecord], bundle: Bundle | None = None) -> list[Template]:
    """All templates, sorted by name: the core's, those of the plugins in use, and the house's of the bundle in
    force."""
    core = core_folder()
    own = [Template(folder.name, folder, "sci-core") for folder in core.iterdir() if (folder / FILE).is_file()]
    others = [
        Template(name, folder, record.distribution)
        for record in records
        for name, target in record.experiments.items()
        if (folder := _folder(target)) is not None
    ]
    house = [] if bundle is None else [Template(name, at, bundle.name) for name, at in bundle.templates().items()]
    return sorted([*own, *others, *house], key=lambda template: (template.name, template.owner))


def core_folder() -> pathlib.Path:
    """The templates of the core: inside the package when installed from a wheel, beside `core/` in the repository."""
    package = pathlib.Path(__file__).parents[1]
    candidates = [package / "templates" / "experiments", package.parents[2] / "templates" / "experiments"]
    return next((folder for folder in candidates if folder.is_dir()), candidates[0])


def find(name: str, known: Iterable[Template]) -> Template:
    """The template of this name.

    Raises:
        ConfigError: there is none.
        PluginError: two distributions bring it.
    """
    known = list(known)
    found = [template for template in known if template.name == name]
    if len(found) > 1:
        owners = " and ".join(template.owner for template in found)
        raise PluginError(f"the template `{name}` comes from {owners}", id="plugin.conflict")
    if found:
        return found[0]
    names = [template.name for template in known]
    meant = nearest(name, names)
    raise ConfigError(
        f"no template is called `{name}`" + (f"; did you mean `{meant}`?" if meant else ""),
        id="usage.template",
        note=f"templates: {', '.join(closest(name, names))}" if names else "no template is installed",
        hint=f"sci init {meant}" if meant else "sci init",
    )


def copy(template: Template, target: pathlib.Path) -> list[Copied]:
    """Copy a template into a folder, which may exist; files that lie there stay as they are.

    Raises:
        ConfigError: a file of the template already lies there; nothing is written then.
        StorageError: the folder cannot be written.
    """
    files = template.files()
    taken = [target / path for path, _ in files if (target / path).exists() or (target / path).is_symlink()]
    if taken or (target.exists() and not target.is_dir()):
        raise _taken(taken[0] if taken else target, template.name)
    try:
        return [_write(source, target / path) for path, source in files]
    except FileExistsError as error:
        raise _taken(pathlib.Path(error.filename), template.name) from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        where = Place(str(target))
        raise StorageError(f"`{target}` cannot be written: {reason}", id="storage.write", where=where) from error


def _taken(path: pathlib.Path, name: str) -> SciError:
    return ConfigError(
        f"`{path}` exists, and nothing is overwritten",
        id="usage.exists",
        hint=f"sci init {name} ANOTHER-FOLDER",
    )


def _write(source: Traversable, path: pathlib.Path) -> Copied:
    data = source.read_bytes()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(data)
    lines = data.decode("utf-8", "replace").splitlines()
    yours = sum(YOURS in line for line in lines) if path.name == FILE else 0
    return Copied(path, len(lines), yours)


def _folder(target: str) -> Traversable | None:
    """``package:folder`` as a folder that can be read; None when it holds no experiment."""
    package, _, inside = target.partition(":")
    try:
        folder = importlib.resources.files(package)
    except (ImportError, TypeError, ValueError):
        return None
    for part in pathlib.PurePosixPath(inside).parts:
        folder = folder / part
    return folder if (folder / FILE).is_file() else None


def _files(folder: Traversable, inside: pathlib.PurePath) -> Iterator[tuple[pathlib.PurePath, Traversable]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _files(entry, inside / entry.name)
        elif entry.is_file():
            yield inside / entry.name, entry


def _is_private(path: pathlib.PurePath) -> bool:
    return any(part.startswith((".", "__")) for part in path.parts)

"""Packages that are written from a template: text files in which ``{{ name }}`` stands for a value."""

from __future__ import annotations

import pathlib
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence

from sci.api.errors import ConfigError, Place, StorageError

_VALUE = re.compile(r"(?<!\$)\{\{ (\w+) \}\}")
"""``${{ name }}`` is left alone: it belongs to the files of continuous integration."""


def shipped(name: str) -> pathlib.Path:
    """The folder of this name among the templates: inside the package in a wheel, beside `core/` in the repository."""
    package = pathlib.Path(__file__).parents[1]
    candidates = [package / "templates" / name, package.parents[2] / "templates" / name]
    return next((folder for folder in candidates if folder.is_dir()), candidates[0])


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with every ``{{ name }}`` replaced.

    Raises:
        KeyError: there is no value of that name.
    """
    return _VALUE.sub(lambda found: values[found[1]], text)


def render(folders: Sequence[pathlib.Path], values: Mapping[str, str], target: pathlib.Path) -> list[pathlib.PurePath]:
    """Write a new folder from templates; it appears whole or not at all.

    Args:
        folders: the templates, written one after the other; their paths may hold ``{{ name }}`` too.
        values: what stands for each name.
        target: the new folder.

    Returns:
        The paths of its files inside it, sorted.

    Raises:
        ConfigError: the folder, or a file of its name, is there already.
        StorageError: it cannot be written.
    """
    files = {path: filled(source.read_text("utf-8"), values) for path, source in _files(folders, values)}
    if target.exists() or target.is_symlink():
        raise _taken(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(files, target)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        where = Place(str(target))
        raise StorageError(f"`{target}` cannot be written: {reason}", id="storage.write", where=where) from error
    return sorted(files)


def _files(
    folders: Sequence[pathlib.Path], values: Mapping[str, str]
) -> Iterator[tuple[pathlib.PurePath, pathlib.Path]]:
    for folder in folders:
        for source in sorted(folder.rglob("*")):
            if source.is_file() and "__pycache__" not in source.parts:
                yield pathlib.PurePath(filled(source.relative_to(folder).as_posix(), values)), source


def _write(files: Mapping[pathlib.PurePath, str], target: pathlib.Path) -> None:
    unfinished = pathlib.Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        unfinished.chmod(0o755)
        for path, text in files.items():
            file = unfinished / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        unfinished.rename(target)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise


def _taken(target: pathlib.Path) -> ConfigError:
    return ConfigError(
        f"`{target}` exists, and nothing is overwritten",
        id="usage.exists",
        hint="another name, or another --folder",
    )

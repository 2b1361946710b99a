"""A folder with everything that a bundle needs, for machines without a network."""

from __future__ import annotations

import hashlib
import pathlib
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass

from sci.api.errors import ConfigError, Place, StorageError
from sci.plugins.bundlelock import resolved, this_platform, wanted
from sci.plugins.pip import links, pip
from sci.plugins.template import shipped

REQUIREMENTS = "requirements.txt"
SUMS = "SHA256SUMS"


@dataclass(frozen=True)
class Wheelhouse:
    """What was collected: the wheels' names, their bytes together, and what they are for."""

    wheels: list[str]
    size: int
    platform: str


def collect(
    what: str | None, target: pathlib.Path, lock: pathlib.Path | None = None, find_links: Sequence[pathlib.Path] = ()
) -> Wheelhouse:
    """Download every wheel of a bundle into a new folder, with checksums and an install script.

    Args:
        what: an installed bundle or the folder of one; None for the one in force.
        target: the new folder; it appears whole or not at all.
        lock: collect what this lock pins; by default the bundle is resolved now.
        find_links: folders with wheels, beside the user's own indexes.

    Raises:
        ConfigError: the folder is there already, there is no such bundle, or pip cannot get everything.
        StorageError: it cannot be written.
    """
    if target.exists() or target.is_symlink():
        raise ConfigError(
            f"`{target}` exists, and nothing is overwritten", id="usage.exists", hint="--output ANOTHER-FOLDER"
        )
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as scratch:
            folder = pathlib.Path(scratch) / "wheelhouse"
            folder.mkdir()
            _fill(folder, what, lock, find_links)
            wheels = sorted(path.name for path in folder.glob("*.whl"))
            size = sum((folder / name).stat().st_size for name in wheels)
            folder.rename(target)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        where = Place(str(target))
        raise StorageError(f"`{target}` cannot be written: {reason}", id="storage.write", where=where) from error
    return Wheelhouse(wheels, size, this_platform())


def _fill(
    folder: pathlib.Path, what: str | None, lock: pathlib.Path | None, find_links: Sequence[pathlib.Path]
) -> None:
    with wanted(what, find_links) as (title, requirement, folders):
        text = _text(lock) if lock is not None else resolved(title, requirement, folders).text
        requirements = folder / REQUIREMENTS
        requirements.write_text(text, encoding="utf-8", newline="\n")
        options = ["--quiet", "--no-deps", "--require-hashes", "--only-binary", ":all:", *links(folders)]
        pip("download", *options, "--dest", str(folder), "-r", str(requirements), doing=f"collect {title}")
    shutil.copy(shipped("wheelhouse") / "install.py", folder)
    names = [REQUIREMENTS, "install.py", *sorted(path.name for path in folder.glob("*.whl"))]
    sums = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (folder / SUMS).write_text("".join(sums), encoding="utf-8", newline="\n")


def _text(lock: pathlib.Path) -> str:
    try:
        return lock.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ConfigError(
            f"the lock `{lock}` cannot be read: {reason}",
            id="bundle.lock",
            where=Place(str(lock)),
            hint=f"sci bundle lock --output {lock}",
        ) from error

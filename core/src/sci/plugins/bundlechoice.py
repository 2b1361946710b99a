"""Which bundle is in force: as the system says, else SCI_BUNDLE, else the project, else the only one installed."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from sci.api.errors import ConfigError, Place, PolicyError, StorageError
from sci.plugins.discovery import Found
from sci.plugins.nearest import nearest
from sci.plugins.policyfile import PolicyFile
from sci.plugins.policyplaces import exists, project_folders
from sci.plugins.policyreader import shown, text_of
from sci.plugins.records import canonical

VARIABLE = "SCI_BUNDLE"
CHOICE = Path(".sci") / "bundle"
"""The file in a project that `sci bundle use` writes: one line, the name of the bundle."""


class Choice(NamedTuple):
    """A bundle that was chosen, and by whom."""

    name: str
    by: str
    """The system's policy, SCI_BUNDLE or a file; empty for the only one installed."""
    place: Place | None = None


def chosen(
    files: Sequence[PolicyFile],
    found: Sequence[Found],
    project: Path | None = None,
    environ: Mapping[str, str] = os.environ,
) -> tuple[Found, Choice] | None:
    """The bundle in force and who chose it; None where none is installed and none is asked for.

    Args:
        files: the policies that are known; those of the system may choose.
        found: the installed bundles.
        project: the folder of the experiment.
        environ: the environment variables.

    Raises:
        PolicyError: the chosen one is not installed.
        ConfigError: several are installed, and nobody has chosen.
    """
    choice = asked_for(files, project, environ)
    if choice is not None:
        return named(choice, found), choice
    if len(found) > 1:
        names = [one.name for one in found]
        raise ConfigError(
            f"{len(found)} bundles are installed, and none is chosen: {', '.join(names)}",
            id="bundle.several",
            hint=f"sci bundle use {names[0]}",
        )
    return (found[0], Choice(found[0].name, "")) if found else None


def asked_for(
    files: Sequence[PolicyFile], project: Path | None = None, environ: Mapping[str, str] = os.environ
) -> Choice | None:
    """What somebody has chosen, installed or not.

    Raises:
        PolicyError: a project's file cannot be read.
    """
    if (system := by_system(files)) is not None:
        return system
    if name := environ.get(VARIABLE, "").strip():
        return Choice(name, VARIABLE, Place(VARIABLE))
    for folder in project_folders(project):
        if exists(folder / CHOICE):
            path = folder / CHOICE
            return Choice(text_of(path).strip(), shown(path), Place(shown(path), 1))
    return None


def by_system(files: Sequence[PolicyFile]) -> Choice | None:
    """What the system's policy has chosen."""
    rules = [file.bundle for file in files if file.bundle is not None]
    return Choice(rules[0].pattern, str(rules[0].place), rules[0].place) if rules else None


def named(choice: Choice, found: Sequence[Found]) -> Found:
    """The installed bundle of this name.

    Raises:
        PolicyError: there is none, or two distributions bring it.
    """
    fitting = [one for one in found if canonical(one.name) == canonical(choice.name)]
    if len(fitting) == 1:
        return fitting[0]
    names = [one.name for one in found]
    if fitting:
        owners = " and ".join(one.metadata.name for one in fitting)
        raise PolicyError(f"the bundle `{choice.name}` comes from {owners}", id="bundle.several", where=choice.place)
    guess = nearest(choice.name, names)
    raise PolicyError(
        f"the bundle `{choice.name}` is not installed" + (f"; did you mean `{guess}`?" if guess else ""),
        id="bundle.missing",
        where=choice.place,
        note=f"installed: {', '.join(names) or 'none'}",
        hint=f"sci bundle use {guess}" if guess else "",
    )


def named_by_hand(name: str, found: Sequence[Found]) -> Found:
    """The installed bundle that somebody has typed.

    Raises:
        ConfigError: there is none.
        PolicyError: two distributions bring it.
    """
    if any(canonical(one.name) == canonical(name) for one in found):
        return named(Choice(name, "you"), found)
    names = [one.name for one in found]
    guess = nearest(name, names)
    raise ConfigError(
        f"no bundle `{name}` is installed" + (f"; did you mean `{guess}`?" if guess else ""),
        id="usage.bundle",
        note=f"installed: {', '.join(names) or 'none'}",
        hint=f"sci bundle use {guess}" if guess else "",
    )


def use(name: str, files: Sequence[PolicyFile], folder: Path) -> Path:
    """Put a bundle in force for a project: write its name to ``.sci/bundle``, and return that file.

    Raises:
        PolicyError: the system has chosen another.
        StorageError: the file cannot be written.
    """
    system = by_system(files)
    if system is not None and canonical(system.name) != canonical(name):
        raise PolicyError(
            f"the system has put the bundle `{system.name}` in force, and no other can be used",
            id="bundle.system",
            where=system.place,
        )
    path = folder / CHOICE
    try:
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"{name}\n", encoding="utf-8")
    except OSError as error:
        raise StorageError(
            f"`{path}` cannot be written: {error.strerror}", id="storage.write", where=Place(str(path))
        ) from error
    return path

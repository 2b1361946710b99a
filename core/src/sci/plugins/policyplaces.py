"""Where policies lie, and on whose behalf each of them speaks."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from sci.api.errors import Place, PolicyError
from sci.plugins.policyfile import LEVELS, Level

NAME = "policy.yaml"
SYSTEM = Path("/etc/xdg/sci") if os.name == "posix" and sys.platform != "darwin" else None
"""Always looked into, whatever XDG_CONFIG_DIRS says: what the system decides, nobody's variable takes away."""

LONGEST = 4096 if os.name == "posix" else 32_767
"""Characters of a path that the system opens; nothing lies at the end of a longer one."""


def policy_places(project: Path | None = None, environ: Mapping[str, str] = os.environ) -> list[tuple[Level, Path]]:
    """The policy files in force with the level of each, in the order of precedence.

    System, project folder and current folder with all folders above them, user, and the file that SCI_POLICY names.

    Raises:
        PolicyError: it cannot even be seen whether a policy is there.
    """
    from platformdirs import PlatformDirs

    dirs = PlatformDirs("sci", appauthor=False, multipath=True)
    folders: list[tuple[Level, Path]] = [("system", SYSTEM)] if SYSTEM is not None else []
    folders += [
        ("user" if folder == dirs.user_config_dir else "system", Path(folder)) for folder in dirs.iter_config_dirs()
    ]
    for folder in project_folders(project):
        folders += [("project", folder), ("project", folder / ".sci")]
    places = [(level, folder / NAME) for level, folder in folders if exists(folder / NAME)]
    if named := environ.get("SCI_POLICY"):
        places.append(("user", Path(named)))
    return sorted(_once(places), key=lambda one: LEVELS.index(one[0]))


def _once(places: Sequence[tuple[Level, Path]]) -> list[tuple[Level, Path]]:
    """Each file once, on behalf of the first who names it: two ways may lead to one folder."""
    first: dict[str, tuple[Level, Path]] = {}
    for level, path in places:
        first.setdefault(os.path.realpath(path), (level, path))
    return list(first.values())


def policy_paths(project: Path | None = None, environ: Mapping[str, str] = os.environ) -> list[Path]:
    """The files of `policy_places`."""
    return [path for _, path in policy_places(project, environ)]


def project_folders(project: Path | None = None) -> Iterator[Path]:
    """The folder of the experiment and the current one, each with all folders above it, nearest first."""
    for start in filter(None, (project, _current())):
        if len(os.fspath(start)) <= LONGEST:
            yield from (start, *start.absolute().parents)


def exists(path: Path) -> bool:
    """A dangling link or a folder of that name counts: reading it fails, and that stops the program."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        if error.errno in (errno.ENAMETOOLONG, errno.ELOOP):  # no file can lie there, and no experiment either
            return False
        raise PolicyError(
            f"it cannot be seen whether there is a policy at {path}: {error.strerror}",
            id="policy.unreadable",
            where=Place(str(path)),
        ) from error
    return True


def _current() -> Path | None:
    try:
        return Path.cwd()
    except FileNotFoundError:  # the folder was deleted under our feet
        return None

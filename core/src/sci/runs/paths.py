"""The one resolver for every path that comes from outside."""

from __future__ import annotations

import os
import pathlib
import stat

from sci.api.errors import DataError, StorageError


def resolve(base: pathlib.Path, text: str) -> pathlib.Path:
    """A data file named in an experiment file, relative to the experiment's folder.

    What the user wrote out (an absolute path, or one that climbs with ``..``) is taken at its word. A plain relative
    path that leaves the folder through a symbolic link is refused, because the file does not say so. Only regular files
    and folders are returned. `DataError` (exit 3) names what is wrong.
    """
    if not text or any(ord(character) < 32 or ord(character) == 127 for character in text):
        raise DataError(f"the path {text!r} is empty or holds a control character", id="data.path")
    path = base / pathlib.Path(text)
    try:
        real = path.resolve(strict=True)
        mode = real.stat().st_mode
    except FileNotFoundError:
        folder = os.path.normpath(base)
        note = f"looked in {'the current folder' if folder == os.curdir else folder}"
        raise DataError(f"there is no file `{text}`", id="data.missing-file", note=note) from None
    except (OSError, RuntimeError) as error:
        reason = "its links lead in a circle" if is_loop(error) else str(getattr(error, "strerror", error)).lower()
        raise DataError(f"`{text}` cannot be opened: {reason}", id="data.path") from error
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise DataError(f"`{text}` is not a regular file", id="data.path")
    if not os.access(real, os.R_OK):
        raise DataError(f"`{text}` cannot be opened: reading is not permitted", id="data.path")
    written_out = pathlib.Path(text).is_absolute() or ".." in pathlib.Path(text).parts
    if not written_out and not real.is_relative_to(base.resolve()):
        raise DataError(
            f"`{text}` is a link that leads out of the experiment's folder", id="data.path", hint=f"path: {real}"
        )
    return path


def is_loop(error: Exception) -> bool:
    """Whether an error says that symbolic links lead in a circle (Python says it in two ways)."""
    return isinstance(error, RuntimeError) or getattr(error, "errno", None) == 40 or "loop" in str(error).lower()


def inside(directory: pathlib.Path, name: str) -> pathlib.Path:
    """A file of a run by its name; names that lead out of the run are refused."""
    path = pathlib.PurePosixPath(name)
    plain = not path.is_absolute() and ".." not in path.parts and "\\" not in name and "\0" not in name
    full = directory / path
    if not plain or not name or not full.resolve().is_relative_to(directory.resolve()):
        raise StorageError(f"`{name}` is not a file of the run", id="storage.path")
    return full

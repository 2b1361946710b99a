"""The one place that writes files of a run."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import pathlib
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, TypeAlias

from sci.api.errors import StorageError

Chunk: TypeAlias = bytes | memoryview
LEFTOVER = re.compile(r"\..+\.[a-z0-9_]{8}\.tmp|step-\d{8,}\.tmp-\d+")
"""Names of temporary files of `atomic`, and of temporary folders of checkpoints."""


@contextlib.contextmanager
def atomic(path: pathlib.Path) -> Iterator[BinaryIO]:
    """A file that appears under its name only when the block ends well, and then survives a power cut.

    Temporary file in the same folder, flush, fsync, rename, fsync of the folder. `StorageError` (exit 7) when the
    disk refuses.
    """
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name[:60]}.", suffix=".tmp", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        umask_permissions(temporary)
        os.replace(temporary, path)
        temporary = None
        sync_folder(path.parent)
    except OSError as error:
        raise storage_error(error, path) from error
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                os.unlink(temporary)


def umask_permissions(path: str) -> None:
    """Give a temporary file, which is private, the permissions that an ordinary new file has."""
    mask = os.umask(0)
    os.umask(mask)
    os.chmod(path, 0o666 & ~mask)


def sync_folder(folder: pathlib.Path) -> None:
    """Make renames in a folder durable; a no-op where folders cannot be opened (Windows)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_bytes(path: pathlib.Path, data: bytes) -> None:
    """Write a whole file atomically."""
    with atomic(path) as file:
        file.write(data)


def write_chunks(path: pathlib.Path, chunks: Iterable[Chunk]) -> None:
    """Write a whole file atomically, from its pieces."""
    with atomic(path) as file:
        for chunk in chunks:
            file.write(chunk)


def write_hidden(path: pathlib.Path, chunks: Iterable[Chunk]) -> dict[str, str | int]:
    """Write a new file in a folder that nobody reads yet; its size and hash, computed on the way.

    The content survives a power cut; the name does when the folder is synced.
    """
    size, digest = 0, hashlib.sha256()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        for chunk in chunks:
            digest.update(chunk)
            write_all(handle, chunk)
            size += len(chunk)
        os.fsync(handle)
    finally:
        os.close(handle)
    return {"size": size, "sha256": digest.hexdigest()}


def write_all(handle: int, data: Chunk) -> None:
    """Write every byte; the system may take fewer at once, as it does when the disk is nearly full."""
    rest = memoryview(data)
    while len(rest):
        rest = rest[os.write(handle, rest) :]


def write_text(path: pathlib.Path, text: str) -> None:
    """Write a whole UTF-8 file atomically."""
    write_bytes(path, text.encode("utf-8"))


def write_json(path: pathlib.Path, value: Any) -> None:
    """Write JSON atomically; numbers that are not finite are refused, because JSON has none."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1)
    write_text(path, text + "\n")


def append(path: pathlib.Path, data: bytes) -> None:
    """Add bytes to the end of a file that grows while a run goes on: all of them, or none where the disk refuses.

    They survive the death of the process, not a power cut: waiting for the disk would slow down what is watched.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab", buffering=0) as file:
            size = file.tell()
            try:
                write_all(file.fileno(), data)
            except OSError:
                file.truncate(size)
                raise
    except OSError as error:
        raise storage_error(error, path) from error


def append_line(path: pathlib.Path, line: str) -> None:
    """Append one line, in a single write where the system takes it whole, and make it durable."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
        try:
            write_all(handle, line.encode("utf-8") + b"\n")
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise storage_error(error, path) from error


def make_folder(path: pathlib.Path) -> None:
    """Make a folder that must not exist yet, and its parents."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir()
    except OSError as error:
        raise storage_error(error, path) from error


def sweep(folder: pathlib.Path) -> None:
    """Remove what a killed process left half written; only for whoever holds the folder's lock."""
    for path in sorted(folder.rglob("*.tmp*")):
        if not LEFTOVER.fullmatch(path.name):
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                path.unlink()


def storage_error(error: OSError, path: pathlib.Path) -> StorageError:
    """An operating-system error in the reader's words."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageError(
            f"the disk of `{path.parent}` is full; `{path.name}` was not written and what was there is whole",
            id="storage.full",
            hint="make room, then sci resume RUN",
        )
    reason = {
        errno.EACCES: "writing is not permitted",
        errno.EPERM: "writing is not permitted",
        errno.EROFS: "the file system is read-only",
        errno.ENAMETOOLONG: "the path is too long",
        errno.ENOTDIR: "a part of the path is a file",
        errno.EEXIST: "it exists already",
    }.get(error.errno or 0, (error.strerror or str(error)).lower())
    return StorageError(
        f"`{path}` cannot be written: {reason}", id="storage.write", hint="choose another folder: --output DIR"
    )

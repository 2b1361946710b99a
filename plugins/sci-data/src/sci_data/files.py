"""The bytes of a data file, read once, in order, within a limit."""

from __future__ import annotations

import gzip
import os
import pathlib
import stat
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO

from sci.api import ConfigError, DataError, RunContext
from sci.api.errors import Place

BLOCK = 4 * 2**20


def located(path: str, source: str, context: RunContext) -> pathlib.Path:
    """The file that the setting `path` of a source names."""
    if not path:
        raise ConfigError(
            f"{source} has no `path`", id="config.missing-key", hint=f"source: {{name: {source}, path: FILE}}"
        )
    return context.resolve(path)


def blocks(path: pathlib.Path, limit: int) -> Iterator[bytes]:
    """The content of a file, unpacked where its name ends in ``.gz``, in pieces of at most `BLOCK` bytes.

    Raises `DataError` when the path is no regular file, cannot be read, is truncated, holds more than `limit` bytes, or
    is written to while it is read."""
    with opened(path) as file:
        before = os.fstat(file.fileno())
        packed = path.name.lower().endswith(".gz")
        read: Callable[[int], bytes] = gzip.GzipFile(fileobj=file).read if packed else file.read
        total = 0
        while block := _block(read, path):
            total += len(block)
            if total > limit:
                raise DataError(
                    f"`{path.name}` holds more than {limit:,} bytes" + (" when unpacked" if packed else ""),
                    id="data.size",
                    where=Place(str(path)),
                    hint=f"source: {{max_bytes: {2 * limit}}}",
                )
            yield block
        unchanged(path, before)


def opened(path: pathlib.Path) -> BinaryIO:
    """A regular file, open for reading."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            what = "a folder" if path.is_dir() else "not a regular file"
            raise DataError(f"`{path.name}` is {what}", id="data.path", where=Place(str(path)))
        return path.open("rb")
    except OSError as error:
        raise unreadable(path, error) from error


def unreadable(path: pathlib.Path, error: OSError) -> DataError:
    """What the operating system says about a file that it does not hand out."""
    reason = (error.strerror or str(error)).lower()
    return DataError(f"`{path.name}` cannot be read: {reason}", id="data.path", where=Place(str(path)))


def unchanged(path: pathlib.Path, before: os.stat_result) -> None:
    """Raise `DataError` when the file is not the one that was opened, as it was then."""
    try:
        after = path.stat()
    except OSError as error:
        raise unreadable(path, error) from error
    if (before.st_ino, before.st_size, before.st_mtime_ns) != (after.st_ino, after.st_size, after.st_mtime_ns):
        raise DataError(
            f"`{path.name}` changed while it was read",
            id="data.changed",
            where=Place(str(path)),
            hint="the same command again, once nothing writes to the file",
        )


def _block(read: Callable[[int], bytes], path: pathlib.Path) -> bytes:
    try:
        return read(BLOCK)
    except EOFError as error:
        raise _broken(path, "it ends in the middle", error) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise _broken(path, str(error), error) from error
    except OSError as error:
        raise unreadable(path, error) from error


def _broken(path: pathlib.Path, reason: str, error: Exception) -> DataError:
    return DataError(f"`{path.name}` is not a whole gzip file", id="data.gzip", where=Place(str(path)), note=reason)

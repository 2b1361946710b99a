"""Columns that are too large for memory: written to a file without a name, and mapped.

Such a file is gone as soon as nothing uses it, however the process ends; no folder ever lists it. What is mapped counts
as cache of the operating system, which takes it back when memory is short, not as memory of the process.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import itertools
import mmap
import pathlib
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from sci.api.errors import StorageError

if TYPE_CHECKING:
    from sci.api.context import RunContext

RESIDENT_BYTES = 2**30
"""What `training.resident_bytes` is where an experiment does not say it."""

SMALL = 2**20
"""Columns up to this size stay in memory even beside mapped ones."""

PIECE = 2**25
"""Bytes of a table that are written at a time."""

ALIGNMENT = 64


class Spill:
    """Decides what stays in memory and makes the files for the rest.

    Args:
        folder: files are made on its disk; where it cannot be written to, in the folder for temporary files.
        limit: bytes that may stay in memory.
    """

    def __init__(self, folder: pathlib.Path, limit: int = RESIDENT_BYTES) -> None:
        self.folder = folder
        self.limit = limit

    @classmethod
    def of(cls, context: RunContext) -> Spill:
        """For a run: its own folder, and `training.resident_bytes`."""
        return cls.under(context.directory, context.experiment)

    @classmethod
    def under(cls, folder: pathlib.Path, experiment: Mapping[str, Any]) -> Spill:
        """In a folder, with the `training.resident_bytes` of an experiment."""
        limit = (experiment.get("training") or {}).get("resident_bytes")
        return cls(folder, RESIDENT_BYTES if limit is None else int(limit))

    def file(self) -> SpillFile:
        """A new file."""
        try:
            return SpillFile(tempfile.TemporaryFile(dir=self.folder, buffering=0))
        except OSError:
            return SpillFile(tempfile.TemporaryFile(buffering=0))

    def table(self, pieces: Iterable[pa.Table]) -> tuple[pa.Table | None, bool]:
        """Pieces of a table put together, and whether they are mapped; None where there is no piece."""
        held: list[pa.Table] = []
        size = 0
        rest = iter(pieces)
        for piece in rest:
            held.append(piece)
            size += piece.nbytes
            if size > self.limit:
                return self._written(held, rest), True
        return (pa.concat_tables(held) if held else None), False

    def _written(self, held: list[pa.Table], rest: Iterator[pa.Table]) -> pa.Table:
        file = self.file()
        schema = held[0].schema
        with pa.ipc.new_stream(file.sink(), schema) as writer:
            for piece in _coarser(_emptied(held), rest):
                writer.write_table(piece)
        return pa.ipc.open_stream(file.buffer()).read_all()


def _emptied(held: list[pa.Table]) -> Iterator[pa.Table]:
    """The tables of a list that forgets each of them."""
    while held:
        yield held.pop(0)


def _coarser(*pieces: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """The same rows in pieces of about `PIECE` bytes: every array of a piece takes memory of its own, mapped or not."""
    gathered: list[pa.Table] = []
    size = 0
    for piece in itertools.chain(*pieces):
        gathered.append(piece)
        size += piece.nbytes
        if size >= PIECE:
            yield pa.concat_tables(gathered).combine_chunks()
            gathered, size = [], 0
    if gathered:
        yield pa.concat_tables(gathered).combine_chunks()


class SpillFile:
    """A file without a name: written first, then mapped."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self.end = 0
        weakref.finalize(self, file.close)

    def append(self, data: Any) -> int:
        """Write after what is there, aligned; the position."""
        start = self.reserve(0)
        self.end = start + self.write(start, data)
        return start

    def reserve(self, size: int) -> int:
        """Leave room after what is there, aligned; its position."""
        start = -(-self.end // ALIGNMENT) * ALIGNMENT
        self.end = start + size
        return start

    def write(self, position: int, data: Any) -> int:
        """Write at a position; the number of bytes. `StorageError` when the disk is full."""
        view = memoryview(data).cast("B") if memoryview(data).nbytes else memoryview(b"")
        written = 0
        try:
            self._file.seek(position)
            while written < len(view):
                written += self._file.write(view[written : written + 2**26])
        except OSError as error:
            raise refused(error) from error
        return written

    def sink(self) -> pa.PythonFile:
        """Where Arrow writes a stream, after what is there."""
        return pa.PythonFile(_Sink(self, self.reserve(0)), mode="w")

    def mapped(self, private: bool = False) -> mmap.mmap | bytes:
        """The whole file as memory: read-only, or private, where writes are seen by nobody else."""
        size = max(self.end, 1)
        try:
            if self._file.seek(0, 2) < size:
                self._file.truncate(size)
            access = mmap.ACCESS_COPY if private else mmap.ACCESS_READ
            return mmap.mmap(self._file.fileno(), size, access=access)
        except OSError as error:
            raise refused(error) from error

    def buffer(self) -> pa.Buffer:
        """The whole file as an Arrow buffer, read-only."""
        return pa.py_buffer(self.mapped())


class _Sink:
    """What `pa.PythonFile` needs of a file."""

    closed = False

    def __init__(self, file: SpillFile, start: int) -> None:
        self._file = file
        self._at = start

    def write(self, data: Any) -> int:
        written = self._file.write(self._at, data)
        self._at += written
        self._file.end = max(self._file.end, self._at)
        return written

    def tell(self) -> int:
        return self._at

    def flush(self) -> None: ...

    def close(self) -> None: ...


def release() -> None:
    """Give memory that is no longer used back to the operating system, where the C library can.

    Arrays of some megabytes leave gaps that it otherwise keeps for later.
    """
    pa.default_memory_pool().release_unused()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def refused(error: OSError) -> StorageError:
    """What the operating system says when a file cannot be written or mapped."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageError(
            "the disk is full: the data are larger than `training.resident_bytes`, and their copy found no room",
            id="storage.full",
            hint="make room, then sci resume RUN",
        )
    return StorageError(
        f"a temporary file cannot be written: {(error.strerror or str(error)).lower()}", id="storage.write"
    )

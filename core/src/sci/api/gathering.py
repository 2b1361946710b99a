"""Columns that come piece by piece, put together in memory or, beyond a limit, in a mapped file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from sci.api.columns import Column, Ragged
from sci.api.spill import Spill, SpillFile


class ArrowColumns:
    """Arrow columns in one file, written one after the other."""

    def __init__(self, spill: Spill) -> None:
        self._file = spill.file()
        self._found: dict[str, Any] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._found

    def add(self, name: str, type_: pa.DataType, chunks: Iterable[pa.Array]) -> None:
        """Write a column; numbers lie there as one chunk, everything else as it comes."""
        plain = pa.types.is_primitive(type_) and not pa.types.is_boolean(type_)
        self._found[name] = self._numbers(type_, chunks) if plain else self._stream(name, type_, chunks)

    def _numbers(self, type_: pa.DataType, chunks: Iterable[pa.Array]) -> tuple[pa.DataType, int, int, int]:
        width = type_.bit_width // 8
        start, rows, valid, nulls = self._file.reserve(0), 0, [np.zeros(0, dtype=bool)], 0
        for chunk in chunks:
            if len(chunk):
                first = chunk.offset * width
                self._file.end = start + (rows + len(chunk)) * width
                self._file.write(start + rows * width, chunk.buffers()[1][first : first + len(chunk) * width])
            valid.append(np.asarray(chunk.is_valid()))
            nulls += chunk.null_count
            rows += len(chunk)
        bits = np.packbits(np.concatenate(valid), bitorder="little") if nulls else None
        return type_, rows, start, -1 if bits is None else self._file.append(bits)

    def _stream(self, name: str, type_: pa.DataType, chunks: Iterable[pa.Array]) -> tuple[int, int]:
        schema = pa.schema([pa.field(name, type_)])
        start = self._file.reserve(0)
        with pa.ipc.new_stream(self._file.sink(), schema) as writer:
            for chunk in chunks:
                writer.write_batch(pa.record_batch([chunk], schema=schema))
        return start, self._file.end - start

    def columns(self) -> dict[str, pa.ChunkedArray]:
        """All columns, mapped."""
        buffer = self._file.buffer()
        return {name: _arrow_column(buffer, found) for name, found in self._found.items()}


def _arrow_column(buffer: pa.Buffer, found: Any) -> pa.ChunkedArray:
    if len(found) == 2:
        start, size = found
        return pa.ipc.open_stream(buffer.slice(start, size)).read_all().column(0)
    type_, rows, start, valid = found
    values = buffer.slice(start, rows * type_.bit_width // 8)
    bits = None if valid < 0 else buffer.slice(valid, -(-rows // 8))
    return pa.chunked_array([pa.Array.from_buffers(type_, rows, [bits, values])], type=type_)


class Gathering:
    """Columns that come batch by batch.

    Args:
        spill: makes the file; None keeps everything in memory.
        limit: bytes that may stay in memory.
        rows: how many there will be at most; None where nobody knows.
    """

    def __init__(self, spill: Spill | None, limit: int = 0, rows: int | None = None) -> None:
        self._spill = spill
        self._limit = limit
        self._rows = rows
        self._file: SpillFile | None = None
        self._held: dict[str, list[Column]] = {}
        self._size = 0
        self._written: dict[str, _Written] = {}

    @property
    def mapped(self) -> bool:
        """Whether the columns are in a file."""
        return self._file is not None

    def add(self, name: str, part: Column) -> None:
        """The next rows of a column."""
        if self._file is not None:
            self._write(name, part)
            return
        self._held.setdefault(name, []).append(part)
        self._size += size_of(part)
        if self._spill is not None and self._size > self._limit:
            self._file = self._spill.file()
            for known in list(self._held):
                parts = self._held.pop(known)
                while parts:
                    self._write(known, parts.pop(0))

    def _write(self, name: str, part: Column) -> None:
        assert self._spill is not None
        assert self._file is not None
        if name not in self._written:
            self._written[name] = self._place(part)
        self._written[name].write(part)

    def _place(self, part: Column) -> _Written:
        assert self._spill is not None
        assert self._file is not None
        if isinstance(part, Ragged):
            return _WrittenRagged(self._spill, part)
        if not isinstance(part, np.ndarray):
            return _WrittenArrow(self._spill, part)
        return _WrittenArray(self._spill.file() if self._rows is None else self._file, part, self._rows)

    def columns(self, private: bool = False) -> dict[str, Any]:
        """All columns. Mapped arrays are read-only; when `private`, they may be changed and nobody else sees it."""
        if self._file is None:
            return {name: concatenated(parts) for name, parts in self._held.items()}
        memory: dict[int, Any] = {}
        return {name: written.read(memory, private) for name, written in self._written.items()}


class _Written(Protocol):
    def write(self, part: Any) -> None: ...

    def read(self, memory: dict[int, Any], private: bool) -> Column: ...


class _WrittenArray:
    """An array: in a file that it shares with others where the number of rows is known, else in its own."""

    def __init__(self, file: SpillFile, part: np.ndarray, rows: int | None) -> None:
        self.file = file
        self.shape = part.shape[1:]
        self.capacity = rows
        self._begin(part.dtype)

    def _begin(self, dtype: np.dtype[Any]) -> None:
        self.dtype = dtype
        self.width = dtype.itemsize * int(np.prod(self.shape, dtype=np.int64))
        self.start = self.file.reserve((self.capacity or 0) * self.width)
        self.done = 0

    def write(self, part: np.ndarray) -> None:
        if part.dtype != self.dtype:
            self._widen(np.result_type(part.dtype, self.dtype))
        data = np.ascontiguousarray(part, dtype=self.dtype)
        self.file.write(self.start + self.done * self.width, data)
        self.done += len(part)
        self.file.end = max(self.file.end, self.start + self.done * self.width)

    def _widen(self, dtype: np.dtype[Any]) -> None:
        """Go on with a type that holds what was written and what comes."""
        if dtype == self.dtype:
            return
        before = self.read({}, False)
        self._begin(dtype)
        for start in range(0, len(before), 2**16):
            self.write(before[start : start + 2**16].astype(dtype))

    def read(self, memory: dict[int, Any], private: bool) -> np.ndarray:
        if id(self.file) not in memory:
            memory[id(self.file)] = self.file.mapped(private)
        count = self.done * self.width // self.dtype.itemsize
        if not count:
            return np.zeros((self.done, *self.shape), dtype=self.dtype)
        flat = np.frombuffer(memory[id(self.file)], dtype=self.dtype, count=count, offset=self.start)
        return flat.reshape(self.done, *self.shape)


class _WrittenRagged:
    """Values and offsets, each in a file."""

    def __init__(self, spill: Spill, part: Ragged) -> None:
        self.values = _WrittenArray(spill.file(), part.values, None)
        self.offsets = _WrittenArray(spill.file(), part.offsets, None)
        self.offsets.write(np.zeros(1, dtype=np.int64))

    def write(self, part: Ragged) -> None:
        self.offsets.write(part.offsets[1:] - part.offsets[0] + self.values.done)
        self.values.write(part.values[part.offsets[0] : part.offsets[-1]])

    def read(self, memory: dict[int, Any], private: bool) -> Ragged:
        return Ragged(self.values.read(memory, private), self.offsets.read(memory, private))


class _WrittenArrow:
    """An Arrow column as a stream of chunks."""

    def __init__(self, spill: Spill, part: pa.Array | pa.ChunkedArray) -> None:
        self.file = spill.file()
        self.schema = pa.schema([pa.field("", part.type)])
        self.writer = pa.ipc.new_stream(self.file.sink(), self.schema)

    def write(self, part: pa.Array | pa.ChunkedArray) -> None:
        for chunk in part.chunks if isinstance(part, pa.ChunkedArray) else [part]:
            typed = chunk if chunk.type == self.schema.field(0).type else chunk.cast(self.schema.field(0).type)
            self.writer.write_batch(pa.record_batch([typed], schema=self.schema))

    def read(self, memory: dict[int, Any], private: bool) -> pa.ChunkedArray:
        self.writer.close()
        return pa.ipc.open_stream(self.file.buffer()).read_all().column(0)


def size_of(column: Column) -> int:
    """Bytes of a column."""
    if isinstance(column, Ragged):
        return int(column.values.nbytes + column.offsets.nbytes)
    return int(column.nbytes)


def concatenated(parts: Sequence[Column]) -> Column:
    """Parts of one column put together."""
    first = parts[0]
    if len(parts) == 1:
        return first
    if isinstance(first, Ragged):
        ragged = [part for part in parts if isinstance(part, Ragged)]
        offsets = np.concatenate([[0], np.cumsum(np.concatenate([part.lengths for part in ragged]))]).astype(np.int64)
        return Ragged(np.concatenate([part.values for part in ragged]), offsets)
    if isinstance(first, pa.Array | pa.ChunkedArray):
        chunks = [chunk for part in parts for chunk in (part.chunks if isinstance(part, pa.ChunkedArray) else [part])]
        return pa.chunked_array(chunks)
    return np.concatenate([np.asarray(part) for part in parts])

"""Different values as different numbers, in the order in which they first occur."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sci.api.sizes import CHUNK_BYTES, text_pieces

PART = 2**16
"""Values that are compared at once, and texts that are hashed at once."""

MANY = 2**17
"""Values from which on a dictionary of all of them may be large."""

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


def occurrences(column: pa.Array | pa.ChunkedArray, frugal: bool = False) -> np.ndarray:
    """Each value as the rank of its first occurrence among the different values, int64 [n]; null is -1.

    NaN is a value, and -0 is 0. When `frugal`, large columns of numbers and texts that hardly repeat are compared in
    parts, which takes a quarter of the memory; texts then by 64 bits, and among ten million texts two different ones
    share them with probability 3e-6.
    """
    chunked = column if isinstance(column, pa.ChunkedArray) else pa.chunked_array([column])
    if pa.types.is_nested(chunked.type):
        chunked = pa.chunked_array([_as_texts(chunk) for chunk in chunked.chunks], type=pa.large_string())
    if pa.types.is_dictionary(chunked.type):
        chunked = chunked.cast(chunked.type.value_type)
    if frugal and (len(chunked) >= MANY or _is_long(chunked)) and _various(chunked):
        return _ranks(np.concatenate(list(_bits(chunked))), _present(chunked))
    if pa.types.is_floating(chunked.type):
        chunked = pc.add(chunked, pa.scalar(0.0, chunked.type))
    chunks = chunked.dictionary_encode().chunks  # one dictionary for all chunks
    indices = [chunk.indices.fill_null(-1).to_numpy(zero_copy_only=False) for chunk in chunks]
    return np.concatenate([np.zeros(0, dtype=np.int64), *indices]).astype(np.int64)


def _as_texts(lists: pa.Array) -> pa.Array:
    """Lists of texts as texts, different ones for different lists; null stays null."""
    rows = (
        None if row is None else "\0".join([str(len(row)), *(text or "" for text in row)]) for row in lists.to_pylist()
    )
    return pa.array(rows, type=pa.large_string())


def _various(column: pa.ChunkedArray) -> bool:
    """Whether there are so many different values that they should not all be kept."""
    if not (_is_number(column.type) or _is_text(column.type)):
        return False
    _, stop = next(text_pieces(column, PART), (0, 0))
    return bool(8 * pc.count_distinct(column.slice(0, stop)).as_py() > stop)


def _is_long(column: pa.ChunkedArray) -> bool:
    """Whether a dictionary of few texts may be large all the same."""
    return _is_text(column.type) and column.nbytes > CHUNK_BYTES


def _is_number(type_: pa.DataType) -> bool:
    return bool(pa.types.is_float64(type_) or pa.types.is_float32(type_) or pa.types.is_signed_integer(type_))


def _is_text(type_: pa.DataType) -> bool:
    return bool(pa.types.is_string(type_) or pa.types.is_large_string(type_))


def _present(column: pa.ChunkedArray) -> np.ndarray | None:
    return None if not column.null_count else column.is_valid().to_numpy()


def _bits(column: pa.ChunkedArray) -> Iterator[np.ndarray]:
    """64 bits of each value, the same for the same value; of no matter what for null."""
    for chunk in column.chunks:
        for start, stop in text_pieces(chunk, PART):
            part = chunk.slice(start, stop - start)
            if _is_text(part.type):
                yield np.array([_digest(text) for text in part.to_pylist()], dtype=np.int64)
                continue
            values = part.fill_null(0).to_numpy()
            if values.dtype.kind == "f":
                wide = values.astype(np.float64) + 0.0
                values = np.where(np.isnan(wide), np.nan, wide).view(np.int64)
            yield values.astype(np.int64, copy=False)


def _digest(text: str | None) -> int:
    return 0 if text is None else int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little", signed=True)


def _ranks(bits: np.ndarray, present: np.ndarray | None) -> np.ndarray:
    first = _first(bits) if present is None else _first_present(bits, present)
    ranks = np.cumsum(first == np.arange(len(first)), dtype=np.int64)
    found = ranks[np.maximum(first, 0)] - 1
    found[first < 0] = -1
    return found


def _first_present(bits: np.ndarray, present: np.ndarray) -> np.ndarray:
    """As `_first`, -1 where there is no value."""
    rows = np.flatnonzero(present)
    first = np.full(len(bits), -1, dtype=np.int64)
    first[rows] = rows[_first(bits[rows])]
    return first


def _first(bits: np.ndarray) -> np.ndarray:
    """The position at which each value occurs first, int64 [n]: values that may be equal are sorted together."""
    parts = min(max(len(bits) // PART, 1), 2**15)
    part = np.empty(len(bits), dtype=np.uint16)
    for start in range(0, len(bits), PART):
        mixed: Any = bits[start : start + PART].view(np.uint64) * _MULTIPLIER
        part[start : start + PART] = (mixed >> np.uint64(33)) % np.uint64(parts)
    order = np.argsort(part, kind="stable")
    ends = np.cumsum(np.bincount(part, minlength=parts))
    first = np.empty(len(bits), dtype=np.int64)
    for stop, size in zip(ends, np.diff(ends, prepend=0), strict=True):
        rows = order[stop - size : stop]
        _, index, inverse = np.unique(bits[rows], return_index=True, return_inverse=True)
        first[rows] = rows[index][inverse]
    return first

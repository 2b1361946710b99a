"""How large rows are whose size the schema does not tell: texts, bytes and ragged rows."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from sci.api.chunked import by_chunk
from sci.api.columns import Column, Feature, Ragged

CHUNK_BYTES = 2**24
"""So large may rows be that are looked at together: as the schema tells, and texts and ragged rows as they are."""

TEXT = Feature("text", dtype="string")


def is_unknown(feature: Feature) -> bool:
    """Whether rows of this column differ in size."""
    return feature.ragged or feature.dtype in ("string", "binary")


def element_bytes(feature: Feature) -> int:
    """Bytes of one element of numbers; a size that only fitting decides counts as one."""
    return int(np.dtype(feature.dtype).itemsize * math.prod(size or 1 for size in feature.shape))


def pieces(length: int, rows: int, sizes: Callable[[int, int], np.ndarray]) -> Iterator[tuple[int, int]]:
    """Where pieces begin and end that have at most so many rows and `CHUNK_BYTES`, or are one row.

    Args:
        length: rows of all pieces.
        rows: most of a piece.
        sizes: bytes of the rows from a position to before another, int64.
    """
    for first, last in stretches(length, rows):
        ends = np.cumsum(sizes(first, last))
        start = 0
        while start < len(ends):
            before = int(ends[start - 1]) if start else 0
            stop = max(int(np.searchsorted(ends, before + CHUNK_BYTES, side="right")), start + 1)
            yield first + start, first + stop
            start = stop


def stretches(length: int, rows: int) -> Iterator[tuple[int, int]]:
    """Where so many rows at a time begin and end."""
    for start in range(0, length, rows):
        yield start, min(start + rows, length)


def text_pieces(texts: pa.Array | pa.ChunkedArray, rows: int) -> Iterator[tuple[int, int]]:
    """Where pieces of texts begin and end; see `pieces`."""
    return pieces(len(texts), rows, lambda start, stop: bytes_of(texts, TEXT, np.arange(start, stop)))


def bytes_of(column: Column, feature: Feature, rows: np.ndarray) -> np.ndarray:
    """Bytes of these rows, int64 [rows]: of their values, however the column keeps them. Nothing but offsets is read.

    Args:
        column: kept in any form.
        feature: what it means.
        rows: positions, int64.
    """
    if isinstance(column, Ragged):
        return (column.offsets[rows + 1] - column.offsets[rows]) * element_bytes(feature)
    if isinstance(column, pa.ChunkedArray):
        return _of_chunks(column, feature, rows)
    return _of_array(column, feature, rows) if isinstance(column, pa.Array) else np.zeros(len(rows), dtype=np.int64)


def _of_chunks(column: pa.ChunkedArray, feature: Feature, rows: np.ndarray) -> np.ndarray:
    found = np.zeros(len(rows), dtype=np.int64)
    for chunk, here, local in by_chunk(column, rows):
        found[here] = _of_array(chunk, feature, local)
    return found


def _of_array(array: pa.Array, feature: Feature, rows: np.ndarray) -> np.ndarray:
    found = _sizes(array, feature, rows)
    bits = array.buffers()[0] if array.null_count else None
    if bits is not None:
        places = rows + array.offset
        found[(np.frombuffer(bits, dtype=np.uint8)[places >> 3] >> (places & 7)) & 1 == 0] = 0
    return found


def _sizes(array: Any, feature: Feature, rows: np.ndarray) -> np.ndarray:
    type_ = array.type
    if pa.types.is_dictionary(type_):
        codes = array.indices.take(pa.array(rows)).fill_null(0).to_numpy(zero_copy_only=False)
        places = np.arange(len(array.dictionary), dtype=np.int64)
        return np.append(_of_array(array.dictionary, feature, places), 0)[codes]
    if pa.types.is_fixed_size_list(type_):
        begin, end = (array.offset + rows) * type_.list_size, (array.offset + rows + 1) * type_.list_size
        return _of_elements(array.values, feature, begin, end)
    offsets = _offsets(array)
    if offsets is None:
        return np.zeros(len(rows), dtype=np.int64)
    begin, end = offsets[rows].astype(np.int64), offsets[rows + 1].astype(np.int64)
    return _of_elements(array.values, feature, begin, end) if pa.types.is_nested(type_) else end - begin


def _of_elements(values: pa.Array, feature: Feature, begin: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Bytes of the elements from `begin` to before `end`, int64 [rows]."""
    offsets = _offsets(values)
    if offsets is None:
        numeric = feature.dtype not in ("string", "binary")
        return (end - begin) * (element_bytes(feature) if numeric else 1)
    return offsets[end].astype(np.int64) - offsets[begin].astype(np.int64)


def _offsets(array: Any) -> np.ndarray | None:
    """Where the elements of each row begin and end; None for an array without them."""
    type_ = array.type
    small = pa.types.is_string(type_) or pa.types.is_binary(type_) or pa.types.is_list(type_)
    large = pa.types.is_large_string(type_) or pa.types.is_large_binary(type_) or pa.types.is_large_list(type_)
    if not small and not large:
        return None
    buffer = array.buffers()[1]
    if buffer is None or not len(array):
        return np.zeros(len(array) + 1, dtype=np.int64)
    found = np.frombuffer(buffer, dtype=np.int64 if large else np.int32)
    return found[array.offset : array.offset + len(array) + 1]

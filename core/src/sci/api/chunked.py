"""Rows of a column that Arrow keeps in several chunks, without putting the chunks together."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa


def by_chunk(column: pa.ChunkedArray, rows: np.ndarray) -> Iterator[tuple[pa.Array, np.ndarray, np.ndarray]]:
    """Each chunk that has some of these rows, which of the rows these are (int64), and their positions in the chunk
    (int64).

    Args:
        column: of any type.
        rows: positions in the column, int64, in any order.
    """
    ends = np.cumsum([len(chunk) for chunk in column.chunks], dtype=np.int64)
    owners = np.searchsorted(ends, rows, side="right")
    order = np.argsort(owners, kind="stable")
    found, first, counts = np.unique(owners[order], return_index=True, return_counts=True)
    for owner, start, stop in zip(found.tolist(), first, first + counts, strict=True):
        here, chunk = order[start:stop], column.chunk(owner)
        yield chunk, here, rows[here] - (ends[owner] - len(chunk))


def rows_of_chunks(column: pa.ChunkedArray, rows: np.ndarray) -> pa.ChunkedArray:
    """These rows, in this order. Only they are copied: Arrow's own ``take`` copies a whole column of texts first, which
    may lie in a file that is larger than memory.

    Args:
        column: of any type.
        rows: positions in the column, int64, in any order.

    Raises:
        IndexError: a position is not in the column.
    """
    if column.num_chunks < 2 or pa.types.is_dictionary(column.type):
        return column.take(pa.array(rows, type=pa.int64()))
    parts, places = [], [np.zeros(0, dtype=np.int64)]
    for chunk, here, local in by_chunk(column, rows):
        parts.append(chunk.take(pa.array(local, type=pa.int64())))
        places.append(here)
    found = pa.chunked_array(parts, type=column.type)
    order = np.concatenate(places)
    if np.array_equal(order, np.arange(len(order))):
        return found
    return pa.chunked_array([found.combine_chunks().take(pa.array(np.argsort(order, kind="stable")))])

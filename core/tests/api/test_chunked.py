"""Rows of chunks are those that Arrow would take, and nothing else is copied."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from sci.api.chunked import rows_of_chunks

WORDS = [["a", None, "ccc"], [], ["d" * 9], ["", "ü", "f", "g"]]
COLUMNS = {
    "text": pa.chunked_array([pa.array(part, pa.large_string()) for part in WORDS]),
    "short text": pa.chunked_array([pa.array(part, pa.string()) for part in WORDS]),
    "lists": pa.chunked_array([pa.array([[1.5, 2], None], pa.list_(pa.float64())), pa.array([[], [3.0]])]),
    "numbers": pa.chunked_array([pa.array([1, None, 3]), pa.array([4, 5])]),
    "categories": pa.chunked_array([pa.array(["a", "b"]).dictionary_encode(), pa.array(["c"]).dictionary_encode()]),
    "one chunk": pa.chunked_array([pa.array(["a", "b", "c"])]),
    "no chunk": pa.chunked_array([], pa.large_string()),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_rows_are_those_that_arrow_takes(name):
    column = COLUMNS[name]
    draw = np.random.default_rng(1)
    wanted = [np.arange(len(column)), np.arange(len(column))[::-1], np.zeros(0, dtype=np.int64)]
    wanted += [draw.integers(len(column), size=20) for _ in range(20) if len(column)]

    for rows in wanted:
        found = rows_of_chunks(column, rows)
        assert found.type == column.type
        assert found.to_pylist() == column.take(pa.array(rows, pa.int64())).to_pylist()


@pytest.mark.parametrize("row", [-1, 8])
def test_a_row_that_is_not_there_is_refused(row):
    with pytest.raises(IndexError):
        rows_of_chunks(COLUMNS["text"], np.array([0, row]))


POOL = pa.proxy_memory_pool(pa.default_memory_pool())
"""Outlives everything that is taken from it."""


@pytest.mark.parametrize("rows", [np.arange(0, 4000, 40), np.random.default_rng(0).permutation(4000)[:100]])
def test_only_the_rows_are_copied(rows):
    column = pa.chunked_array([pa.array(["x" * 1000] * 100, pa.large_string()) for _ in range(40)])
    before = pa.default_memory_pool()
    pa.set_memory_pool(POOL)
    try:
        held = POOL.bytes_allocated()
        found = rows_of_chunks(column, rows).to_pylist()
        most = POOL.max_memory() - held
    finally:
        pa.set_memory_pool(before)

    assert len(found) == 100
    assert most >= 100 * 1000, "the pool has not counted"
    assert most < 5 * 100 * 1000 < column.nbytes / 4

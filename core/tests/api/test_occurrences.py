from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from sci.api import occurrences as module
from sci.api.occurrences import occurrences

RNG = np.random.default_rng(5)
ROWS = 4000
NUMBERS = np.where(RNG.random(ROWS) < 0.1, np.nan, np.round(RNG.standard_normal(ROWS), 2))
COLUMNS = {
    "float": pa.array(NUMBERS),
    "null": pa.array(NUMBERS, from_pandas=True),
    "single": pa.array(NUMBERS.astype(np.float32)),
    "zeros": pa.array([0.0, -0.0, 1.0, -0.0] * (ROWS // 4)),
    "whole": pa.array(RNG.integers(-200, 200, ROWS), pa.int16()),
    "text": pa.array([None if i % 10 == 0 else f"w{k}" for i, k in enumerate(RNG.integers(0, 900, ROWS))]),
    "names": pa.array(RNG.integers(0, 400, ROWS).astype(str)).dictionary_encode(),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_comparing_in_parts_gives_the_numbers_of_one_dictionary(monkeypatch, name):
    monkeypatch.setattr(module, "PART", 256)
    monkeypatch.setattr(module, "MANY", 1000)
    column = pa.chunked_array([COLUMNS[name].slice(0, 1234), COLUMNS[name].slice(1234)])

    np.testing.assert_array_equal(occurrences(column, frugal=True), occurrences(column))


def test_numbers_count_first_occurrences():
    assert occurrences(pa.array(["b", "a", None, "b", "c"])).tolist() == [0, 1, -1, 0, 2]
    assert occurrences(pa.array([2.0, np.nan, 0.0, -0.0, np.nan])).tolist() == [0, 1, 2, 2, 1]


def test_few_long_texts_are_compared_in_parts_too(monkeypatch):
    monkeypatch.setattr(module, "CHUNK_BYTES", 10_000)
    monkeypatch.setattr("sci.api.sizes.CHUNK_BYTES", 10_000)
    parts: list[int] = []
    bits = module._bits
    monkeypatch.setattr(module, "_bits", lambda column: (parts.append(len(part)) or part for part in bits(column)))
    texts = [None if i % 7 == 0 else f"{i % 90} " + "long" * 300 for i in range(120)]
    column = pa.chunked_array([texts[:50], texts[50:]], pa.large_string())

    np.testing.assert_array_equal(occurrences(column, frugal=True), occurrences(column))
    assert sum(parts) == len(texts)
    assert max(parts) <= 10

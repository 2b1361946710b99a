from __future__ import annotations

import numpy as np
import pyarrow as pa

from sci.api import Feature, Ragged
from sci.pipeline.pieces import POSITIONS, answered, cut, positions_for, together


def ragged(lengths: np.ndarray) -> Ragged:
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return Ragged(np.arange(offsets[-1]), offsets)


def test_pieces_hold_what_they_may_and_every_row_once():
    lengths = together([np.random.default_rng(0).integers(0, 300, size=1000)])
    assert lengths is not None

    pieces = cut(lengths, 2000)

    assert sorted(np.concatenate(pieces).tolist()) == list(range(1000))
    assert max(len(piece) * lengths[piece].max() for piece in pieces) <= 2000
    assert sum(len(piece) * lengths[piece].max() for piece in pieces) < 1.1 * lengths.sum()


def test_a_row_that_is_too_long_is_a_piece_of_its_own():
    assert [piece.tolist() for piece in cut(np.array([8, 800, 8]), 100)] == [[1], [0, 2]]


def test_answers_come_back_in_the_order_of_the_rows():
    lengths = np.random.default_rng(1).integers(0, 90, size=200)
    words = pa.array([f"row {row}" for row in range(200)], type=pa.large_string())
    batch = {"tokens": ragged(lengths), "word": words, "id": np.arange(200)}
    asked = []

    def answer(piece):
        asked.append(piece["tokens"].pad(0, 8)[0].shape)
        return {"twice": 2 * piece["id"], "word": piece["word"], "tokens": piece["tokens"]}

    found = answered(batch, ["tokens", "absent"], 400, answer)

    assert found["twice"].tolist() == (2 * np.arange(200)).tolist()
    assert found["word"].to_pylist() == words.to_pylist()
    assert all(np.array_equal(found["tokens"].row(row), batch["tokens"].row(row)) for row in range(200))
    assert len({length for _, length in asked}) > 5  # each piece is padded to its own longest row
    assert max(rows * length for rows, length in asked) <= 400


def test_rows_of_one_length_and_few_rows_are_asked_at_once():
    asked = []
    for batch in ({"x": np.zeros(10**5), "id": np.arange(10**5)}, {"x": ragged(np.array([3, 90]))}, {"x": ragged([])}):
        answered(batch, ["x"], 400, lambda piece: asked.append(piece) or {})
        assert asked.pop() is batch
        assert not asked


def test_wide_answers_make_small_pieces():
    words = Feature("array", shape=(8000,), ragged=True)
    assert positions_for({"logits": words}) == 2**26 // (4 * 8000)
    assert positions_for({"logits": Feature("array", shape=(8000,))}) == POSITIONS
    assert positions_for({"tokens": Feature("tokens", size=10**9, ragged=True)}) == 1

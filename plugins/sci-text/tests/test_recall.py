"""The rivals of a translator."""

from __future__ import annotations

import numpy as np
import pytest

from sci.api import ENDED, ConfigError, Feature, Schema
from sci_text.recall import CopySource, TranslationMemory

INPUTS = Schema({"en": Feature("tokens", dtype="int64", ragged=True, size=10)}, {"en": "input"})
HEADS = {"logits": Feature("array", shape=(10,), ragged=True, format=ENDED)}
SOURCES = [[1, 2, 3], [4, 5], [1, 1, 6], [7, 8, 9, 2]]
TARGETS = [[9, 8], [7], [6, 6, 6], []]


def padded(rows: list[list[int]], name: str) -> dict[str, np.ndarray]:
    lengths = np.array([len(row) for row in rows], dtype=np.int32)
    codes = np.zeros((len(rows), 8), dtype=np.int64)
    for place, row in enumerate(rows):
        codes[place, : len(row)] = row
    return {name: codes, f"{name}.length": lengths}


def answers(found: dict[str, np.ndarray]) -> list[list[int]]:
    return [row[:length].tolist() for row, length in zip(found["tokens"], found["tokens.length"], strict=True)]


@pytest.fixture
def memory() -> TranslationMemory:
    made = TranslationMemory(None, INPUTS, HEADS, 0)
    made.fit({**padded(SOURCES, "en"), **padded(TARGETS, "target")})
    return made


def test_the_memory_knows_its_training_rows(memory) -> None:
    found = memory(padded(SOURCES, "en"))

    assert answers(found) == TARGETS
    np.testing.assert_allclose(found["score"], 1, rtol=1e-12)


def test_rare_tokens_decide_and_unknown_ones_have_no_answer(memory) -> None:
    found = memory(padded([[2, 5], [0], [], [1, 6, 0]], "en"))

    assert answers(found) == [[7], [], [], [6, 6, 6]]
    assert found["score"].tolist()[1:3] == [0, 0]


def test_the_likeness_is_the_cosine_of_tf_idf(memory) -> None:
    sklearn = pytest.importorskip("sklearn.feature_extraction.text", reason="scikit-learn is not installed")
    words = sklearn.TfidfVectorizer(analyzer=str.split)
    train = words.fit_transform([" ".join(map(str, row)) for row in SOURCES])
    queries = [[1, 2, 4], [7, 6, 6], [3, 5, 9, 9]]

    wanted = (words.transform([" ".join(map(str, row)) for row in queries]) @ train.T).max(axis=1).toarray().ravel()

    np.testing.assert_allclose(memory(padded(queries, "en"))["score"], wanted, rtol=1e-12)


def test_what_was_kept_answers_again_and_what_is_damaged_is_refused(memory) -> None:
    again = TranslationMemory(None, INPUTS, HEADS, 0)
    with pytest.raises(ConfigError, match="has not been fitted"):
        again(padded(SOURCES, "en"))
    again.restore(memory.parameters)
    assert answers(again(padded(SOURCES, "en"))) == TARGETS

    for name, array in (
        ("posting.row", np.full(12, 99)),
        ("token.rarity", np.ones(3)),
        ("answer.offsets", np.zeros(1)),
    ):
        with pytest.raises(ConfigError, match="of another model"):
            again.restore({**memory.parameters, name: array})
    with pytest.raises(ConfigError, match="they hold other"):
        again.restore({"other": np.zeros(1)})


def test_the_copy_is_the_input() -> None:
    made = CopySource(None, INPUTS, HEADS, 0)
    assert answers(made(padded(SOURCES, "en"))) == SOURCES

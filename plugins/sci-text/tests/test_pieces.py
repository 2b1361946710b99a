from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from sci.api import ConfigError, Dataset, Feature, Ragged, Schema
from sci_text.cleaning import CleanText
from sci_text.config import CleanTextConfig
from sci_text.subwords import Bpe, WordPiece
from sci_text.token_config import BpeConfig, LearnedConfig, WordsConfig
from sci_text.units import Words

WORDS = [["Don't", "go", "to", "New York", "now"], ["U.S.", "wins"], [], ["go", "\u200b", "now"]]
TAGS = Ragged(np.arange(10), np.array([0, 5, 7, 7, 10]))
SCHEMA = Schema(
    {"w": Feature("text", "string", ragged=True), "y": Feature("category", "int64", ragged=True, size=10, pad=-1)},
    {"w": "input", "y": "target"},
    {"target": "y"},
)
DATA = Dataset({"w": pa.array(WORDS, pa.large_list(pa.large_string())), "y": TAGS}, SCHEMA)
STEPS = [
    Words(WordsConfig(min_count=1), ("w",)),
    WordPiece(LearnedConfig(vocabulary_size=60, min_count=1, enclose=True), ("w",)),
    Bpe(BpeConfig(vocabulary_size=280, min_count=1, enclose=True), ("w",)),
]


@pytest.fixture(params=STEPS, ids=["words", "wordpiece", "bpe"])
def step(request):
    request.param.fit(DATA)
    return request.param


def test_each_word_gives_its_tag_to_the_token_that_begins_it(step):
    batch = step.transform(DATA.batch(np.arange(4)))
    tokenizer = step._tokenizers["w"]
    for row, words in enumerate(WORDS):
        tokens, starts, tags = (batch[name].row(row) for name in ("w", "w.starts", "y"))
        assert len(tokens) == len(tags)
        assert len(starts) == len(words)
        seen = starts >= 0
        np.testing.assert_array_equal(tags[starts[seen]], TAGS.row(row)[seen])
        assert (tags >= 0).sum() == seen.sum()
        for word, start in zip(words, starts, strict=True):
            if start >= 0 and word.isascii():
                first = tokenizer.id_to_token(int(tokens[start])).lstrip("Ġ").lower()
                assert word.lower().startswith(first)


def test_running_text_has_the_same_tokens(step):
    text = type(step)(step.config, ("w",))
    text.load_state(step.state())
    text._listed = ()
    joined = text.transform({"w": pa.array(list(map(" ".join, WORDS)))})["w"]

    np.testing.assert_array_equal(joined.values, step.transform(DATA.batch(np.arange(4)))["w"].values)


def test_schema_gains_where_words_begin_and_keeps_the_target(step):
    schema = step.output_schema(SCHEMA)

    assert schema.roles["w.starts"] == "context"
    assert schema.columns["y"] == SCHEMA.columns["y"]


def test_words_that_are_cut_off_have_no_start_and_teach_nothing():
    step = Words(WordsConfig(min_count=1, max_length=4, enclose=True), ("w",))
    step.fit(DATA)

    batch = step.transform(DATA.batch(np.array([1, 0])))

    assert batch["w.starts"].row(0).tolist() == [1, -1]
    assert batch["w.starts"].row(1).tolist() == [1, -1, -1, -1, -1]
    assert batch["y"].row(0).tolist() == [-1, 5, -1, -1]
    assert step.told("training", step.tally(DATA.batch(np.arange(4))))[0].startswith(
        "3 training texts of `w` are longer than max_length 4"
    )


def test_a_row_does_not_know_the_others_and_the_target_may_be_absent(step):
    whole = step.transform(DATA.batch(np.arange(4)))
    alone = step.transform({"w": pa.array([WORDS[1]]), "id": np.array([1])})

    np.testing.assert_array_equal(alone["w"].values, whole["w"].row(1))
    assert "y" not in alone


def test_words_of_running_text_are_told_on_request():
    step = WordPiece(LearnedConfig(vocabulary_size=30, min_count=1, enclose=True, starts=True), ("t",))
    data = Dataset(
        {"t": pa.array(["ab abab ab", "", "abab"])}, Schema({"t": Feature("text", "string")}, {"t": "input"})
    )
    step.fit(data)

    batch = step.transform(data.batch(np.arange(3)))

    tokens = [step._tokenizers["t"].id_to_token(int(code)) for code in batch["t"].row(0)]
    begins = [place for place, token in enumerate(tokens) if not token.startswith(("##", "["))]
    assert batch["t.starts"].row(0).tolist() == begins
    assert batch["t.starts"].row(1).tolist() == []


def test_steps_for_running_text_refuse_lists_of_words():
    with pytest.raises(ConfigError, match="column `w` holds lists of words"):
        CleanText(CleanTextConfig(), ("w",)).output_schema(SCHEMA)

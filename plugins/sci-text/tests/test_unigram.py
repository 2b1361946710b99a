from __future__ import annotations

import itertools
import math
import time
from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from tokenizers import models

from sci.api import Dataset, Feature, Schema
from sci_text import wordcounts
from sci_text.lattice import Lattice, otherwise
from sci_text.substrings import substrings
from sci_text.token_config import LearnedConfig
from sci_text.unigram import Unigram, learned
from sci_text.wordcounts import LONGEST, short_runs

SCHEMA = Schema({"text": Feature("text", dtype="string")}, {"text": "input"})
WORDS = {"banana": 3, "bandana": 2, "nab": 1, "好吃好": 4}
LETTERS = "".join(sorted(set("".join(WORDS))))


def ways(word: str) -> list[list[str]]:
    """All ways to cut a word."""
    found = []
    for count in range(len(word)):
        for places in itertools.combinations(range(1, len(word)), count):
            ends = [0, *places, len(word)]
            found.append([word[start:stop] for start, stop in itertools.pairwise(ends)])
    return found


def pieces_of(texts: list[str], **settings: object) -> list[str]:
    step = Unigram(LearnedConfig(**{"vocabulary_size": 200, **settings}), ("text",))
    step.fit(Dataset({"text": pa.array(texts, pa.large_string())}, SCHEMA))
    return step._tokenizers["text"].encode(texts[0]).tokens


def test_substrings_are_counted_as_often_as_they_occur() -> None:
    expected: Counter[str] = Counter()
    for word, count in WORDS.items():
        for start, stop in itertools.combinations(range(len(word) + 1), 2):
            expected[word[start:stop]] += count

    found = substrings(WORDS, LETTERS, 5)

    counted = {found.piece(number): int(found.counts[number]) for number in range(len(found.counts))}
    assert counted == {part: count for part, count in expected.items() if count >= 5 or len(part) == 1}


def test_words_end_at_letters_that_are_not_kept() -> None:
    found = substrings({"abxab": 1, "ab": 1}, "ab", 2)

    assert {found.piece(number): int(found.counts[number]) for number in range(3)} == {"a": 3, "b": 3, "ab": 3}


def test_expected_counts_are_those_over_all_ways_to_cut_the_words() -> None:
    found = substrings(WORDS, LETTERS, 4)
    names = [found.piece(number) for number in range(len(found.counts))]
    scores = np.log(np.random.default_rng(0).dirichlet(np.ones(len(names))))
    score = dict(zip(names, scores.tolist(), strict=True))
    expected = dict.fromkeys(names, 0.0)
    for word, count in WORDS.items():
        possible = [way for way in ways(word) if all(part in score for part in way)]
        weights = [math.exp(sum(score[part] for part in way)) for way in possible]
        for way, weight in zip(possible, weights, strict=True):
            for part in way:
                expected[part] += count * weight / sum(weights)

    counts = Lattice(found, np.ones(len(names), dtype=bool)).expected(scores)

    assert counts == pytest.approx(np.array(list(expected.values())))


def test_what_a_piece_is_otherwise_is_its_best_cut_into_several() -> None:
    found = substrings(WORDS, LETTERS, 4)
    names = [found.piece(number) for number in range(len(found.counts))]
    scores = np.log(np.random.default_rng(1).dirichlet(np.ones(len(names))))
    score = dict(zip(names, scores.tolist(), strict=True))
    expected = [
        max((sum(score.get(part, -math.inf) for part in way) for way in ways(name) if len(way) > 1), default=-math.inf)
        for name in names
    ]

    assert otherwise(found, scores) == pytest.approx(np.array(expected))


def test_the_vocabulary_is_letters_and_what_makes_the_words_likely() -> None:
    words = {"▁singing": 30, "▁ringing": 30, "▁sing": 40, "▁ring": 40, "▁bell": 20, "▁bells": 20}

    found = dict(learned(words, "".join(sorted(set("".join(words)))), LearnedConfig(vocabulary_size=20)))

    assert len(found) == 15
    assert {"▁sing", "▁ring", "▁bell"} <= set(found)
    assert math.fsum(math.exp(score) for score in found.values()) == pytest.approx(1, abs=1e-4)


def test_frequent_words_become_one_piece_and_others_several() -> None:
    texts = ["the playing player plays", *["the play the player"] * 30, *["a playing dog, walking cat"] * 30]

    pieces = pieces_of(texts, vocabulary_size=60)

    assert pieces[:2] == ["▁the", "▁playing"]
    assert "".join(pieces) == "▁the▁playing▁player▁plays"
    assert len(pieces) < 8


@pytest.mark.parametrize(
    "text",
    ["a" * 1_000_000, "重复的话" * 100_000, "say it again " * 50_000, "ab" * 300_000, "\u0301" * 200_000],
    ids=["letter", "phrase-without-spaces", "phrase", "pair", "marks"],
)
def test_learning_ends_on_texts_that_repeat_themselves(text: str) -> None:
    began = time.process_time()

    pieces = pieces_of([text, "and one other text", "and one other text"])

    assert pieces
    assert time.process_time() - began < 20


def test_no_word_is_longer_than_the_bound_and_few_are_held(monkeypatch: pytest.MonkeyPatch) -> None:
    assert max(map(len, short_runs(["x" * 1050])[0].split())) == LONGEST

    monkeypatch.setattr(wordcounts, "MOST", 1000)
    blank = Unigram(LearnedConfig(), ("text",))._tokenizer(models.Unigram())
    numbers = (["common " + " ".join(map(str, range(start, start + 200)))] for start in range(0, 20_000, 200))
    words, whole = wordcounts.counted_words(wordcounts.normal_words(blank), numbers)

    assert not whole
    assert 500 <= len(words) <= 1000
    assert words["▁common"] == 100

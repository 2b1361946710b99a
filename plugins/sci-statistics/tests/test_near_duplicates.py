"""Texts and table rows that nearly repeat one another."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from sci.api import Dataset, Feature, Ragged, Schema
from sci.api.likeness import Likeness, as_sets
from sci.api.shingles import shingles
from sci_statistics.audits.near_duplicates import NearDuplicates

RANDOM = np.random.default_rng(0)
WORDS = ["".join(RANDOM.choice(list("abcdefghijklmnopqrstuvwxyz"), RANDOM.integers(3, 9))) for _ in range(2000)]


def sentence(words: int) -> str:
    return " ".join(RANDOM.choice(WORDS, words))


def jaccard(sets: Ragged, one: int, two: int) -> float:
    a, b = set(sets.row(one).tolist()), set(sets.row(two).tolist())
    return len(a & b) / len(a | b)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.upper() + " !!",
        lambda text: text.replace(" ", "  ", 3),
        lambda text: text + " indeed",
        lambda text: text[:40] + text[41:],
    ],
)
def test_texts_that_hardly_differ_are_found(table: Any, fold: Any, audit: Any, change: Any) -> None:
    texts = [sentence(20) for _ in range(100)]
    rows = table(text=[*texts, *(change(text) for text in texts[:10]), *(sentence(20) for _ in range(40))])

    (warning,) = audit(NearDuplicates(), rows, fold(range(100), test=range(100, 150)))

    assert (warning.severity, warning.count, warning.rows) == ("warning", 10, tuple(range(100, 110)))
    assert warning.message == "10 test rows have near copies in train, so the test would be too easy"


def test_identical_rows_are_left_to_the_other_audit(table: Any, fold: Any, audit: Any) -> None:
    texts = [sentence(20) for _ in range(50)]

    (passed,) = audit(NearDuplicates(), table(text=[*texts, *texts]), fold(range(50), test=range(50, 100)))

    assert passed.severity == "passed"


def test_one_copy_in_many_rows_is_a_note(table: Any, fold: Any, audit: Any) -> None:
    texts = [sentence(20) for _ in range(400)]
    rows = table(text=[*texts, texts[0].title(), *(sentence(20) for _ in range(199))])

    (note,) = audit(NearDuplicates(), rows, fold(range(400), test=range(400, 600)))

    assert (note.severity, note.count, note.rows) == ("note", 1, (400,))


def test_texts_in_chinese_are_compared_by_characters(table: Any, fold: Any, audit: Any) -> None:
    letters = [chr(code) for code in range(0x4E00, 0x4F00)]
    texts = ["".join(RANDOM.choice(letters, 60)) for _ in range(60)]
    rows = table(text=[*texts, *(text[:30] + "，" + text[31:] for text in texts[:6])])

    (warning,) = audit(NearDuplicates(), rows, fold(range(60), test=range(60, 66)))

    assert warning.count == 6


def test_numbers_that_agree_when_rounded_are_near_copies(table: Any, fold: Any, audit: Any) -> None:
    numbers = RANDOM.normal(size=(300, 8))
    numbers[250:260] = numbers[:10] + 1e-7
    columns = {f"x{place}": column for place, column in enumerate(numbers.T)}

    (warning,) = audit(NearDuplicates(), table(**columns), fold(range(200), [], range(200, 300)))

    assert (warning.count, warning.rows) == (10, tuple(range(250, 260)))


def test_a_copy_with_one_other_number_is_still_one(table: Any, fold: Any, audit: Any) -> None:
    numbers = RANDOM.normal(size=(300, 8))
    numbers[250:260] = numbers[:10]
    numbers[250:260, 3] += 1.0
    columns = {f"x{place}": column for place, column in enumerate(numbers.T)}

    (warning,) = audit(NearDuplicates(), table(**columns), fold(range(200), [], range(200, 300)))

    assert warning.count == 10


def test_few_or_coarse_numbers_are_not_judged(table: Any, fold: Any, audit: Any) -> None:
    coarse = {f"x{place}": RANDOM.integers(0, 10, 300) for place in range(9)}
    few = {"x": RANDOM.normal(size=300), "y": RANDOM.normal(size=300)}

    assert audit(NearDuplicates(), table(**coarse), fold(range(200), test=range(200, 300))) == []
    assert audit(NearDuplicates(), table(**few), fold(range(200), test=range(200, 300))) == []


def test_sets_meet_exactly_where_their_jaccard_index_is_large_enough() -> None:
    base = [sorted(RANDOM.choice(10_000, 60, replace=False)) for _ in range(200)]
    changed = [
        [*one[: 60 - cut], *range(20_000 + 100 * row, 20_000 + 100 * row + cut)]
        for row, (one, cut) in enumerate(zip(base, RANDOM.integers(0, 30, 200), strict=True))
    ]
    lists = [*base, *changed]
    owners = np.repeat(np.arange(400), [len(one) for one in lists])
    sets = as_sets(owners, np.concatenate(lists).astype(np.uint64) << np.uint64(24), 400)

    found = set(Likeness(sets, 0.8).known(np.arange(200, 400), np.arange(200)).tolist())

    exact = {row for row in range(200, 400) if jaccard(sets, row - 200, row) >= 0.8}
    assert found == exact
    assert 30 < len(exact) < 170


def test_shingles_are_the_passages_of_a_text() -> None:
    sets = shingles(["one two three four five", "ONE, two three -- four five!", "ok", "OK.", None, "…"])

    assert jaccard(sets, 0, 1) == 1.0
    assert sets.lengths.tolist() == [19, 19, 1, 1, 0, 0]
    assert jaccard(sets, 2, 3) == 1.0


class Brighter:
    """Which pixels of an image are brighter than its mean: a set of pixels with their bits."""

    likeness = 0.85

    def elements(self, column: np.ndarray, feature: Feature) -> Ragged:
        pixels = column.reshape(len(column), -1)
        bits = (pixels > pixels.mean(axis=1, keepdims=True)).astype(np.uint64)
        values = bits + 2 * np.arange(pixels.shape[1], dtype=np.uint64)
        return Ragged(values.ravel(), np.arange(len(column) + 1) * pixels.shape[1])


def test_a_fingerprint_of_a_plugin_finds_near_copies_of_its_kind(audit: Any, fold: Any) -> None:
    images = RANDOM.random((120, 8, 8)).astype(np.float32)
    images[100:110] = images[:10] * 0.5 + 0.1
    schema = Schema({"picture": Feature("image", shape=(8, 8))}, {"picture": "input"})
    rows = Dataset({"picture": images}, schema)

    (warning,) = audit(NearDuplicates(), rows, fold(range(80), (), range(80, 120)), fingerprints=[Brighter()])

    assert (warning.columns, warning.rows) == (("picture",), tuple(range(100, 110)))
    assert audit(NearDuplicates(), rows, fold(range(80), (), range(80, 120))) == []


def test_rows_that_repeat_an_earlier_one_are_found_and_the_first_of_them_is_not() -> None:
    sets = [range(20), [], range(19), range(50, 70), range(20), [], range(100, 120), range(51, 70)]
    owners = np.repeat(np.arange(len(sets)), [len(one) for one in sets])
    elements = np.array([(element + 1) * 0x9E3779B97F4A7C15 for one in sets for element in one], dtype=object) % 2**64

    found = Likeness(as_sets(owners, elements.astype(np.uint64), len(sets)), 0.9).repeated()

    assert found.tolist() == [2, 4, 7]


def test_nothing_is_like_an_empty_set() -> None:
    sets = shingles(["", None, "…"])

    assert Likeness(sets, 0.8).known(np.arange(2), np.arange(2, 3)).tolist() == []


@pytest.mark.timeout(60)
def test_five_thousand_texts_are_compared_in_seconds(table: Any, fold: Any, audit: Any) -> None:
    rows = table(text=[sentence(30) for _ in range(5000)])

    began = time.process_time()
    (passed,) = audit(NearDuplicates(), rows, fold(range(3500), range(3500, 4000), range(4000, 5000)))

    assert passed.severity == "passed"
    assert time.process_time() - began < 10

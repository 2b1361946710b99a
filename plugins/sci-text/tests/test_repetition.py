from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from sci.api import Dataset, Feature, Schema, State
from sci_text.config import DeduplicateConfig
from sci_text.repetition import Deduplicate

SCHEMA = Schema({"text": Feature("text", dtype="string")}, {"text": "input"})
REVIEW = "The room was clean, the staff friendly and the breakfast better than in any other hotel"
CHINESE = "房间很干净，服务员也很热情，早餐比其他酒店丰富得多，下次一定还会再来"


def rows(texts: Sequence[str | None]) -> Dataset:
    return Dataset({"text": pa.array(texts, pa.large_string())}, SCHEMA, np.arange(len(texts)) + 1000)


def kept(texts: Sequence[str | None], near: float | None = None) -> tuple[list[int], list[str]]:
    step = Deduplicate(DeduplicateConfig(near=near), ("text",))
    step.fit(rows(texts))
    batch = rows(texts).batch(np.arange(len(texts)))
    return step.transform(batch)["row"].tolist(), list(step.warnings())


def test_the_first_of_equal_texts_stays() -> None:
    found, said = kept(["a b", "c", "A  B ", "c", "a b", "d"])

    assert found == [0, 1, 5]
    assert said == ["3 of 6 training rows repeat an earlier one, and were dropped"]


def test_accents_and_widths_are_the_same_however_they_are_written() -> None:
    assert kept(["caf\u00e9 ＡＢ", "cafe\u0301 AB"])[0] == [0]


def test_rows_without_a_text_stay() -> None:
    assert kept([None, "", " \t", "a", None])[0] == [0, 1, 2, 3, 4]


def test_near_copies_go_only_where_asked() -> None:
    texts = [REVIEW, f"{REVIEW}!!", f"{REVIEW} ever.", "Something else was said about another hotel here", CHINESE]
    texts += [CHINESE.replace("一定", "")]

    assert kept(texts)[0] == [0, 1, 2, 3, 4, 5]
    found, said = kept(texts, near=0.7)
    assert found == [0, 3, 4]
    assert said == ["3 of 6 training rows repeat an earlier one, 3 of them nearly, and were dropped"]


def test_near_copies_are_found_among_many_rows() -> None:
    random = np.random.default_rng(0)
    words = [f"{a}{b}{c}o" for a in "bdfgk" for b in "aei" for c in "lmnrst"]
    texts = [" ".join(random.choice(words, 30)) for _ in range(1000)]
    copied = random.choice(1000, 100, replace=False)
    texts += [" ".join(texts[row].split()[:-1]) for row in copied]

    assert kept(texts, near=0.8)[0] == list(range(1000))


def test_all_texts_of_a_row_count() -> None:
    schema = Schema(dict.fromkeys("ab", Feature("text", dtype="string")), dict.fromkeys("ab", "input"))
    columns = {"a": pa.array(["x", "x", "x"], pa.large_string()), "b": pa.array(["1", "2", "1"], pa.large_string())}
    data = Dataset(columns, schema)
    step = Deduplicate(DeduplicateConfig(), ("a", "b"))
    step.fit(data)

    assert step.transform(data.batch(np.arange(3)))["row"].tolist() == [0, 1]


def test_what_is_dropped_depends_on_no_batch_and_comes_back() -> None:
    data = rows(["a", "b", "a", "c", "b"])
    step = Deduplicate(DeduplicateConfig(), ("text",))
    step.fit(data)
    again = Deduplicate(DeduplicateConfig(), ("text",))
    state = step.state()
    again.load_state(State(arrays=state.arrays, meta=json.loads(json.dumps(state.meta))))

    assert again.transform(data.batch(np.array([4, 2, 1])))["row"].tolist() == [2]
    assert again.warnings() == step.warnings()

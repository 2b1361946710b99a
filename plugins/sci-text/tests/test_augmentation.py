from __future__ import annotations

import json
import pathlib
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pytest

from sci.api import ConfigError, Dataset, Feature, Preprocessor, Ragged, SampleRandom, Schema, State
from sci_text.augmentation.config import AugmentationConfig, SwapConfig, SynonymsConfig
from sci_text.augmentation.draws import of_each
from sci_text.augmentation.dropout import TokenDropout
from sci_text.augmentation.swap import Swap
from sci_text.augmentation.synonyms import Synonyms
from sci_text.augmentation.thesaurus import read
from sci_text.words import cut

SCHEMA = Schema({"text": Feature("text", dtype="string")}, {"text": "input"})
TOKENS = Schema({"text": Feature("tokens", dtype="int64", ragged=True, size=40)}, {"text": "input"})
TEXTS = [
    "The quick brown fox jumps over the lazy dog, and then it sleeps.",
    "这部电影很好看，我非常喜欢这部电影。",
    None,
    "",
    " \t ",
    "word",
    "שלום עולם טוב",
    "👩🏽‍🔬 with emoji 👨‍👩‍👧‍👦 and e\u0301tudes",
    "NUL\0here and there",
] * 5
HOSTILE = ["x" * 1_000_000, "ab cd " * 20_000, "e" + "\u0301" * 10_000 + " end", "\u202eright to left\u202c"]


def rows(texts: Sequence[str | None]) -> Dataset:
    return Dataset({"text": pa.array(texts, pa.large_string())}, SCHEMA)


def sequences(*found: Sequence[int]) -> Dataset:
    offsets = np.cumsum([0, *map(len, found)])
    values = np.array([code for row in found for code in row], dtype=np.int64)
    return Dataset({"text": Ragged(values, offsets)}, TOKENS)


def step_of(kind: type, data: Dataset, **settings: object) -> Preprocessor:
    config = {TokenDropout: AugmentationConfig, Swap: SwapConfig}[kind]
    step = kind(config(**settings), ("text",))
    step.fit(data)
    return step


def drawn(step: Preprocessor, data: Dataset, epoch: int = 0, chosen: np.ndarray | None = None) -> list:
    chosen = np.arange(len(data)) if chosen is None else chosen
    found = step.transform(data.batch(chosen), SampleRandom(7, epoch, data.ids[chosen], "0.step"))["text"]
    if isinstance(found, Ragged):
        return [found.row(row).tolist() for row in range(len(chosen))]
    return found.to_pylist()


@pytest.fixture
def synonyms(tmp_path: pathlib.Path) -> pathlib.Path:
    path = tmp_path / "words.tsv"
    path.write_text(
        "quick\tfast\tspeedy\nlazy dog\tsleepy hound\n\n# a remark\n电影\t影片\n好看\t精彩\n", encoding="utf-8"
    )
    return path


def all_steps(synonyms: pathlib.Path, data: Dataset, rate: float = 0.5) -> list[Preprocessor]:
    last = Synonyms(SynonymsConfig(file=str(synonyms), rate=rate), ("text",))
    last.fit(data)
    return [step_of(TokenDropout, data, rate=rate), step_of(Swap, data, rate=rate), last]


def test_a_row_is_changed_the_same_in_whatever_batch_it_comes(synonyms: pathlib.Path) -> None:
    data = rows(TEXTS)
    for step in all_steps(synonyms, data):
        whole = drawn(step, data)
        order = np.random.default_rng(0).permutation(len(data))

        parts = [found for part in np.array_split(order, 7) for found in drawn(step, data, chosen=part)]

        assert parts == [whole[row] for row in order]
        assert whole != drawn(step, data, epoch=1)
        assert whole == drawn(step, data)


def test_nothing_is_changed_where_nothing_is_drawn(synonyms: pathlib.Path) -> None:
    data = rows(TEXTS)
    for step in all_steps(synonyms, data):
        assert step.random
        assert step.transform(data.batch(np.arange(len(data))))["text"].to_pylist() == TEXTS


def test_hostile_texts_pass(synonyms: pathlib.Path) -> None:
    data = rows([*TEXTS, *HOSTILE])
    for step in all_steps(synonyms, data):
        found = drawn(step, data)

        assert [text is None for text in found] == [text is None for text in data.column("text").to_pylist()]
        assert found[3] == ""


def test_what_was_fitted_comes_back_from_json(synonyms: pathlib.Path) -> None:
    data = rows(TEXTS)
    for step in all_steps(synonyms, data):
        again = type(step)(step.config, ("text",))
        again.load_state(State(meta=json.loads(json.dumps(step.state().meta))))
        assert drawn(again, data) == drawn(step, data)


def test_words_go_with_the_chance_that_was_asked_for_and_one_stays() -> None:
    data = rows([" ".join(f"w{place}" for place in range(50))] * 200 + ["a b"] * 200)

    found = [text.split() for text in drawn(step_of(TokenDropout, data, rate=0.3), data)]

    share = sum(map(len, found[:200])) / (200 * 50)
    assert share == pytest.approx(0.7, abs=0.02)
    assert {len(words) for words in found[200:]} == {1, 2}
    assert all(words == sorted(words, key=lambda word: int(word[1:])) for words in found[:200])


def test_what_goes_leaves_no_double_space() -> None:
    data = rows(["one two, three four"] * 300)

    found = set(drawn(step_of(TokenDropout, data, rate=0.5), data))

    assert {"one two, three four", "two, three", "one, three four"} <= found
    assert not any("  " in text or text.startswith(" ") for text in found)


def test_swapped_words_are_the_same_words_and_stand_near_their_place() -> None:
    words = [f"w{place}" for place in range(40)]
    data = rows([" ".join(words) + "."] * 50)

    found = [text.rstrip(".").split() for text in drawn(step_of(Swap, data, rate=0.02, distance=2), data)]

    moved = [abs(int(word[1:]) - place) for row in found for place, word in enumerate(row) if word != words[place]]
    assert all(Counter(row) == Counter(words) for row in found)
    assert moved
    assert max(moved) <= 4  # twice, where a word is drawn twice
    far = drawn(step_of(Swap, data, rate=0.2, distance=None), data)
    assert max(abs(int(w[1:]) - place) for text in far for place, w in enumerate(text.rstrip(".").split())) > 20


@pytest.mark.parametrize("kind", [TokenDropout, Swap])
def test_tokens_around_all_rows_stay_where_they_are(kind: type) -> None:
    data = sequences(*[[2, *range(5, 5 + size), 3] for size in range(30)], [2, 3], [2, 9, 3])

    found = drawn(step_of(kind, data, rate=0.6), data)

    assert all(row[0] == 2 and row[-1] == 3 for row in found)
    assert found[-2] == [2, 3]
    assert found[-1] == [2, 9, 3]
    assert sum(map(len, found)) < len(data.column("text").values) or kind is Swap
    assert kind is TokenDropout or [sorted(row) for row in found] == [
        sorted(data.column("text").row(row)) for row in range(len(data))
    ]


def test_tokens_without_such_ends_all_take_part() -> None:
    data = sequences(*[[5 + (row + place) % 30 for place in range(20)] for row in range(40)], [])

    found = drawn(step_of(TokenDropout, data, rate=0.5), data)

    firsts = [row[0] == data.column("text").row(at)[0] for at, row in enumerate(found[:-1])]
    assert 0 < sum(firsts) < 40
    assert found[-1] == []


def test_draws_of_a_row_do_not_depend_on_how_many_are_made_together() -> None:
    lengths = np.array([3, 0, 500_000, 2, 7], dtype=np.int64)
    random = SampleRandom(1, 2, np.arange(5), "step")

    found = np.split(of_each(random, "x", lengths), np.cumsum(lengths)[:-1])

    for row, length in enumerate(lengths):
        alone = SampleRandom(1, 2, np.array([row]), "step").uniform("x", (int(length),))[0]
        assert np.array_equal(found[row], alone)


def test_synonyms_are_those_of_the_list_the_longest_first(synonyms: pathlib.Path) -> None:
    data = rows(["Quick, the LAZY  dog!", "这部电影很好看", "nothing"] * 100)
    step = Synonyms(SynonymsConfig(file=str(synonyms), rate=0.5), ("text",))
    step.fit(data)

    found = drawn(step, data)

    assert set(found[::3]) == {
        f"{first}, the {second}!" for first in ("Quick", "Fast", "Speedy") for second in ("LAZY  dog", "Sleepy hound")
    }
    assert set(found[1::3]) == {"这部电影很好看", "这部影片很好看", "这部电影很精彩", "这部影片很精彩"}
    assert set(found[2::3]) == {"nothing"}
    assert step.warnings() == []


def test_a_list_that_fits_no_word_is_said(synonyms: pathlib.Path) -> None:
    step = Synonyms(SynonymsConfig(file=str(synonyms)), ("text",))
    step.fit(rows(["other words"]))

    assert step.warnings() == ["the list holds none of the 2 words of the training rows"]


def test_a_json_list_goes_one_way(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "words.json"
    path.write_text('{"Film": ["movie", "picture"]}', encoding="utf-8")

    assert read(path) == {"film": ["movie", "picture"]}


@pytest.mark.parametrize(
    ("name", "content", "line", "words"),
    [
        ("a.tsv", b"good\tfine\nalone\n", 2, "has one word, `alone`"),
        ("a.tsv", b"good\t\n", 1, "has an empty word"),
        ("a.tsv", b"good\tfi\x00ne\n", 1, "control characters"),
        ("a.tsv", "gut\tschön\n".encode("latin-1"), 1, "is no UTF-8"),
        ("a.tsv", "film\tmovie".encode("utf-16"), 1, "is no UTF-8"),
        ("a.tsv", b"\n# nothing\n", None, "holds no words"),
        ("a.json", b'{"film":\n ["movie"', 2, "is no JSON"),
        ("a.json", b'["film", "movie"]', None, "is no object of words"),
        ("a.json", b'{"film": "movie"}', None, "gives no list of words for `film`"),
        ("a.json", b"[" * 100_000, None, "is no JSON"),
        ("a.tsv", None, None, "cannot be read"),
    ],
)
def test_what_is_no_list_is_refused_at_its_line(
    tmp_path: pathlib.Path, name: str, content: bytes | None, line: int | None, words: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(ConfigError) as caught:
        read(path)

    assert words in caught.value.message
    assert caught.value.id == "text.synonyms"
    assert (caught.value.where.file, caught.value.where.line) == (str(path), line)


def test_words_and_what_is_between_them_make_the_text() -> None:
    for text in ["Don't stop: naïve e\u0301tude, שלום!", "我爱北京，Ok 3.5 ok", "", "…", "a\0b 👩🏽‍🔬"]:
        found = cut(text)
        assert found.rearranged(range(len(found.words))) == text

    assert cut("Don't stop: naïve e\u0301tude 我爱3").words == [
        "Don't",
        "stop",
        "naïve",
        "e\u0301tude",
        "我",
        "爱",
        "3",
    ]


def test_other_kinds_of_columns_are_refused() -> None:
    schema = Schema({"age": Feature("number")}, {"age": "input"})

    with pytest.raises(ConfigError, match="swap reads text or tokens, but column `age` is number"):
        Swap(SwapConfig(), ("age",)).output_schema(schema)


def test_targets_of_single_words_are_left_alone() -> None:
    features = {"text": Feature("text", dtype="string"), "tags": Feature("category", dtype="int64", ragged=True)}
    schema = Schema(features, {"text": "input", "tags": "target"}, {"target": "tags"})

    with pytest.raises(ConfigError, match="token-dropout moves words, and `tags` says something of each"):
        TokenDropout(AugmentationConfig(), ("text",)).output_schema(schema)

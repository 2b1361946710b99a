from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from sci.api import ConfigError, DataError, Dataset, Feature, Schema, State
from sci_text import subwords, wordcounts
from sci_text.pretrained import Pretrained
from sci_text.specials import SPECIALS
from sci_text.stretches import stretches
from sci_text.subwords import Bpe, WordPiece
from sci_text.token_config import BpeConfig, CharactersConfig, LearnedConfig, TokenizerConfig, WordsConfig
from sci_text.tokens import Tokens
from sci_text.unigram import Unigram
from sci_text.units import Characters, Words

SCHEMA = Schema({"text": Feature("text", dtype="string")}, {"text": "input"})
LEARNED = {
    WordPiece: (LearnedConfig, {"vocabulary_size": 60}),
    Bpe: (BpeConfig, {"vocabulary_size": 300}),
    Unigram: (LearnedConfig, {"vocabulary_size": 60}),
    Characters: (CharactersConfig, {}),
    Words: (WordsConfig, {}),
}
TEXTS = [
    "The film is great, great fun",
    "the film is dull",
    "A great cast; dull film",
    "no fun at all",
    "the 好 film 好",
] * 4
HOSTILE = [
    "",
    " \t\n ",
    "x" * 1_000_000,
    " " * 1_000_000,
    "ab cd " * 20_000,
    "שלום עולם",
    "👩‍🔬🧬",
    "\0",
    "a\0b",
    "[SEP] [PAD]",
    "e\u0301" * 99,
]

every = pytest.mark.parametrize("kind", LEARNED, ids=lambda kind: kind.component)


def table(texts: Sequence[str | None]) -> Dataset:
    return Dataset({"text": pa.array(texts, pa.large_string())}, SCHEMA)


def fitted(kind: type[Tokens], texts: Sequence[str | None] = TEXTS, **settings: object) -> Tokens:
    config, small = LEARNED[kind]
    step = kind(config(**{**small, **settings}), ("text",))
    step.fit(table(texts))
    return step


def codes(step: Tokens, *texts: str | None) -> list[list[int]]:
    data = table(texts)
    found = step.transform(data.batch(np.arange(len(data))))["text"]
    return [found.row(row).tolist() for row in range(len(texts))]


def said(step: Tokens, texts: Sequence[str | None]) -> Sequence[str]:
    data = table(texts)
    return step.told("training", step.tally(data.batch(np.arange(len(data)))))


def pieces(step: Tokens, text: str) -> list[str]:
    tokenizer = Tokenizer.from_str(json.dumps(step.state().meta["tokenizers"]["text"]))
    return [tokenizer.id_to_token(code) for code in codes(step, text)[0]]


@every
def test_codes_are_below_the_promised_size_and_padding_is_none_of_them(kind: type[Tokens]) -> None:
    step = fitted(kind)

    feature = step.output_schema(SCHEMA).columns["text"]
    found = np.concatenate([np.array(row) for row in codes(step, *TEXTS)])

    assert (feature.kind, feature.dtype, feature.ragged, feature.pad) == ("tokens", "int64", True, 0)
    assert 0 < found.min() <= found.max() < feature.size


@every
def test_the_special_tokens_have_the_first_codes_whatever_a_text_says(kind: type[Tokens]) -> None:
    step = fitted(kind)
    vocabulary = Tokenizer.from_str(json.dumps(step.state().meta["tokenizers"]["text"])).get_vocab()

    assert [vocabulary[name] for name in SPECIALS] == [0, 1, 2, 3, 4]
    assert not {0, 2, 3, 4} & set(codes(step, "[PAD] [CLS] [SEP] [MASK]")[0])


@every
def test_the_vocabulary_is_no_larger_than_asked(kind: type[Tokens]) -> None:
    size = 270 if kind is Bpe else 20

    assert fitted(kind, vocabulary_size=size).output_schema(SCHEMA).columns["text"].size <= size


@every
def test_hostile_texts_are_learned_and_read(kind: type[Tokens]) -> None:
    step = fitted(kind, [*TEXTS, *HOSTILE], max_length=16)

    found = codes(step, None, *HOSTILE)

    assert found[0] == []
    assert max(map(len, found)) == 16
    assert codes(fitted(kind, max_length=16), *HOSTILE)[0] == []


@pytest.mark.parametrize("kind", [WordPiece, Bpe, Words], ids=lambda kind: kind.component)
def test_a_trainer_is_given_no_more_different_words_than_are_counted(
    kind: type[Tokens], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of an unspaced clause each is another; so are 4,000 words of random letters. What is common is learned all the same.
    letters = np.random.default_rng(0).choice(list("abcdefgh"), (4000, 9))
    texts = [*(f"{''.join(word)} common words" for word in letters), *("好" * 8 + chr(0x4E00 + i) for i in range(999))]
    whole = fitted(kind, texts, vocabulary_size=400)
    monkeypatch.setattr(wordcounts, "MOST", 1000)
    fed: list[str] = []
    told = wordcounts.WordCounts.told
    monkeypatch.setattr(
        wordcounts.WordCounts, "told", lambda counts, *given: (fed.extend(counts.words), told(counts, *given))[1]
    )

    bounded = fitted(kind, texts, vocabulary_size=400)

    assert 400 < len(set(fed)) <= 1000
    assert pieces(bounded, "common words") == pieces(whole, "common words")
    assert codes(bounded, *texts) == codes(fitted(kind, texts, vocabulary_size=400), *texts)


def test_a_trainer_is_given_the_commonest_words_for_which_there_is_room() -> None:
    texts = [["the film the end", "the film"], ["dull"]]
    counts = wordcounts.counted_words(str.split, texts)

    def given(size: Callable[[str], int], room: int) -> list[Sequence[str]]:
        return list(counts.told(texts, size, room))

    assert given(len, 14) == texts
    assert given(len, 13) == [["the", "the", "the", "film", "film", "end"]]
    assert given(lambda word: 2 * len(word), 14) == [["the", "the", "the", "film", "film"]]


def test_pieces_of_bytes_are_learned_from_no_more_different_words_than_have_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts = [*["common words"] * 9, *(chr(0x4E00 + i) * 8 for i in range(99))]
    monkeypatch.setattr(subwords, "LEARNED", 24 + len("common words"))

    step = fitted(Bpe, texts, vocabulary_size=400)

    assert pieces(step, "common words") == ["common", "Ġwords"]
    assert len(codes(step, chr(0x4E00) * 8)[0]) == 2
    assert len(codes(step, chr(0x4E01) * 8)[0]) == 24


@every
def test_what_is_cut_is_counted_over_the_rows_that_are_asked_about(kind: type[Tokens]) -> None:
    step = fitted(kind, max_length=4)
    texts = ["the film", "the film is dull and great", None, "no fun at all, the film is dull"]
    lengths = [len(row) for row in codes(fitted(kind, max_length=200), *texts)]
    longer = [length - 4 for length in lengths if length > 4]

    tally = Counter()
    for part in (texts[:2], texts[2:]):
        data = table(part)
        tally.update(step.tally(data.batch(np.arange(len(data)))))

    assert step.told("test", tally) == [
        f"{len(longer)} test texts of `text` are longer than max_length 4; {sum(longer)} of {sum(lengths)} tokens were"
        " cut off",
        "1 test text of `text` holds no token",
    ]
    assert step.told("test", step.tally(table(["the"]).batch(np.arange(1)))) == []


@every
def test_texts_without_a_token_are_counted_whatever_stands_around_them(kind: type[Tokens]) -> None:
    step = fitted(kind, enclose=True)
    batch = table(["", None, "the"]).batch(np.arange(3))

    assert step.told("new", step.tally(batch)) == ["2 new texts of `text` hold no token"]


class Reading(Words):
    """Says how many texts it was given."""

    texts = 0

    def read(self, texts: Sequence[str]) -> Sequence[str]:
        self.texts += len(texts)
        return super().read(texts)


@pytest.mark.parametrize("starts", [False, True])
def test_rows_that_are_counted_become_tokens_once(starts: bool) -> None:
    step = Reading(WordsConfig(starts=starts), ("text",))
    step.fit(table(TEXTS))
    batch = table(TEXTS[:3]).batch(np.arange(3))
    expected = codes(step, *TEXTS[:3])
    other = codes(step, *TEXTS[1:4])

    step.texts = 0
    step.tally(batch)
    found = step.transform(batch)

    assert step.texts == 3
    assert [found["text"].row(row).tolist() for row in range(3)] == expected
    step.tally(batch)
    assert codes(step, *TEXTS[1:4]) == other
    assert codes(step, *TEXTS[:3]) == expected


@every
@pytest.mark.parametrize("enclose", [False, True])
def test_a_long_text_is_cut_into_tokens_a_stretch_at_a_time(
    kind: type[Tokens], enclose: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = np.random.default_rng(3)
    some = [*"ab cd, the great film's dull.  好是，字。", "\n", " \t ", "don't", "é", "[SEP]"]
    long = ["".join(draw.choice(some, 900)) for _ in range(4)] + ["x" * 900, " " * 900, "", "the film"]
    whole = fitted(kind, [*TEXTS, *long], max_length=20, enclose=enclose)
    expected = codes(whole, *long), whole.tally(table(long).batch(np.arange(len(long))))

    monkeypatch.setattr("sci_text.stretches.PORTION", 100)
    in_stretches = fitted(kind, [*TEXTS, *long], max_length=20, enclose=enclose)

    assert in_stretches.state().meta == whole.state().meta
    assert (codes(in_stretches, *long), in_stretches.tally(table(long).batch(np.arange(len(long))))) == expected
    assert list(map("".join, map(stretches, long))) == long
    assert max(map(len, stretches(long[0]))) < 200


@every
def test_what_stands_around_a_text_is_not_cut(kind: type[Tokens]) -> None:
    step = fitted(kind, enclose=True, max_length=5)

    found = codes(step, *TEXTS, "")

    assert all(row[0] == 2 and row[-1] == 3 for row in found)
    assert (max(map(len, found)), found[-1]) == (5, [2, 3])


@every
def test_other_rows_do_not_change_what_was_fitted(kind: type[Tokens]) -> None:
    everything, changed = table(TEXTS), table([*TEXTS[:15], *["leak " * 9] * 5])

    states = []
    for data in (everything, changed):
        config, small = LEARNED[kind]
        step = kind(config(**small), ("text",))
        step.fit(data.take(np.arange(15)))
        states.append(step.state().meta)

    assert states[0] == states[1]
    assert "leak" not in json.dumps(states)


@every
def test_the_state_comes_back_from_json(kind: type[Tokens]) -> None:
    step = fitted(kind, enclose=True, max_length=6)
    again = kind(step.config, ("text",))

    again.load_state(State(meta=json.loads(json.dumps(step.state().meta))))

    assert codes(again, *TEXTS, *HOSTILE) == codes(step, *TEXTS, *HOSTILE)
    assert again.output_schema(SCHEMA) == step.output_schema(SCHEMA)


@every
def test_each_process_learns_the_same(kind: type[Tokens]) -> None:
    script = f"""
import json, sys
import pyarrow as pa
from sci.api import Dataset, Feature, Schema
from {kind.__module__} import {kind.__name__}
from sci_text.token_config import {LEARNED[kind][0].__name__}
texts = [" ".join(f"w{{i * j % 97}}x{{i % 13}}" for j in range(12)) for i in range(200)]
schema = Schema({{"text": Feature("text", dtype="string")}}, {{"text": "input"}})
step = {kind.__name__}({LEARNED[kind][0].__name__}(vocabulary_size=400), ("text",))
step.fit(Dataset({{"text": pa.array(texts, pa.large_string())}}, schema))
print(json.dumps(step.state().meta))
"""
    found = {subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout for _ in range(3)}

    assert len(found) == 1


def test_words_end_at_white_space_and_punctuation_of_every_script() -> None:
    text = "Don't stop: naïve e\u0301tude, שלום! कि 好吃。"

    assert pieces(fitted(Words, [text], min_count=1, lower=False), text) == [
        *("Don", "'", "t", "stop", ":", "naïve", "e\u0301tude", ",", "שלום", "!", "कि", "好吃", "。")
    ]


def test_chinese_words_are_those_of_jieba() -> None:
    pytest.importorskip("jieba", reason="jieba is not installed; the extra `chinese` of sci-text brings it")
    text = "我爱北京天安门，Ok 3.5"

    step = fitted(Words, [text], min_count=1, segmenter="jieba", lower=False)

    assert pieces(step, text) == ["我", "爱", "北京", "天安门", "，", "Ok", "3.5"]


def test_the_absence_of_jieba_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    from sci_text import segmenting

    segmenting._jieba.cache_clear()
    monkeypatch.setitem(sys.modules, "jieba", None)

    with pytest.raises(Exception, match="`jieba` is not installed") as caught:
        fitted(Words, segmenter="jieba")
    assert caught.value.hint == 'pip install "sci-text[chinese]"'


def test_characters_are_code_points() -> None:
    assert pieces(fitted(Characters), "the 好z") == ["t", "h", "e", " ", "好", "[UNK]"]


def test_word_pieces_are_the_longest_known_ones_and_each_chinese_character_is_a_word() -> None:
    step = fitted(WordPiece, ["unhappy unhappy happy happy 好吃 好吃"] * 5)

    assert pieces(step, "Unhappy 好吃") == ["unhappy", "好", "吃"]
    assert pieces(step, "happyhappy")[0] == "happy"
    assert pieces(step, "zebra") == ["[UNK]"]


def test_bytes_write_what_was_never_seen() -> None:
    step = fitted(Bpe, ["abc"] * 3)
    tokenizer = Tokenizer.from_str(json.dumps(step.state().meta["tokenizers"]["text"]))

    assert "[UNK]" not in pieces(step, "🧬 שלום")
    assert len(codes(step, "🧬")[0]) == 4
    assert tokenizer.token_to_id("abc") is not None


@pytest.mark.parametrize("kind", [WordPiece, Unigram, Characters, Words], ids=lambda kind: kind.component)
def test_training_rows_without_a_token_are_an_error(kind: type[Tokens]) -> None:
    with pytest.raises(DataError, match="no token of column `text` occurs 2 times") as caught:
        fitted(kind, ["", None, "a"])

    assert caught.value.id == "data.vocabulary"


@pytest.mark.parametrize(
    ("special", "end"), [([], None), (["</s>"], 3), (["<|endoftext|>", "<pad>"], 4)], ids=["none", "end", "padding"]
)
def test_answers_end_with_a_token_that_stands_for_nothing_else(
    tmp_path: pathlib.Path, special: list[str], end: int | None
) -> None:
    tokenizer = Tokenizer(models.WordLevel({"the": 0, "film": 1, "[UNK]": 2}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.add_special_tokens(special)
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    as_input, as_target = (Pretrained(TokenizerConfig(pretrained=str(tmp_path)), ("text",)) for _ in range(2))
    target = table(TEXTS).with_schema(Schema(SCHEMA.columns, {"text": "target"}, {"target": "text"}))

    as_input.fit(table(TEXTS))
    assert codes(as_input, "the film", "the") == [[0, 1], [0]]
    if end is None:
        with pytest.raises(ConfigError, match="target `text` has no token that ends an answer") as caught:
            as_target.fit(target)
        assert "add_special_tokens" in caught.value.hint
        return
    as_target.fit(target)
    assert as_target.output_schema(target.schema).columns["text"].pad == end


def test_a_pretrained_tokenizer_is_kept_and_needs_its_file_no_more(tmp_path: pathlib.Path) -> None:
    learned = fitted(WordPiece, enclose=True)
    path = tmp_path / "tokenizer.json"
    tokenizer = Tokenizer.from_str(json.dumps(learned.state().meta["tokenizers"]["text"]))
    tokenizer.enable_truncation(3)
    tokenizer.enable_padding(length=99)
    tokenizer.save(str(path))
    config = TokenizerConfig(pretrained=str(tmp_path), max_length=256)
    step = Pretrained(config, ("text",))
    step.fit(table(TEXTS))
    state = step.state()
    path.unlink()
    again = Pretrained(config, ("text",))

    again.load_state(state)

    assert codes(again, *TEXTS) == codes(step, *TEXTS) == codes(learned, *TEXTS)


@pytest.mark.parametrize("content", [None, "", "{}", '{"model": {"type": "WordPiece"}}', "\0"])
def test_a_file_that_is_no_tokenizer_is_named(tmp_path: pathlib.Path, content: str | None) -> None:
    path = tmp_path / "mine.json"
    if content is not None:
        path.write_text(content)

    with pytest.raises(ConfigError, match=r"mine\.json") as caught:
        Pretrained(TokenizerConfig(pretrained=str(path)), ("text",)).fit(table(TEXTS))

    assert caught.value.id == "model.pretrained"


def test_other_kinds_of_columns_are_refused() -> None:
    schema = Schema({"age": Feature("number")}, {"age": "input"})

    with pytest.raises(ConfigError, match="wordpiece reads text, but column `age` is number"):
        WordPiece(LearnedConfig(), ("age",)).output_schema(schema)


@pytest.fixture
def reference() -> pathlib.Path:
    root = os.environ.get("SCI_REFERENCE_DATA")
    if not root:
        pytest.skip("SCI_REFERENCE_DATA names no folder, and sst and chnsenticorp lie there")
    return pathlib.Path(root)


def test_sentences_of_sst_lose_nothing_but_rare_words(reference: pathlib.Path) -> None:
    lines = (reference / "sst" / "stsa.binary.train").read_text(encoding="utf-8").split("\n")
    texts = [line.split(" ", 1)[1] for line in lines if line]

    step = fitted(WordPiece, texts, vocabulary_size=4000, max_length=128)

    found = np.concatenate([np.array(row) for row in codes(step, *texts)])
    assert len(texts) == 6920
    assert step.output_schema(SCHEMA).columns["text"].size == 4000
    assert (found == 1).mean() < 0.001
    assert said(step, texts) == []


def test_reviews_of_chnsenticorp_are_cut_as_is_said(reference: pathlib.Path) -> None:
    with zipfile.ZipFile(reference / "chnsenticorp" / "chnsenticorp.zip") as archive:
        [name] = [name for name in archive.namelist() if name.endswith("train.tsv") and "__MACOSX" not in name]
        lines = archive.read(name).decode("utf-8").split("\n")[1:]
    texts = [line.split("\t", 1)[1] for line in lines if "\t" in line]

    step = fitted(Characters, texts, max_length=128, vocabulary_size=4000)

    longer = [len(text) - 128 for text in texts if len(text) > 128]
    [sentence] = said(step, texts)
    assert sentence.startswith(
        f"{len(longer):,} training texts of `text` are longer than max_length 128; {sum(longer):,} of"
    )

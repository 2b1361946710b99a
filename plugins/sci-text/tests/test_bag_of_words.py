from __future__ import annotations

import json
import os
import pathlib
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pytest
import safetensors.numpy
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from sci.api import ConfigError, DataError, Dataset, Feature, Schema, State
from sci_text.bag_of_words import BagOfWords
from sci_text.config import BagOfWordsConfig

SCHEMA = Schema({"text": Feature("text", dtype="string")}, {"text": "input"})
WORDS = [
    *("Free", "entry", "WIN", "win", "cash", "now", "the", "a", "of", "Straße", "café", "你好", "世界"),
    *("n't", "x1", "under_score", "100", "☎", "👩\u200d👧"),
]


def table(*texts: str | None) -> Dataset:
    return Dataset({"text": pa.array(texts, type=pa.large_string())}, SCHEMA)


def sentences(count: int, seed: int = 0) -> list[str]:
    random = np.random.default_rng(seed)
    return ["  ".join(random.choice(WORDS, random.integers(0, 12))) + "\n." for _ in range(count)]


def fitted(data: Dataset, **settings: object) -> BagOfWords:
    step = BagOfWords(BagOfWordsConfig(**settings), ("text",))
    step.fit(data)
    return step


def bags(step: BagOfWords, data: Dataset) -> np.ndarray:
    return step.transform(data.batch(np.arange(len(data))))["text"]


def vocabulary(step: BagOfWords) -> tuple[str, ...]:
    return step.output_schema(SCHEMA).columns["text"].values or ()


@pytest.mark.parametrize("ngrams", [(1, 1), (1, 2), (2, 3)])
@pytest.mark.parametrize("analyzer", ["word", "character"])
@pytest.mark.parametrize("lower", [True, False])
def test_tf_idf_agrees_with_scikit_learn(analyzer: str, ngrams: tuple[int, int], lower: bool) -> None:
    texts = sentences(80)
    step = fitted(table(*texts), analyzer=analyzer, ngrams=ngrams, lower=lower, vocabulary_size=10_000)

    reference = TfidfVectorizer(
        analyzer={"word": "word", "character": "char"}[analyzer], ngram_range=ngrams, lowercase=lower, min_df=2
    ).fit(texts)

    assert vocabulary(step) == tuple(reference.get_feature_names_out())
    new = sentences(30, seed=1)
    np.testing.assert_allclose(bags(step, table(*new)), reference.transform(new).toarray(), atol=1e-6)


@pytest.mark.parametrize(("weighting", "binary"), [("counts", False), ("binary", True)])
def test_counts_agree_with_scikit_learn(weighting: str, binary: bool) -> None:
    texts = sentences(80)
    step = fitted(table(*texts), weighting=weighting, min_documents=1)

    reference = CountVectorizer(binary=binary).fit(texts)

    np.testing.assert_array_equal(bags(step, table(*texts)), reference.transform(texts).toarray())


@pytest.mark.parametrize(("weighting", "use_idf", "binary"), [("counts", False, False), ("binary", False, True)])
def test_counts_can_have_length_one(weighting: str, use_idf: bool, binary: bool) -> None:
    texts = sentences(40)
    step = fitted(table(*texts), weighting=weighting, norm="l2", min_documents=1)

    reference = TfidfVectorizer(use_idf=use_idf, binary=binary).fit(texts)

    np.testing.assert_allclose(bags(step, table(*texts)), reference.transform(texts).toarray(), atol=1e-6)


def test_tf_idf_can_do_without_a_norm() -> None:
    texts = sentences(40)
    step = fitted(table(*texts), norm="none", min_documents=1)

    reference = TfidfVectorizer(norm=None).fit(texts)

    np.testing.assert_allclose(bags(step, table(*texts)), reference.transform(texts).toarray(), rtol=1e-6)


def test_the_vocabulary_holds_the_most_widespread_terms_and_ties_go_by_code_point() -> None:
    data = table("bb bb bb bb", "aa cc", "aa cc", "dd ee", "dd ee", "aa")

    assert vocabulary(fitted(data, vocabulary_size=3)) == ("aa", "cc", "dd")
    assert vocabulary(fitted(data, vocabulary_size=10)) == ("aa", "cc", "dd", "ee")
    assert vocabulary(fitted(data, vocabulary_size=10, min_documents=1)) == ("aa", "bb", "cc", "dd", "ee")


def test_chinese_is_cut_into_characters() -> None:
    data = table("很好吃", "好吃不贵", "不好")
    step = fitted(data, analyzer="character", ngrams=(1, 2), weighting="counts")

    assert vocabulary(step) == ("不", "吃", "好", "好吃")
    assert bags(step, data).tolist() == [[0, 1, 1, 1], [1, 1, 1, 1], [1, 0, 1, 0]]


@pytest.mark.parametrize(
    ("texts", "characters"),
    [
        (["很好吃，但是不太便宜", "好吃不贵 下次再来", "不好 free wifi"], True),
        (["とても美味しいです", "不味い"], True),
        (["很 好吃 ， 但是 不 便宜", "好吃 不 贵"], False),
        (["very good 好", "not good", ""], False),
        (["아주 맛있어요 또 올게요", "별로예요"], False),
        (["", "!"], False),
    ],
)
def test_characters_are_taken_by_themselves_where_words_have_no_spaces_between_them(texts, characters) -> None:
    data = table(*texts, None)
    asked = {"analyzer": "character", "ngrams": (1, 2)} if characters else {"analyzer": "word"}
    if not any(text.strip("!") for text in texts):
        with pytest.raises(DataError, match="no term"):
            fitted(data, analyzer="auto")
        return

    found = fitted(data, analyzer="auto", min_documents=1)
    again = BagOfWords(found.config, ("text",))
    again.load_state(State(found.state().arrays, json.loads(json.dumps(found.state().meta))))

    assert vocabulary(found) == vocabulary(fitted(data, **asked, min_documents=1))
    np.testing.assert_array_equal(bags(again, data), bags(found, data))


def test_null_is_an_empty_text_and_an_empty_text_is_all_zeros() -> None:
    step = fitted(table("aa bb", None, "aa", ""))

    assert bags(step, table(None, "", "zz", "aa")).tolist() == [[0.0], [0.0], [0.0], [1.0]]


def test_new_words_change_nothing() -> None:
    step = fitted(table("aa bb", "aa bb"))

    np.testing.assert_array_equal(bags(step, table("aa bb")), bags(step, table("aa zz bb zz yy")))


def test_no_widespread_term_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(DataError, match="`text` occurs in 2 training rows") as caught:
        fitted(table("aa", "bb"))

    assert caught.value.id == "data.vocabulary"
    assert caught.value.note == "2 terms occur in fewer"
    with pytest.raises(DataError):
        fitted(table())


def test_each_column_has_its_own_vocabulary() -> None:
    schema = Schema(dict.fromkeys(("s", "t"), SCHEMA.columns["text"]), dict.fromkeys(("s", "t"), "input"))
    data = Dataset({"s": pa.array(["aa", "aa"]), "t": pa.array(["bb cc", "bb cc"])}, schema)
    step = BagOfWords(BagOfWordsConfig(), ("s", "t"))
    step.fit(data)

    assert {name: feature.values for name, feature in step.output_schema(schema).columns.items()} == {
        "s": ("aa",),
        "t": ("bb", "cc"),
    }


def test_the_schema_agrees_with_what_transform_returns() -> None:
    step = BagOfWords(BagOfWordsConfig(), ("text",))
    before = step.output_schema(SCHEMA).columns["text"]
    data = table(*sentences(50))

    step.fit(data)

    after = step.output_schema(SCHEMA).columns["text"]
    assert (before.kind, before.dtype, before.shape) == ("array", "float32", (None,))
    for rows in (0, 1, 50):
        found = step.transform(data.batch(np.arange(rows)))
        assert found.keys() == {"text", "id"}
        assert (found["text"].shape, str(found["text"].dtype)) == ((rows, *after.shape), after.dtype)


def test_state_comes_back_from_a_file_exactly() -> None:
    data = table(*sentences(50), 'quote " 👩‍👧 \0nul \0nul', 'quote " \0nul')
    step = fitted(data, ngrams=(1, 2))
    state = step.state()
    arrays = safetensors.numpy.load(safetensors.numpy.save(state.arrays))
    again = BagOfWords(step.config, ("text",))

    again.load_state(State(arrays, json.loads(json.dumps(state.meta))))

    np.testing.assert_array_equal(bags(again, data), bags(step, data))
    assert again.output_schema(SCHEMA) == step.output_schema(SCHEMA)


def test_the_size_of_batches_does_not_change_the_state() -> None:
    class OneByOne(Dataset):
        def batches(self, rows: int = 1) -> Iterator[dict]:
            return super().batches(1)

    data = table(*sentences(50))

    found, expected = fitted(OneByOne({"text": data.stored("text")}, SCHEMA)).state(), fitted(data).state()

    assert found.meta == expected.meta
    np.testing.assert_array_equal(found.arrays["weights.text"], expected.arrays["weights.text"])


def test_other_rows_do_not_change_what_was_fitted() -> None:
    texts = sentences(60)
    everything, changed = table(*texts), table(*texts[:40], *["leak " * 9] * 20)

    before, after = (fitted(data.take(np.arange(40))).state() for data in (everything, changed))

    assert after.meta == before.meta
    assert after.arrays["weights.text"].tobytes() == before.arrays["weights.text"].tobytes()


def test_row_by_row_equals_all_at_once_whatever_the_chunks() -> None:
    data = table(*sentences(40), None)
    step = fitted(data, ngrams=(1, 2))
    expected = bags(step, data)

    rows = [step.transform(data.batch(np.array([row])))["text"] for row in range(len(data))]
    stored = data.stored("text")
    chunked = step.transform({"text": pa.chunked_array([stored[:9], stored[9:]]), "id": data.ids})["text"]

    np.testing.assert_array_equal(np.concatenate(rows), expected)
    np.testing.assert_array_equal(chunked, expected)


@pytest.mark.parametrize("analyzer", ["word", "character"])
def test_hostile_texts_do_no_harm(analyzer: str) -> None:
    hostile = [
        "",
        "\0\0",
        "\u202eevil\u202c",
        "👩\u200d👩\u200d👧",
        "ab " * 3_500_000,
        "a\u0301" * 1000,
        "<script>{{7*7}}",
    ]

    found = bags(fitted(table(*hostile), analyzer=analyzer, min_documents=1), table(*hostile))

    assert np.isfinite(found).all()


def test_another_kind_of_column_is_refused() -> None:
    schema = Schema({"age": Feature("number")}, {"age": "input"})

    with pytest.raises(ConfigError, match="bag-of-words reads text, but column `age` is number"):
        BagOfWords(BagOfWordsConfig(), ("age",)).output_schema(schema)


@pytest.mark.parametrize("ngrams", [(0, 1), (2, 1)])
def test_a_range_of_ngrams_begins_at_one(ngrams: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="ngrams is"):
        BagOfWordsConfig(ngrams=ngrams)


def test_the_sms_collection_agrees_with_scikit_learn() -> None:
    root = os.environ.get("SCI_REFERENCE_DATA")
    if not root:
        pytest.skip("SCI_REFERENCE_DATA names no folder, and sms_spam/SMSSpamCollection lies there")
    lines = (pathlib.Path(root) / "sms_spam" / "SMSSpamCollection").read_text(encoding="utf-8").split("\n")
    texts = [line.split("\t", 1)[1] for line in lines if line]
    data = table(*texts)

    step = fitted(data)
    found = bags(step, data)

    assert found.shape == (5574, 2000)
    reference = TfidfVectorizer(vocabulary=list(vocabulary(step))).fit_transform(texts).toarray()
    np.testing.assert_allclose(found, reference, atol=1e-6)

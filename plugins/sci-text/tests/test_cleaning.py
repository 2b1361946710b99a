from __future__ import annotations

import json
import sys
import unicodedata

import numpy as np
import pyarrow as pa
import pytest

from sci.api import ConfigError, Dataset, Feature, MissingDependency, Schema
from sci_text import chinese
from sci_text.cleaning import CleanText
from sci_text.config import CleanTextConfig

TEXT = Feature("text", dtype="string")


def clean(text: str, **settings: object) -> str:
    return CleanText(CleanTextConfig(**settings), ("text",)).clean(text)


def batch(*texts: str | None) -> dict:
    return {"text": pa.array(texts, type=pa.large_string()), "id": np.arange(len(texts))}


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("NFKC", "Ｆｒｅｅ　！ ﬁve m²", "Free ! five m2"),
        ("NFC", "Ａ cafe\u0301", "Ａ café"),
        ("none", "Ａ cafe\u0301", "Ａ cafe\u0301"),
    ],
)
def test_unicode_is_normalized_as_asked(form: str, text: str, expected: str) -> None:
    assert clean(text, unicode=form) == expected


def test_normal_text_is_normalized_as_the_standard_library_does() -> None:
    every = "".join(chr(code) for code in range(0xA0, 0x20000) if not 0xD800 <= code < 0xE000)
    every = " ".join(every[start : start + 20] for start in range(0, len(every), 20))

    found = clean(every, whitespace=False)

    assert found == unicodedata.normalize("NFKC", every)


def test_width_is_folded_and_other_compatible_characters_stay() -> None:
    assert clean("Ｆｒｅｅ　１！ m² ｶﾞ ﬁ", unicode="NFC", width="fold") == "Free 1! m² ガ ﬁ"
    assert clean("Ｆｒｅｅ", unicode="NFC") == "Ｆｒｅｅ"


def test_chinese_is_written_in_one_script() -> None:
    pytest.importorskip("opencc", reason="opencc is not installed; the extra `chinese` of sci-text brings it")
    assert clean("頭髮和发展 abc", chinese="simplified") == "头发和发展 abc"
    assert clean("头发和发展 abc", chinese="traditional") == "頭髮和發展 abc"
    assert clean("頭髮") == "頭髮"


def test_the_absence_of_opencc_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    chinese._converter.cache_clear()
    monkeypatch.setitem(sys.modules, "opencc", None)

    with pytest.raises(MissingDependency, match="`opencc` is not installed") as caught:
        clean("頭髮", chinese="simplified")
    assert caught.value.hint == 'pip install "sci-text[chinese]"'


def test_capitals_are_kept_unless_told_otherwise() -> None:
    assert clean("WINNER ÉÑ Σ") == "WINNER ÉÑ Σ"
    assert clean("WINNER ÉÑ Σ", lower=True) == "winner éñ σ"


@pytest.mark.parametrize(
    ("urls", "expected"),
    [
        ("keep", "see HTTP://a.b/c?d=1. 你好www.x.cn/路,(ftp://q.r/~s)"),
        ("token", "see <url> . 你好 <url> 路,( <url> )"),
        ("remove", "see . 你好 路,( )"),
    ],
)
def test_web_addresses_end_before_punctuation_and_chinese(urls: str, expected: str) -> None:
    assert clean("see HTTP://a.b/c?d=1. 你好www.x.cn/路,(ftp://q.r/~s)", urls=urls) == expected


def test_numbers_become_a_token() -> None:
    assert clean("win £1,500.00 by 21st, call 09061701461!", digits="token") == (
        "win £ <number> by <number> st, call <number> !"
    )
    assert clean("win 1,500", digits="keep") == "win 1,500"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p class='x>y'>Hello <b>w</b>orld<br/>there</P>", "Hello world there"),
        ("<!-- not <b>this</b> -->kept<!DOCTYPE html><?xml version='1.0'?>", "kept"),
        ("a<SCRIPT type=x>if (1<2) {}</script >b<style>p{}</style>c", "a b c"),
        ("T&amp;C&#39;s &pound;5 &#x1F600; &lt;#&gt; &copy", "T&C's £5 😀 <#> ©"),
        ("1 < 2, I <3 you, a<b", "1 < 2, I <3 you, a<b"),
        ("<p title=it's>text</p>", "text"),
        ("never <!-- closed <b>bold</b>", "never <!-- closed bold"),
        ("&#0000000065; &#" + "0" * 6000 + "66; &#" + "9" * 6000 + ";", "A B \N{REPLACEMENT CHARACTER}"),
        ("&#xD800;&#0;", "\N{REPLACEMENT CHARACTER}" * 2),
        ("&amp;lt;", "&lt;"),
    ],
)
def test_markup_is_removed_as_a_browser_would_show_it(text: str, expected: str) -> None:
    assert clean(text, markup="remove") == expected
    assert clean(text, markup="keep", unicode="none") == " ".join(text.split())


def test_controls_go_and_line_ends_become_spaces() -> None:
    assert clean("a\0b\x1b[31m\x7f\x9fc\td\r\ne\x85f", whitespace=False) == "ab[31mc d  e f"


def test_joiners_of_emoji_and_marks_of_direction_stay() -> None:
    text = "👩\u200d👩\u200d👧 \u202eabc\u202c می\u200cخواهم"

    assert clean(text) == text


def test_white_space_is_collapsed_and_stripped_unless_told_otherwise() -> None:
    assert clean("  a \u00a0\u3000\n\n b ") == "a b"
    assert clean("  a   b ", whitespace=False) == "  a   b "


def test_null_stays_null_and_empty_stays_empty() -> None:
    found = CleanText(CleanTextConfig(), ("text",)).transform(batch(None, "", " \n "))

    assert found["text"].to_pylist() == [None, "", ""]
    assert found["text"].type == pa.large_string()


def test_a_batch_is_left_as_it_is_and_other_columns_pass() -> None:
    given = {**batch(" A "), "other": pa.array([" B "], type=pa.large_string())}

    found = CleanText(CleanTextConfig(), ("text", "absent")).transform(given)

    assert given["text"].to_pylist() == [" A "]
    assert found["text"].to_pylist() == ["A"]
    assert found["other"].to_pylist() == [" B "]
    assert "absent" not in found


def test_no_rows_and_several_chunks_work() -> None:
    step = CleanText(CleanTextConfig(), ("text",))
    chunked = pa.chunked_array([pa.array([" a"], pa.large_string()), pa.array(["b ", None], pa.large_string())])

    assert len(step.transform(batch())["text"]) == 0
    assert step.transform({"text": chunked, "id": np.arange(3)})["text"].to_pylist() == ["a", "b", None]


def test_nothing_is_learned() -> None:
    step = CleanText(CleanTextConfig(), ("text",))

    assert not CleanText.fitted()
    assert (step.state().arrays, json.dumps(step.state().meta)) == ({}, "{}")


def test_the_schema_stays_and_other_kinds_are_refused() -> None:
    schema = Schema({"text": TEXT, "age": Feature("number")}, {"text": "input", "age": "input"})

    assert CleanText(CleanTextConfig(), ("text",)).output_schema(schema) == schema
    with pytest.raises(ConfigError, match="clean-text reads text, but column `age` is number") as caught:
        CleanText(CleanTextConfig(), ("text", "age")).output_schema(schema)
    assert caught.value.hint == "columns: [text]"


@pytest.mark.parametrize(
    "unit",
    ["<a", "<!--", "<a b='", "<a =", "<script>", "<script", "</script ", "<?x", "&", "&#", "&a", "<a\"'", "http://",
     "www.", "1.", " \t", "\0", "\u202e", "Σ.", "👨\u200d", "\u0301\u0323", "ﷺ", "x"],
)  # fmt: skip
@pytest.mark.timeout(60)  # quadratic time would be minutes
def test_a_hostile_text_is_cleaned_in_linear_time(unit: str) -> None:
    text = unit * (300_000 // len(unit))

    found = clean(text, urls="token", digits="token", markup="remove", lower=True)

    assert isinstance(pa.array([found], type=pa.large_string())[0].as_py(), str)


def test_a_text_of_ten_megabytes_is_cleaned() -> None:
    data = Dataset(
        {"text": pa.array(["Ａ<b>1</b> " * 1_000_000], pa.large_string())}, Schema({"text": TEXT}, {"text": "input"})
    )

    found = CleanText(CleanTextConfig(markup="remove"), ("text",)).transform(data.batch(np.arange(1)))

    assert found["text"][0].as_py() == "A1 " * 999_999 + "A1"

from __future__ import annotations

import pathlib
import re

import pytest

import sci_report
from sci.api import Verdict
from sci_report.catalogue import LANGUAGES, PLACE, recognize, sentence, sentences
from sci_report.prose import html, markdown, plain
from sci_report.summary import headline, summary
from sci_report.words import Code, Data, Listing, Name, Phrase, Sentence, author, phrase

MADE = r"phrase\(\s*f\"((?:finding|figure)\.[^\"]*)\""
"""Ids that the code puts together."""
PACKAGE = pathlib.Path(sci_report.__file__).parent


def test_both_catalogues_have_the_same_sentences_with_the_same_places():
    english, chinese = map(sentences, LANGUAGES)
    assert list(english) == list(chinese)
    places = {id: (sorted(set(PLACE.findall(english[id]))), sorted(set(PLACE.findall(chinese[id])))) for id in english}
    assert {id: pair for id, pair in places.items() if pair[0] != pair[1]} == {}


def test_chinese_sentences_are_chinese_and_use_its_punctuation():
    same = {"n", "p", "range.short", "results.range", "figure.difference.one", "figure.difference.short"}
    for id, text in sentences("zh-Hans").items():
        bare = re.sub(r"`[^`]*`|\{\w+\}", "", text)
        assert (
            re.search(r"[\u4e00-\u9fff]", bare)
            or id in same
            or id.startswith(("column.", "mistakes.p"))
            or len(bare) < 8
        ), id
        assert not re.search(r"[\u4e00-\u9fff][,;?!]|\d %", bare), id


def test_every_sentence_that_the_code_names_exists():
    source = "".join(path.read_text() for path in [*PACKAGE.glob("*.py"), *PACKAGE.glob("templates/*.j2")])
    named = set(re.findall(r"(?:phrase|\bt)\(\s*\"([a-z][\w.-]*)\"", source))
    named |= set(re.findall(r"\"((?:lead|finding|figure|results|audit)\.[\w.-]+)\"", source))
    assert len(named) > 150
    assert {id for id in named if id not in sentences("en") and not id.endswith(".")} == set()


def test_no_sentence_is_left_over():
    source = "".join(path.read_text() for path in [*PACKAGE.glob("*.py"), *PACKAGE.glob("templates/*.j2")])
    groups = (
        "column",
        "section",
        "kind",
        "role",
        "split",
        "severity",
        "word",
        "mark",
        "lock",
        "verdict",
        "caution",
        "frame",
        "lead",
        "reproduce",
        "comparison",
    )
    templates = {re.sub(r"\{[^}]*\}", r"[\\w.-]+", made.replace(".", r"\.")) for made in re.findall(MADE, source)}
    unused = [
        id
        for id in sentences("en")
        if f'"{id}"' not in source
        and not any(re.fullmatch(template, id) for template in templates)
        # controls speak English, whoever brings them
        and not id.startswith(("fact.level.", "finding.audit.", "finding.control.", "finding.warning."))
        # what intervals and comparisons say of their methods
        and not id.startswith(("part.method.", "part.undefined.", "part.degenerate.", "unit."))
        and id.split(".")[0] not in groups
        and id[-5:] not in (".bare", ".kept", ".unit")
    ]
    assert unused == []


@pytest.mark.parametrize("id", sorted(sentences("en")))
def test_every_sentence_takes_hostile_values_in_both_languages(id):
    values = {name: Data("<b>{n}</b>`|\u202e") for name in PLACE.findall(sentence(id, "en"))}
    shown = str(html(Phrase(id, values)))
    assert "<b>" not in shown.replace("<b></b>", "")
    assert "\u202e" not in shown
    for language in LANGUAGES:
        assert "<b>" not in str(markdown(language)(Phrase(id, values))).replace("\\<b", "")


def test_a_sentence_without_a_translation_is_english_and_marked_as_such():
    shown = str(html(Sentence("A plugin's own finding of `x`.")))
    assert shown == '<span lang="en" class="keep">A plugin&#39;s own finding of <code dir="auto">x</code>.</span>'


@pytest.mark.parametrize("id", [id for id in sentences("en") if id.startswith("finding.")])
def test_findings_that_travelled_as_english_are_recognized(id):
    names = dict.fromkeys(PLACE.findall(sentence(id, "en")))
    said = plain(Phrase(id, {name: f"{index}.5" for index, name in enumerate(names)}), "en")
    found = recognize(said)
    assert found is not None
    assert plain(found, "zh-Hans") == plain(
        Phrase(id, {name: f"{index}.5" for index, name in enumerate(names)}), "zh-Hans"
    )


def test_other_sentences_are_not_taken_for_ours():
    assert recognize("The moon is green") is None
    assert recognize("3 of 5 a are called b; 1 of 2 b are called c") is None
    assert recognize(" of " * 100_000) is None


def test_the_verdict_keeps_the_numbers_of_the_core_in_chinese():
    said = "The model clears its best baseline on f1, by 0.029 (95 % interval 0.003 to 0.057)."
    found = recognize(said, "verdict.")
    assert found is not None
    assert plain(found, "zh-Hans") == "模型的 f1 优于最佳基线，差值为 0.029（95% 置信区间 0.003 至 0.057）。"


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        (
            "With only 12 test rows this is a trial run, not a result. f1 is 0.90. There is no baseline, so this "
            "cannot say whether it is good.",
            "测试样本仅 12 行，这只是试运行，不是结果。f1 为 0.90。没有基线，因此无法判断这是否算好。",
        ),
        (
            "With only 4 test rows of `spam` this is a trial run, not a result. f1 is 0.90. There is no baseline, so this "
            "cannot say whether it is good.",
            "`spam` 的测试样本仅 4 行，这只是试运行，不是结果。f1 为 0.90。没有基线，因此无法判断这是否算好。",
        ),
        (
            "The model does worse than `a-b` on f1, by 0.041 (0.012 to 0.070). Use the baseline. On brier and roc-auc "
            "it does worse.",
            "模型的 f1 不如 `a-b`，相差 0.041（0.012 至 0.070）。请使用基线。在以下指标上更差：brier、roc-auc。",
        ),
        (
            "The model and `a` are not separable on f1 at this size: difference +0.006 (-0.012 to 0.024); 1,116 rows "
            "could show about 0.04.",
            "在此样本量下，模型与 `a` 的 f1 无法区分：差值 +0.006（−0.012 至 0.024）；1,116 行可检出的差值约为 0.04。",
        ),
    ],
)
def test_every_form_of_the_verdict_is_said_in_chinese_with_the_same_numbers(studies, tmp_path, english, chinese):
    study = studies.binary(tmp_path, verdict=Verdict("clears", english, "f1"))
    assert plain(headline(study), "zh-Hans") == chinese


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        (
            "This test set had been opened 3 times before (runs a, b, c). Each look makes the figure more optimistic; "
            "the interval does not account for it.",
            "此前该测试集已被打开过 3 次（runs a, b, c）。每看一次，数字就更乐观一些；区间未计入这一点。",
        ),
        (
            "A check was waived (`audit: {duplicates: warn}`, a.yaml:3): 9 rows occur. These figures may be too good; do "
            "not cite them as generalization. Without them the verdict stands: +0.050 (-0.010 to 0.090).",
            "有一项检查被豁免（`audit: {duplicates: warn}`, a.yaml:3）：9 rows occur. 这些数字可能过于乐观，请勿作为泛化能力"
            "引用。去掉这些行后结论不变：+0.050（−0.010 至 0.090）。",
        ),
    ],
)
def test_what_weakens_a_verdict_is_said_in_chinese(studies, tmp_path, english, chinese):
    verdict = Verdict("clears", "x", "f1", cautions=[english])
    (found,) = summary(studies.binary(tmp_path, verdict=verdict)).cautions
    assert plain(found, "zh-Hans") == chinese


def test_data_is_isolated_cut_and_named_in_full():
    assert str(html(Data("زنبق"))) == '<bdi dir="auto">زنبق</bdi>'
    long = str(html(Data("x" * 700)))
    assert '<span lang="en">+ 100 more</span>' in long
    assert str(html(Name("a" * 40))).startswith(f'<bdi dir="auto" title="{"a" * 40}">')


def test_the_authors_words_come_in_one_language_or_two():
    both = author({"en": "Is it?", "zh": "是吗？"})
    assert both is not None
    assert (plain(both, "en"), plain(both, "zh-Hans")) == ("Is it?", "是吗？")
    one = author("Is it?")
    assert one is not None
    assert str(html(one)) == '<bdi dir="auto">Is it?</bdi>'
    assert author("") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# no heading", "\\# no heading"),
        ("- no list", "\\- no list"),
        ("1. no list", "1\\. no list"),
        ("0.951", "0.951"),
        ("-0.5", "-0.5"),
        ("*a* _b_ [c](d) <e> `f` | g", "\\*a\\* \\_b\\_ \\[c\\](d) \\<e\\> \\`f\\` \\| g"),
        ("https://x.example", "https\\://x.example"),
    ],
)
def test_data_marks_nothing_up_in_markdown(text, expected):
    assert str(markdown("en")(Data(text))) == expected


def test_what_is_typed_stays_literal_in_markdown():
    write = markdown("en")
    assert str(write(Code("a_b"))) == "`a_b`"
    assert str(write(Code("a`b|c"))) == "a\\`b\\|c"
    assert str(write(phrase("verdict.equivalent", baseline="a_b", metric="f1", margin="0.02"))).count("`a_b`") == 1
    assert str(write(Listing(["a", Name("b*")]))) == "a, b\\*"

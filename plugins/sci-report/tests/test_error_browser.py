"""Which rows the error browser lists, what it shows of them, and that it stays small."""

from __future__ import annotations

import io
import json

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image
from sacrebleu.metrics.chrf import CHRF

from sci.api import Feature, Predictions, UnknownName
from sci_report.config import ErrorBrowserConfig
from sci_report.error_browser import ErrorBrowser
from sci_report.inputs import MEDIA
from sci_report.mistakes import confidence, mistakes
from sci_report.prose import plain


def look(study, studies, **settings):
    return ErrorBrowser(ErrorBrowserConfig(**settings)).analyze(study, studies.Run(study.run))


def numbers(study):
    return json.loads((study.run / "figures" / "error-browser.json").read_text())


def named(study, studies, **settings):
    """The study of an experiment that names the analysis."""
    return studies.replace(study, experiment={**study.experiment, "analysis": [{"name": "error-browser", **settings}]})


def wrong_with(studies, folder, column, feature, n=120):
    """A study whose answers are mostly wrong, with one input."""
    study = studies.several(folder, ["a", "b"], n=n, right=0.0)
    evaluation = study.evaluations[0]
    target = evaluation.test.table.column("target").combine_chunks()
    features = {"x": feature, "class": Feature("category", dtype="string")}
    data = studies.rows({"x": column, "class": target}, features, "class")
    return studies.replace(study, schema=data.schema, evaluations=[studies.replace(evaluation, rows=data)])


def test_the_most_confident_mistakes_come_first_with_their_inputs(studies, tmp_path):
    study = studies.binary(tmp_path)
    [finding] = look(study, studies, most=5)
    test = study.evaluations[0].test
    sure, wrong = confidence(test), test.codes("target") != test.codes("label")
    expected = sorted(np.flatnonzero(wrong), key=lambda at: -sure[at])[:5]
    found = numbers(study)["mistakes"]
    assert [one["row"] for one in found] == [int(at) for at in expected]
    assert [one["probability"] for one in found] == [sure[at] for at in expected]
    texts = study.evaluations[0].rows.column("text").to_pylist()
    assert [one["inputs"] for one in found] == [{"text": texts[at]} for at in expected]
    certain = (sure[wrong] >= 0.9).sum()
    assert finding.figures[0].title.startswith(f"{certain} of {wrong.sum()} wrong answers are at least 90")
    assert finding.place == "mistakes"


def test_of_numbers_those_furthest_off_come_first(studies, tmp_path):
    study = studies.regression(tmp_path)
    [finding] = look(study, studies, columns=["town", "area"], most=3)
    test = study.evaluations[0].test
    off = np.abs(np.asarray(test.prediction("value")) - np.asarray(test.target()))
    found = numbers(study)["mistakes"]
    assert [one["row"] for one in found] == np.argsort(-off)[:3].tolist()
    assert list(found[0]["inputs"]) == ["town", "area"]
    assert found[0]["inputs"]["area"].endswith(" m²")
    assert "EUR" in finding.figures[0].title
    assert np.median(off) == pytest.approx(float(finding.figures[0].title.split()[9].replace(",", "")), rel=0.01)


def test_the_section_of_the_report_follows_the_settings(studies, tmp_path):
    study = studies.binary(tmp_path)
    assert len(mistakes(study).first) + len(mistakes(study).rest) <= 20
    few = mistakes(named(study, studies, most=2))
    assert len(few.first) == 2
    assert not few.rest
    regression = studies.regression(tmp_path)
    assert len(mistakes(regression).rest) == 0
    some = mistakes(named(regression, studies, most=15, columns=["town"]))
    assert len(some.first) + len(some.rest) == 15
    assert all(len(example.inputs) == 1 for example in some.rest)


def test_a_series_is_a_small_line_for_each_channel(studies, pages, tmp_path):
    waves = np.sin(np.arange(120 * 40).reshape(120, 40) / 3.0)
    study = named(wrong_with(studies, tmp_path, waves, Feature("series", shape=(40,))), studies)
    example = mistakes(study).first[0]
    [shown] = example.inputs
    points = [tuple(map(float, pair.split(","))) for pair in shown.lines[0].split()]
    assert len(points) == 40
    assert all(0 <= x <= 240 and 0 <= y <= 48 for x, y in points)
    assert pages.text_only(study).source.count("<polyline") >= 6
    two = np.stack([waves, -waves], axis=2)
    [shown] = mistakes(wrong_with(studies, tmp_path, two, Feature("series", shape=(40, 2)))).first[0].inputs
    assert len(shown.lines) == 2


@pytest.mark.parametrize("value", [np.full((120, 40), np.nan), np.zeros((120, 40, 40)), np.zeros((120, 4))])
def test_what_is_no_series_to_draw_is_described(value, studies, tmp_path):
    study = wrong_with(studies, tmp_path, value, Feature("series", shape=value.shape[1:]))
    [shown] = mistakes(study).first[0].inputs
    assert shown.lines == ()


def test_pictures_are_few_and_the_page_stays_small(studies, pages, tmp_path):
    generator = np.random.default_rng(0)

    def picture():
        buffer = io.BytesIO()
        Image.fromarray(generator.integers(0, 256, (300, 300, 3), dtype=np.uint8)).save(buffer, format="PNG")
        return buffer.getvalue()

    column = pa.array([picture()] * 120, pa.large_binary())
    study = named(wrong_with(studies, tmp_path, column, Feature("image", dtype="binary")), studies, most=60)
    page = pages.text_only(study)
    assert page.source.count("<img") == MEDIA
    assert len(page.source) < 3_000_000
    look(study, studies, most=60)
    assert "image" in numbers(study)["mistakes"][0]["inputs"]["x"]
    assert (study.run / "figures" / "error-browser.json").stat().st_size < 100_000


def test_hostile_inputs_stay_text(studies, pages, hostile, tmp_path):
    texts = [hostile[at % len(hostile)].encode("utf-8", "replace").decode() for at in range(120)]
    study = wrong_with(studies, tmp_path, pa.array(texts), Feature("text", dtype="string"))
    found = look(study, studies, most=60)
    page = pages.text_only(named(study, studies, most=60), found)
    assert "<script" not in page.source
    assert not page.unbalanced


def test_a_column_that_is_not_there_is_named(studies, tmp_path):
    with pytest.raises(UnknownName, match="the data have no column `texts`") as caught:
        ErrorBrowserConfig(columns=["texts"]).demand_names(studies.binary(tmp_path).schema, ["f1"])
    assert caught.value.id == "analysis.column"


def test_where_nothing_is_wrong_it_says_so(studies, tmp_path):
    study = studies.binary(tmp_path)
    evaluation = study.evaluations[0]
    right = np.flatnonzero(evaluation.test.codes("target") == evaluation.test.codes("label"))
    part = studies.replace(evaluation, test=evaluation.test.take(right[:2]))
    [finding] = look(studies.replace(study, evaluations=[part]), studies)
    assert finding.text == "None of 2 test rows is answered wrong."


def test_the_words_are_said_in_chinese_too(studies, pages, tmp_path):
    for study in (studies.binary(tmp_path), studies.regression(tmp_path)):
        page = pages.text_only(study, look(study, studies))
        said = page.source.split('id="mistakes"')[1].split("<section>")[0]
        assert "测试样本" in said
        assert 'class="keep"' not in said


def translating(studies, folder, sources, references, answers, **settings):
    """A study whose answers are texts, of an experiment that names the analysis."""
    study = studies.several(folder, ["a", "b"], n=len(sources))
    text = Feature("text", dtype="string")
    columns = {"target": pa.array(references), "prediction.text": pa.array(answers)}
    columns["prediction.score"] = -np.arange(1.0, len(sources) + 1)
    features = dict.fromkeys(columns, text) | {"prediction.score": Feature("number", dtype="float64")}
    data = studies.rows({"en": pa.array(sources), "de": columns["target"]}, {"en": text, "de": text}, "de")
    test = Predictions.of(np.arange(len(sources)), columns, features)
    evaluation = studies.replace(study.evaluations[0], test=test, rows=data)
    return named(studies.replace(study, schema=data.schema, evaluations=[evaluation]), studies, **settings)


PAIRS = [
    ("a dog runs", "ein Hund rennt", "ein Hund rennt"),
    ("a dog runs away", "ein Hund rennt weg", "ein Hund rennt fort"),
    ("two men eat", "zwei Männer essen", "eine Frau"),
    ("nothing", "nichts", ""),
    ("a b", "x y z", "xyz"),
    ("tea", "我喜欢喝茶", "我爱喝茶"),
]


def chrf(answer, reference):
    """Of a sentence, to check against."""
    return CHRF().sentence_score(answer, [reference]).score


def test_of_texts_those_least_like_their_reference_come_first(studies, tmp_path) -> None:
    sources, references, answers = zip(*PAIRS, strict=True)
    study = translating(studies, tmp_path, sources, references, answers, most=3)
    expected = sorted(range(6), key=lambda at: chrf(answers[at], references[at]))[:3]

    [finding] = look(study, studies, most=3)
    shown = mistakes(study)

    assert expected[0] == 3
    found = numbers(study)["mistakes"]
    assert [one["row"] for one in found] == expected
    assert [(one["inputs"]["en"], one["reference"], one["answer"]) for one in found] == [PAIRS[at] for at in expected]
    assert [one["chrf"] for one in found] == [chrf(answers[at], references[at]) for at in expected]
    assert finding.place == "mistakes"
    alike = sorted(100.0 if said == true else chrf(said, true) for said, true in zip(answers, references, strict=True))
    title = f"Half of the answers have a chrF of at least {alike[2]:.1f}, nine in ten of at least {alike[0]:.1f}"
    assert finding.figures[0].title == title
    assert [[plain(one.text, "en") for one in example.inputs] for example in shown.first] == [
        list(PAIRS[at]) for at in expected
    ]
    assert [plain(fact, "en") for fact in shown.first[0].facts] == ["chrF 0.0", "score −4.00"]


def test_an_answer_that_is_the_reference_is_no_mistake(studies, tmp_path) -> None:
    sources, references, _ = zip(*PAIRS, strict=True)
    study = translating(studies, tmp_path, sources, references, references)

    [finding] = look(study, studies)

    assert not mistakes(study).first
    assert not numbers(study)["mistakes"]
    assert finding.figures[0].caption.endswith("6 of 6 are the reference to the letter.")


def test_hostile_translations_stay_text_in_both_languages(studies, pages, hostile, tmp_path) -> None:
    texts = [text.encode("utf-8", "replace").decode() for text in hostile]
    study = translating(studies, tmp_path, texts, [f"{text}." for text in texts], texts[::-1], most=60)

    page = pages.text_only(study, look(study, studies, most=60))

    assert "<script" not in page.source
    assert not page.unbalanced
    said = page.source.split('id="mistakes"')[1].split("<section>")[0]
    assert "按每个答案的 chrF" in said
    assert "半数答案的 chrF 不低于" in said
    assert 'class="keep"' not in said

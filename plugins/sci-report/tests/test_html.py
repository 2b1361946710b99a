from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from sci.api import AuditFinding, Branding, Difference, Evaluation, Feature, Figure, Finding, Schema, Table, Verdict
from sci_report.auditing import audit
from sci_report.brand import brand
from sci_report.calibration import Calibration
from sci_report.config import CalibrationConfig
from sci_report.html import render
from sci_report.learning import LearningCurve
from sci_report.residuals import Residuals
from sci_report.view import PLACES, build

SECTIONS = ["results", "data", "audit", "model", "mistakes", "reproduce", "cite", "environment"]


def well_formed(page):
    """What holds for every page, whatever is in it."""
    assert page.tags.count("h1") == 1
    assert page.tags.count("style") == 1
    assert page.unbalanced == []
    assert len(page.ids) == len(set(page.ids))
    assert not {"script", "iframe", "object", "embed", "link", "base", "form", "foreignobject"} & set(page.tags)
    assert [name for _, name, _ in page.attributes if name.startswith("on")] == []
    assert all(
        value.startswith(("#", "data:image/jpeg;base64,", "data:image/png;base64,"))
        for value in page.values("href", "src", "xlink:href")
    )
    (style,) = re.findall(r"<style>(.*?)</style>", page.source, flags=re.S)
    assert not re.search(r"url\(|@import|https?:|expression", style)
    assert all("url(" not in value or "url(#" in value for value in page.values("style", "clip-path", "fill"))
    anchors = {value[1:] for value in page.values("href") if value.startswith("#")}
    assert anchors <= set(page.ids)
    labels = {id for value in page.values("aria-labelledby") for id in value.split()}
    assert labels <= set(page.ids)
    return page


def findings(study, context):
    analyses = [Calibration(CalibrationConfig(samples=100)), LearningCurve(None), Residuals(None)]
    return [found for analysis in analyses for found in analysis.analyze(study, context)]


def test_the_first_screen_answers_doubts_and_counts(studies, pages, tmp_path):
    study = studies.binary(tmp_path)
    page = well_formed(pages.report(study, studies.Run(study.run)))
    text = page.text[page.text.index("环境") :]
    order = [
        text.index(part)
        for part in (
            "Is this text message spam?",
            "The model clears its best baseline",
            "unseen rows",
            "Read this before citing it",
            "Test rows",
            "Results",
        )
    ]
    assert order == sorted(order)
    assert "+0.035 (−0.002 to 0.073)" in text
    for fact in ("66 spam", "334 ham", "1×", "1 warning", "Level A"):
        assert fact in text


def test_sections_come_in_order_and_those_without_content_are_absent(studies, pages, tmp_path):
    study = studies.binary(tmp_path)
    context = studies.Run(study.run)
    page = pages.report(study, context)
    assert [id for id in page.ids if id in [*SECTIONS, "explanation"]] == SECTIONS
    bare = replace(
        study, experiment={}, history=[], evaluations=[], lock={}, timings={}, splits={}, schema=Schema({}, {})
    )
    shorter = well_formed(pages.report(bare, context))
    assert [id for id in shorter.ids if id in SECTIONS] == ["results", "audit", "reproduce", "cite"]


def test_a_page_forbids_itself_everything(studies, pages, tmp_path):
    study = studies.binary(tmp_path)
    page = pages.report(study, studies.Run(study.run))
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src data:"
    assert ("meta", "content", policy) in page.attributes
    assert len(page.source.encode()) < 300_000


def test_values_intervals_rivals_and_differences_share_their_decimals(studies, pages, tmp_path):
    study = studies.binary(tmp_path)
    scores, rival = study.scores["test"]["f1"], study.baseline_scores["tfidf-logistic"]["f1"]
    gap = study.differences["f1"]["tfidf-logistic"]
    text = pages.report(study, studies.Run(study.run)).text
    for shown in (
        f"{scores.value:.3f}",
        f"{scores.low:.3f}–{scores.high:.3f}",
        f"{rival.value:.3f}",
        f"+{gap.value:.3f}",
    ):
        assert shown in text
    assert "✓ better" in text


def test_the_word_is_the_more_cautious_of_interval_and_test(studies, pages, tmp_path):
    study = studies.binary(tmp_path)
    found = dict(study.differences)
    found["accuracy"] = {"tfidf-logistic": studies.difference(0.007, 0.001, 0.014, p=0.057)}
    found["brier"] = {"tfidf-logistic": studies.difference(-0.012, -0.026, -0.001, p=0.02)}
    text = pages.report(replace(study, differences=found), studies.Run(study.run)).text
    assert "accuracy: the interval leaves out 0 but the test does not (p = 0.057)" in text
    assert "≈ not separable" in text
    assert "✗ worse" in text
    assert "The baseline is ahead on brier" in text


def test_both_languages_are_in_one_file_and_the_setting_opens_one(studies, pages, tmp_path):
    study = studies.binary(tmp_path)
    english = pages.report(study, studies.Run(study.run))
    chinese = well_formed(pages.report(study, studies.Run(study.run), language="zh"))
    for page in (english, chinese):
        assert "这条短信是垃圾短信吗？" in page.text
        assert "Is this text message spam?" in page.text
    assert 'id="le" checked' in english.source
    assert 'id="lz" checked' in chinese.source
    assert chinese.source.startswith('<!doctype html>\n<html lang="zh-Hans">')


def test_the_same_study_gives_the_same_bytes(studies, pages, tmp_path):
    study = studies.binary(tmp_path)
    context = studies.Run(study.run)
    first = pages.report(study, context, findings(study, context)).source
    assert pages.report(study, context, findings(study, context)).source == first


def test_figures_are_drawn_embedded_and_kept_as_files(studies, pages, tmp_path):
    study = studies.binary(tmp_path)
    context = studies.Run(study.run)
    page = well_formed(pages.report(study, context, findings(study, context)))
    for name in ("intervals", "difference", "confusion-matrix", "learning-curve", "calibration"):
        assert (study.run / "figures" / f"{name}.svg").read_text().startswith("<svg xmlns=")
    assert page.tags.count("svg") == 5 + 3
    assert "epoch 5 kept" in page.text


def test_a_regression_says_its_unit_and_shows_its_largest_residuals(studies, pages, tmp_path):
    study = studies.regression(tmp_path)
    context = studies.Run(study.run)
    text = well_formed(pages.report(study, context, findings(study, context))).text
    assert "predicted value, EUR" in text
    assert "The largest residuals on the test rows." in text
    residual = np.asarray(study.evaluations[0].test.prediction("value")) - np.asarray(
        study.evaluations[0].test.target()
    )
    worst = int(np.abs(residual).argmax())
    assert text.index(f"row {worst}") < text.index("off by")
    assert "each look flatters the figure" in text


def test_five_classes_in_chinese_and_arabic(studies, pages, tmp_path):
    study = studies.several(tmp_path, ["setosa", "versicolor", "virginica", "鸢尾花的一种", "زنبق"])
    page = well_formed(pages.report(study, studies.Run(study.run)))
    assert "4  鸢尾花的一种" in page.text
    assert "No baseline ran" in page.text
    assert "pip install sci-statistics" in page.text


def test_a_thousand_classes_become_a_strip_and_a_file(studies, pages, tmp_path):
    study = studies.several(tmp_path, [f"class {at}" for at in range(1000)], n=3000)
    context = studies.Run(study.run)
    page = well_formed(pages.report(study, context))
    assert "Classes without a test row:" in page.text
    assert len((study.run / "figures/classes.csv").read_text().splitlines()) == 1001
    assert len(page.source.encode()) < 500_000


def test_a_class_missing_from_the_test_rows_is_named(studies, pages, tmp_path):
    study = studies.several(tmp_path, ["a", "b", "c"])
    test = study.evaluations[0].test
    keep = np.flatnonzero(test.codes("target") != 2)
    evaluation = replace(study.evaluations[0], test=test.take(keep))
    missing = replace(
        study,
        evaluations=[evaluation],
        scores={"test": {"f1": studies.score(np.nan, n=0)}},
        verdict=Verdict("undefined", "f1 cannot be computed: the test split has no `c`.", "f1"),
    )
    page = well_formed(pages.report(missing, studies.Run(study.run)))
    assert "Classes without a test row: c." in page.text
    assert "f1 cannot be computed: the test split has no c." in page.text
    assert "无法计算" in page.text


def test_two_rows_give_points_without_intervals(studies, pages, tmp_path):
    study = studies.several(tmp_path, ["a", "b"], n=2, right=1.0)
    tiny = replace(
        study,
        scores={"test": {"accuracy": studies.score(1.0, n=2, method="not defined for n = 2")}},
        verdict=Verdict(
            "no-baseline", "With only 2 test rows this is a trial run, not a result.", "accuracy", tiny=True
        ),
    )
    page = well_formed(pages.report(tiny, studies.Run(study.run)))
    assert "no interval is defined" in page.text
    assert "not defined for n = 2" in page.text
    assert "测试样本仅 2 行" in page.text
    assert "None of the 2 test rows is wrong." in page.text


def test_a_constant_answer_and_a_constant_truth_are_said(studies, pages, tmp_path):
    study = studies.binary(tmp_path)
    constant = replace(study, evaluations=study.baselines["majority"])
    assert "gives every test row the same answer, ham" in pages.report(constant, studies.Run(study.run)).text
    flat = studies.regressed(np.full(40, 3.0), np.full(40, 2.5))
    rows = studies.rows({"y": np.full(40, 3.0)}, {"y": Feature("number")}, "y")
    regression = studies.regression(tmp_path, evaluations=[Evaluation("fold", 7, {}, flat, None, rows)])
    context = studies.Run(study.run)
    text = well_formed(pages.report(regression, context, findings(regression, context))).text
    assert "the same answer, 2.50" in text
    assert "All test rows have the same true value" in text


@pytest.mark.parametrize("right", [0.0, 1.0])
def test_all_wrong_and_all_right_have_their_mistakes_section(studies, pages, tmp_path, right):
    study = studies.several(tmp_path, ["a", "b"], n=60, right=1.0)
    if right == 0.0:
        test = study.evaluations[0].test
        swapped = ["a" if label == "b" else "b" for label in test.table.column("target").to_pylist()]
        table = test.table.set_column(1, "target", pa.array(swapped, pa.large_string()))
        study = replace(study, evaluations=[replace(study.evaluations[0], test=replace(test, table=table))])
    text = well_formed(pages.report(study, studies.Run(study.run))).text
    assert ("None of the 60 test rows is wrong" in text) == (right == 1.0)
    assert ("Wrong answers on the test rows: 60 of 60 (100 %)" in text) == (right == 0.0)


def test_a_diverged_history_is_drawn_and_said(studies, pages, tmp_path):
    rows = [{"epoch": e, "step": e, "loss": 0.5 / e if e < 3 else float("nan"), "f1": None} for e in range(1, 5)]
    study = studies.binary(tmp_path, history=rows)
    assert "The loss is not a number from epoch 3 on" in well_formed(pages.report(study, studies.Run(study.run))).text


def test_folds_and_seeds_are_counted_and_no_row_twice(studies, pages, tmp_path):
    study = studies.several(tmp_path, ["a", "b"], n=50)
    one = study.evaluations[0]
    ids = pa.array(one.test.ids + 50)
    other = replace(one, test=replace(one.test, table=one.test.table.set_column(0, "id", ids)))
    children = [replace(fold, fold=name, seed=seed) for name, fold in (("1", one), ("2", other)) for seed in (7, 8)]
    splits = {fold: {"train": 100, "validation": 10, "test": 50} for fold in ("1", "2")}
    page = well_formed(pages.report(replace(study, evaluations=children, splits=splits), studies.Run(study.run)))
    assert "2 folds, 2 seeds" in page.text
    assert "They are those of fold 1 with seed 7." in page.text
    assert "on 100 unseen rows" in page.text


def test_findings_fall_into_the_section_of_their_place(studies, pages, tmp_path):
    study = studies.binary(tmp_path)
    table = Table(["slice", "f1", "n", "ok"], [["short", 0.91234, 40, True], ["long", float("nan"), 3, None]])
    mine = [
        Finding("slices", "explanation", "Long messages may be harder", "Four slices, Holm.", table=table),
        Finding("drift", "data", "Nothing drifts", "AUC 0.51."),
        Finding("odd", "nowhere", "Something else"),
        Finding("parts", "slices", "Short messages are easier"),
        Finding("trust", "calibration", "Sure answers are right"),
    ]
    page = well_formed(pages.report(study, studies.Run(study.run), mine))
    text = page.text[page.text.index("Read this before") :]
    assert text.index("Nothing drifts") < text.index("near-duplicates · ")
    assert text.index("Long messages may be harder") > text.index("Every prediction is in")
    assert text.index("Sure answers are right") < text.index("Short messages are easier") < text.index("Long messages")
    assert [id for id in page.ids if id in ("mistakes", "calibration", "slices", "explanation", "reproduce")] == [
        "mistakes",
        "calibration",
        "slices",
        "explanation",
        "reproduce",
    ]
    assert "Something else" in text
    assert "0.912" in text
    assert '<span lang="en" class="keep">Long messages may be harder</span>' in page.source


def test_the_matrix_that_another_analysis_counted_is_drawn_and_not_shown_twice(studies, pages, tmp_path):
    study = studies.binary(tmp_path)
    theirs = Finding(
        "confusion-matrix", "results", "Counts", "Of fold one.", table=Table(["true", "x"], [["theirs", 331]])
    )
    page = well_formed(pages.report(study, studies.Run(study.run), [theirs]))
    assert page.text.count("of 334 ham are called spam") >= 1
    assert "Of fold one." in page.text
    assert "theirs" not in page.text
    assert page.text.count("Counts of test rows") == 1


@pytest.mark.parametrize(
    ("path", "content", "why"),
    [
        ("figures/none.svg", None, "No such file"),
        ("figures/bad.svg", b"<svg", "it is no XML"),
        ("../../../outside.svg", b"<svg/>", "outside the run directory"),
        ("figures/utf16.svg", "<svg/>".encode("utf-16"), "codec can't decode"),
    ],
)
def test_a_figure_that_cannot_be_shown_is_said_not_hidden(studies, pages, tmp_path, path, content, why):
    study = studies.binary(tmp_path)
    if content is not None:
        (study.run / "figures").mkdir(exist_ok=True)
        (study.run / path).write_bytes(content)
    finding = Finding("x", "results", "A figure", figures=[Figure(path, "A figure")])
    page = well_formed(pages.report(study, studies.Run(study.run), [finding]))
    assert "cannot be shown" in page.text
    assert why in page.text
    assert str(tmp_path) not in page.source


def test_no_path_of_the_machine_is_in_the_page(studies, pages, tmp_path):
    study = studies.binary(tmp_path)
    page = pages.report(study, studies.Run(study.run))
    assert str(tmp_path) not in page.source
    assert "sci compare runs/study/20261123-161020-k3f9 OTHER-RUN" in page.text


def test_only_a_study_with_a_model_says_how_to_predict(studies, pages, tmp_path):
    study = studies.binary(tmp_path)
    several = replace(study, evaluations=[*study.evaluations] * 2)
    refitted = replace(several, experiment={**study.experiment, "study": {"refit": True}})
    said = ["sci predict" in pages.report(one, studies.Run(one.run)).text for one in (study, several, refitted)]
    assert said == [True, False, True]


def poisoned(studies, tmp_path, value):
    """A study in which every text is one string."""
    study = studies.several(tmp_path, [f"{value}0", f"{value}1"], n=40, right=0.5)
    one = study.evaluations[0]
    features = {f"{value}x": Feature("text", dtype="string", unit=value), "class": Feature("category", dtype="string")}
    data = studies.rows(
        {f"{value}x": pa.array([_storable(value)] * 40), "class": pa.array(["a"] * 40)}, features, "class"
    )
    gap = Difference(0.1, 0.05, 0.15, 0.95, 0.01, value, 0.04)
    scores = {"accuracy": replace(study.scores["test"]["accuracy"], method=value, details={"positive": value})}
    return replace(
        study,
        name=value,
        question=value,
        experiment={"model": {"name": value, value: value}, "task": value, "engine": value, "intended_use": value},
        schema=data.schema,
        evaluations=[replace(one, rows=data)],
        baselines={value: [replace(one, rows=data)]},
        scores={"test": scores},
        baseline_scores={value: scores},
        differences={"accuracy": {value: gap}},
        verdict=Verdict("clears", value, "accuracy", value, gap, cautions=[value]),
        audit=[AuditFinding(value, "warning", value, (value,), (1, 2), 2, value)],
        history=[{"epoch": e, "loss": 1 / e, value: 0.5} for e in (1, 2)],
        lock={
            "plugins": [{"distribution": value, "version": value}],
            "data": {value: value},
            "weights": value,
            "seeds": {value: 1},
            "environment": {value: value},
            "determinism": value,
            "citations": [{"kind": "models", "name": value, "cite": value}],
        },
        timings={value: 1.0},
        warnings=[value],
    )


def _storable(value):
    return value.encode("utf-8", "replace").decode()


def _findings(value):
    table = Table([value, "n"], [[value, 1]])
    return [Finding(value, place, value, value, table=table) for place in PLACES]


def skeleton(page):
    """The tags of a page without those that depend on whether a text has letters or fits into one line."""
    return [tag for tag in page.tags if tag not in ("span", "code", "tspan", "bdi")]


def test_hostile_text_is_text_everywhere_and_can_be_read(studies, pages, hostile, tmp_path):
    expected = skeleton(pages.text_only(poisoned(studies, tmp_path, "word"), _findings("word")))
    assert len(hostile) >= 60
    for value in map(_storable, hostile):
        page = well_formed(pages.text_only(poisoned(studies, tmp_path, value), _findings(value)))
        assert skeleton(page) == expected, value
        assert not re.search("[\u202a-\u202e\u2066-\u2069\0\x1b]", page.source)
        if len(value) <= 30 and value.isprintable():
            assert value in page.text


def test_hostile_text_is_text_in_figures(studies, pages, hostile, tmp_path):
    study = poisoned(studies, tmp_path, "word")
    expected = skeleton(pages.report(study, studies.Run(study.run)))
    for value in map(_storable, hostile[::5]):
        study = poisoned(studies, tmp_path, value)
        assert skeleton(well_formed(pages.report(study, studies.Run(study.run)))) == expected, value


def test_a_lone_surrogate_does_not_stop_a_report(studies, pages, tmp_path):
    study = replace(studies.binary(tmp_path), name="a\ud800b", warnings=["x\udfff"])
    assert "a⟨U+D800⟩b" in pages.report(study, studies.Run(study.run)).text


def test_a_row_of_a_megabyte_is_cut(studies, pages, tmp_path):
    study = studies.several(tmp_path, ["a", "b"], n=4, right=0.0)
    data = studies.rows(
        {"x": pa.array(["y" * 1_048_576] * 4), "class": pa.array(["a"] * 4)},
        {"x": Feature("text", dtype="string"), "class": Feature("category", dtype="string")},
        "class",
    )
    large = replace(study, evaluations=[replace(study.evaluations[0], rows=data)], schema=data.schema)
    page = well_formed(pages.report(large, studies.Run(study.run)))
    assert "+ 1,047,976 more" in page.text
    assert len(page.source) < 200_000


def branded(study, view, branding):
    """The page of a view under another branding; figures are not drawn again."""
    return replace(view, brand=brand(branding))


def test_the_page_shows_whose_study_it_is(studies, pages, hostile, tmp_path):
    study = studies.several(tmp_path, ["a", "b"], n=30)
    view = build(study, [], None)
    assert "brand" not in pages.Page(render(view, "en")).values("class")
    for value in [*hostile, "St Mary's"]:
        branding = Branding(value, value, b"\x89PNG", "image/png")
        page = well_formed(pages.Page(render(branded(study, view, branding), "en")))
        assert "data:image/png;base64,iVBORw==" in page.values("src")
    assert page.text.count("St Mary's") == 3  # beside the title, and with the line at the foot


def test_a_logo_of_an_unknown_type_is_left_out(studies, pages, tmp_path):
    study = studies.several(tmp_path, ["a", "b"], n=30)
    view = branded(study, build(study, [], None), Branding("us", "", b"<script>", "text/html"))
    page = pages.Page(render(view, "en"))
    assert "logo" not in page.values("class")
    assert "us" in page.text


def test_markdown_and_card_end_with_whose_study_it_is(studies, pages, hostile, tmp_path):
    study = studies.several(tmp_path, ["a", "b"], n=30)
    written = pages.markdown_only(replace(study, branding=Branding("St Mary", "For internal use.")))
    assert written.endswith("\nSt Mary · For internal use.\n")
    for value in hostile:
        outside = pages.markdown_only(replace(study, branding=Branding(value, value))).splitlines()[-1]
        assert not re.search(r"(?<!\\)<[a-zA-Z/!]", re.sub(r"`[^`\n]*`", "", outside)), value


BIBTEX = "@article{cox1958regression,\n  author = {Cox, D. R.},\n  year = {1958}\n}"


def test_works_stand_once_and_their_bibtex_can_be_copied(studies, pages, tmp_path):
    cited = [{"kind": "models", "name": name, "cite": "Cox (1958), The Regression"} for name in ("logistic", "softmax")]
    study = studies.binary(tmp_path)
    found = replace(study, lock={**study.lock, "citations": cited}, bibtex=BIBTEX + "\n")
    page = pages.text_only(found)
    assert page.text.count("Cox (1958), The Regression") == 2  # in both languages
    assert "logistic, softmax: Cox (1958)" in page.text
    assert BIBTEX in page.text
    assert f"```bibtex\n{BIBTEX}\n```" in pages.markdown_only(found)


def test_a_plugin_says_its_own_sentences_in_both_languages(studies, pages, tmp_path):
    study = studies.binary(tmp_path)
    context = studies.Run(study.run)
    with context.write("figures/own.svg") as file:
        file.write(b'<svg viewBox="0 0 9 9"><path d="M0 0L9 9"/></svg>')
    words = {"en": "Column `a<b` matters most", "zh": "列 `a<b` 最重要"}
    table = Table([{"en": "column", "zh": "列"}, {"en": "drop", "zh": "下降"}], [["a<b", 0.25]])
    figure = Figure("figures/own.svg", words, {"en": "Bars.", "zh": "条形图。"}, table)
    found = [Finding("own", "explanation", {"en": "Whole", "zh": "整体"}, words, [figure])]

    page = well_formed(pages.report(study, context, found))

    for english, chinese in (
        ('Column <code dir="auto">a&lt;b</code> matters most', '列 <code dir="auto">a&lt;b</code> 最重要'),
        ("Bars.", "条形图。"),
        ("Whole", "整体"),
        ("drop", "下降"),
    ):
        assert f'<span lang="en">{english}</span><span lang="zh-Hans">{chinese}</span>' in page.source
    written = pages.markdown(study, context, found, language="zh")
    assert "列 `a<b` 最重要" in written
    assert "条形图。" in written
    assert "matters most" not in written
    assert "Column `a<b` matters most" in pages.markdown(study, context, found)


def test_the_models_of_a_study_are_drawn_and_listed_and_the_holdout_has_its_table(studies, pages, tmp_path):
    study = studies.several(tmp_path, ["a", "b"], n=50)
    metric, one = study.verdict.metric, study.evaluations[0]
    values, score = [0.8, 0.9, 0.7], study.scores["test"][metric]
    children = [
        replace(one, fold=f"fold-{at}", scores={"test": {metric: replace(score, value=value)}})
        for at, value in enumerate(values)
    ]
    mean = replace(score, value=0.8, low=0.7, high=0.9, details={"values": values, "sd": 0.1})
    scores = {"test": {metric: mean}, "holdout": {metric: replace(mean, n=17)}}
    context = studies.Run(study.run)
    page = well_formed(pages.report(replace(study, evaluations=children, scores=scores), context))

    assert "figures/models.svg" in context.written
    assert f"3 models: {metric} 0.80" in page.text
    assert "3 个模型" in page.text
    assert "fold-2" in page.text
    assert "The refitted model on 17 rows held out" in page.text
    assert "17 行留出数据" in page.text


def test_the_audit_shows_test_rows_that_a_warning_is_about(studies, pages, tmp_path):
    found = AuditFinding("twins", "warning", "4 test rows occur twice", ("text",), (5, 9, 17, 400_000), 4)
    passed = AuditFinding("others", "passed", "no test row occurs thrice", ("text",), (5,), 1)
    study = studies.binary(tmp_path, audit=[found, passed])

    shown = {line.check.text: [example.row.values["id"] for example in line.examples] for line in audit(study).lines}

    assert shown == {"twins": ["5", "9", "17"], "others": []}
    texts = study.evaluations[0].rows.column("text").to_pylist()
    page = pages.report(study, studies.Run(study.run))
    section = page.source[page.source.index('id="audit"') :]
    section = section[: section.index("</section>")]
    assert all(texts[row] in section for row in (5, 9, 17))
    assert texts[5] in pages.markdown(study, studies.Run(study.run)).split("## Audit")[1].split("\n## ")[0]


def test_only_what_was_an_error_is_shown_as_waived(studies, tmp_path):
    found = [AuditFinding("a", "warning", "x", waived=True), AuditFinding("b", "warning", "y")]
    study = studies.binary(tmp_path, audit=found, experiment={"audit": {"a": "warn", "b": "warn"}})

    assert [line.severity for line in audit(study).lines] == ["error", "warning"]

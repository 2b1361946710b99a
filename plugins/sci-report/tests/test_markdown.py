from __future__ import annotations

import itertools
import re
from dataclasses import replace

import pytest

from sci_report.config import ReportConfig
from sci_report.markdown import CardReporter


def numbers(text):
    return re.findall(r"[−+]?\d[\d,]*\.\d+", text)


def test_markdown_and_page_show_the_same_numbers(studies, pages, tmp_path):
    study = studies.binary(tmp_path)
    context = studies.Run(study.run)
    written = pages.markdown(study, context)
    table = written[written.index("## Results") : written.index("### The other")]
    page = pages.report(study, context).text
    found = numbers(table)
    assert len(found) > 30
    assert set(found) <= set(numbers(page))


def test_markdown_has_one_title_the_same_sections_and_its_figures(studies, pages, tmp_path):
    study = studies.binary(tmp_path)
    written = pages.markdown(study, studies.Run(study.run))
    assert re.findall(r"^# .*", written, re.M) == [written.splitlines()[0]]
    sections = ["Results", "Data", "Audit", "Model and training", "Mistakes", "Reproduce", "Cite", "Environment"]
    assert re.findall(r"^## (.*)", written, re.M) == sections
    for path in re.findall(r"!\[[^\]]*\]\(([^)]*)\)", written):
        assert (study.run / path).is_file()


def test_every_row_of_a_table_has_as_many_cells_as_its_head(studies, pages, tmp_path, hostile):
    simple = studies.several(tmp_path, ["a", "b"], n=30)
    for value in ["plain", *hostile]:
        study = replace(
            simple, name=value, warnings=[value], timings={value: 1.0}, lock={"environment": {value: value}}
        )
        lines = pages.markdown_only(study).splitlines()
        for above, line in itertools.pairwise(lines):
            if line.startswith("|") and above.startswith("|"):
                assert len(re.findall(r"(?<!\\)\|", line)) == len(re.findall(r"(?<!\\)\|", above)), (value, line)


def test_hostile_text_starts_no_markup(studies, pages, hostile, tmp_path):
    simple = studies.several(tmp_path, ["a", "b"], n=30)
    for value in hostile:
        study = replace(simple, name=value, question=value, warnings=[value], experiment={"model": value})
        written = pages.markdown_only(study)
        outside = re.sub(r"`[^`\n]*`", "", written)
        assert not re.search(r"(?<!\\)<[a-zA-Z/!]", outside), value
        assert not re.search(r"(?<![!\\])\[[^\]]*(?<!\\)\]\(", outside), value


def test_markdown_in_chinese_has_no_english_sentences_of_ours(studies, pages, tmp_path):
    study = studies.binary(tmp_path, audit=[], warnings=[])
    written = pages.markdown(study, studies.Run(study.run), language="zh")
    assert written.startswith("# 模型的 f1 优于最佳基线")
    assert not re.search(
        r"\b(the|and|rows|test)\b",
        re.sub(r"`[^`]*`|^>.*$|sh\n.*?```", "", written, flags=re.M | re.S).replace("majority", ""),
    )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_model_card_says_use_quality_limits_seeds_and_licence(studies, tmp_path, language):
    study = studies.binary(tmp_path)
    assert CardReporter(ReportConfig(language=language)).report(study, [], studies.Run(study.run)) == ["model_card.md"]
    card = (study.run / "model_card.md").read_text()
    f1 = study.scores["test"]["f1"]
    assert f"{f1.value:.3f} [{f1.low:.3f}, {f1.high:.3f}]" in card
    assert "Sorting text messages in English" in card
    assert "majority" in card
    assert "near copies in train" in card
    assert ("Unknown." if language == "en" else "未知。") in card
    assert re.search(r"(Seeds|随机种子)[:：] ?7", card)


def test_a_card_without_intended_use_says_so(studies, tmp_path):
    study = studies.regression(tmp_path)
    CardReporter(ReportConfig()).report(study, [], studies.Run(study.run))
    assert "Not stated. Write it as `intended_use`" in (study.run / "model_card.md").read_text()


def test_the_signature_of_a_figure_stands_in_page_and_markdown(studies, pages, tmp_path):
    signature = "nrefs:var|case:mixed|eff:no|tok:zh|smooth:exp|version:2.6.0"
    scores = {
        "bleu": studies.score(21.4, 20.1, 22.9, signature=signature, sources=1_234),
        "chrf": studies.score(31.4, 30.1, 32.9, signature="nrefs:1|case:mixed"),
    }
    study = studies.several(tmp_path, ["a", "b"], n=30, scores={"test": scores})
    written, page = pages.markdown_only(study), pages.text_only(study).text
    for said in (f"bleu: {signature}, over 1,234 sources.", "chrf: nrefs:1|case:mixed."):
        assert said in page
        assert said in written.replace("`", "").replace("\\|", "|")


def test_only_a_baseline_that_suits_the_target_is_advised(studies, pages, tmp_path):
    classified, measured = studies.several(tmp_path, ["a", "b"], n=30), studies.regression(tmp_path)
    bare = replace(measured, baselines={}, baseline_scores={}, differences={})
    text = replace(classified, schema=replace(classified.schema, slots={}))
    assert "baselines: [majority]" in pages.markdown_only(classified)
    assert "baselines: [mean]" in pages.markdown_only(bare)
    assert "baselines:" not in pages.markdown_only(text)
    assert "No baseline ran, so nothing here can say whether the model is good." in pages.markdown_only(text)

"""The front matter of a card, read by the hub's own parser."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sci_report.config import ReportConfig
from sci_report.markdown import CardReporter

hub = pytest.importorskip("huggingface_hub", reason="huggingface_hub reads the cards")


def card(studies, study):
    CardReporter(ReportConfig()).report(study, [], studies.Run(study.run))
    return hub.ModelCard.load(study.run / "model_card.md", ignore_metadata_errors=False)


def test_the_hub_reads_the_task_and_every_metric_unrounded(studies, tmp_path):
    study = studies.binary(tmp_path)
    found = card(studies, study)
    assert found.data.pipeline_tag == "text-classification"
    assert found.data.library_name == "sci"
    assert found.data.model_name == "sms-spam"
    assert {one.metric_type: one.metric_value for one in found.data.eval_results} == {
        name: score.value for name, score in study.scores["test"].items()
    }
    assert found.text.strip().startswith("# Model card: sms-spam")


def test_what_nobody_stated_is_left_out(studies, tmp_path):
    found = card(studies, studies.regression(tmp_path)).data.to_dict()
    assert set(found) == {"library_name", "tags", "pipeline_tag", "metrics", "model-index"}
    assert found["pipeline_tag"] == "tabular-regression"


def test_a_study_without_a_value_has_no_results(studies, tmp_path):
    study = studies.several(tmp_path, ["a", "b"])
    nothing = replace(study, scores={"test": {"f1": studies.score(float("nan"), n=0)}})
    assert card(studies, nothing).data.eval_results is None


def test_hostile_names_stay_names(studies, tmp_path, hostile):
    simple = studies.several(tmp_path, ["a", "b"], n=30)
    for value in [*hostile, "a\n---\nb", "---", "'\"\\", "- x: y", "&a *a !!python/object"]:
        found = card(studies, replace(simple, name=value, experiment={"model": value, "task": value}))
        assert set(found.data.to_dict()) <= {"library_name", "tags", "pipeline_tag", "metrics", "model-index"}, value
        assert [one.metric_type for one in found.data.eval_results] == ["accuracy"]

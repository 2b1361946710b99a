"""The short report of training that failed."""

from __future__ import annotations

import numpy as np
import pytest

from sci_report import updates
from sci_report.config import ReportConfig
from sci_report.html import HtmlReporter
from sci_report.markdown import MarkdownReporter


@pytest.fixture
def told(studies, pages):
    """The page as a parser sees it, and the Markdown."""

    def tell(failure, language="en"):
        context, config = studies.Run(failure.run), ReportConfig(language=language)
        assert HtmlReporter(config).failed(failure, context) == ["report.html"]
        assert MarkdownReporter(config).failed(failure, context) == ["report.md"]
        page = pages.Page((failure.run / "report.html").read_text(encoding="utf-8"))
        return page, (failure.run / "report.md").read_text(encoding="utf-8")

    return tell


def test_it_says_what_happened_the_rows_what_is_kept_and_how_to_go_on(studies, told, tmp_path):
    page, text = told(studies.failure(tmp_path))
    for wanted in (
        "Training diverged at step 412 (epoch 3): there is no result.",
        "loss became NaN at step 412 (epoch 3); weights of step 400 are kept",
        "Rows: 0, 1, 2, 3.",
        "sci run tumours.yaml --set training.optimizer.learning_rate=0.05",
        "sci resume runs/study/20261123-161020-k3f9",
        "missing",
    ):
        assert wanted in page.text
        assert wanted in text.replace("`", "")
    assert "训练在第 412 步（第 3 轮）发散" in page.text
    assert page.unbalanced == []
    assert page.tags.count("h1") == 1
    assert {"losses", "batch", "go-on", "model"} <= set(page.ids)
    assert (tmp_path / "runs/study/20261123-161020-k3f9/figures/updates.svg").is_file()
    assert (tmp_path / "runs/study/20261123-161020-k3f9/figures/learning-curve.svg").is_file()


def test_nothing_of_it_reads_like_a_result(studies, told, tmp_path):
    page, _ = told(studies.failure(tmp_path))
    assert "no test row was answered by it" in page.text
    assert not {"results", "mistakes", "calibration", "cite"} & set(page.ids)


def test_training_that_ran_out_of_memory_has_no_batch_to_blame(studies, told, tmp_path):
    error = {"id": "train.memory", "message": "a batch of 4 does not fit in memory", "suggestion": "", "exit": 5}
    page, _ = told(
        studies.failure(
            tmp_path, error=error, rows=None, kept=None, history=[], steps=np.zeros(0, np.int64), losses=np.zeros(0)
        )
    )
    assert "Training failed, so there is no result: a batch of 4 does not fit in memory." in page.text
    assert "training.batch_size=2" in page.text
    assert "sci resume" not in page.text
    assert not {"losses", "batch"} & set(page.ids)


def test_a_child_that_failed_is_named_and_what_had_finished_is_counted(studies, told, tmp_path):
    page, _ = told(studies.failure(tmp_path, child="fold-2.seed-7", finished=2, children=5))
    assert "It was the training of fold-2.seed-7; 2 of 5 trainings had finished before" in page.text


def test_hostile_names_are_text(studies, told, tmp_path, hostile):
    for value in hostile:
        failure = studies.failure(
            tmp_path,
            name=value,
            file=value,
            error={"id": "train.x", "message": value, "suggestion": value},
            experiment={"task": value, "question": value, "model": value, "data": {"target": value}},
            steps=np.zeros(0, np.int64),
            losses=np.zeros(0),
            history=[],
        )
        page, _ = told(failure)
        assert not {"script", "iframe", "object", "form", "base"} & set(page.tags), value
        assert not [name for _, name, _ in page.attributes if name.startswith("on")], value
        assert page.unbalanced == [], value


@pytest.mark.parametrize(
    ("losses", "said"),
    [
        ([1.0, 1.1, 0.9, 1.0, 40.0, np.nan], "rose"),
        ([1.0, 1.1, 0.9, 1.0, 0.8, np.nan], "sudden"),
        ([1.0, 1.1, 0.9, 1.0, 0.8, np.inf], "sudden"),
        ([1.0, 1.1, 0.9, 1.0, 0.8, 0.7], "plain"),
        ([-5.0, -5.1, -5.2, 9.0, np.nan], "sudden"),
    ],
)
def test_a_rise_is_claimed_only_where_there_is_one(losses, said):
    assert updates.headline(losses).id == f"finding.updates.{said}"


def test_losses_up_to_the_largest_number_can_be_drawn(studies, told, tmp_path):
    history = [{"epoch": e, "loss": 10.0 ** (100 * e), "validation_loss": 10.0 ** (101 * e)} for e in (1, 2, 3)]
    page, _ = told(studies.failure(tmp_path, history=history, losses=np.array([*np.geomspace(1, 1e307, 10), np.inf])))
    assert "The loss rose from 1.00 to 1.00e307" in page.text
    drawn = (tmp_path / "runs/study/20261123-161020-k3f9/figures/learning-curve.svg").read_text()
    assert ">validation<" in drawn
    assert "10" in drawn

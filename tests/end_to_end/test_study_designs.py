"""Folds, repeats, seeds, holdout and refit, and what their figures are made of."""

from __future__ import annotations

import json
import math
import pathlib
import textwrap
from typing import Any

import numpy as np
import pytest
from scipy import stats

import sci
from sci.api import ConfigError, DataError, TrainingError
from sci.pipeline import children
from sci.pipeline.runner import report, resume

IRIS = """
    format: 1
    name: iris
    seed: 1
    task: classification
    data:
      source: {name: sklearn, dataset: iris}
      target: target
      split: SPLIT
    preprocessing: [standardize]
    model: softmax
    engine: numpy
    training: {optimizer: {name: adam, learning_rate: 0.05}, epochs: 3}
    evaluation: {metrics: [accuracy], baselines: [majority]}
    report: []
    study: STUDY
"""
FOLDS = "{name: k-fold, folds: 3, stratified: true, validation: 0.1}"


@pytest.fixture
def study(tmp_path: pathlib.Path):
    def run(split: str = FOLDS, design: str = "{}", *changes: str) -> Any:
        text = textwrap.dedent(IRIS).replace("SPLIT", split).replace("STUDY", design)
        file = tmp_path / "e.yaml"
        file.write_text(text)
        return sci.run(file, changes, output=tmp_path / "runs")

    return run


def manifests(run) -> dict[str, Any]:
    found = (run.path / "children").glob("*/manifest.json")
    return {path.parent.name: json.loads(path.read_text()) for path in found}


def rows_of(run, child: str) -> set[int]:
    return set(sci.load(run.path / "children" / child).predictions("test").ids.tolist())


def test_repeats_draw_the_split_anew_and_the_interval_has_the_corrected_variance(study):
    run = study(FOLDS, "{repeats: 2}")

    names = [f"repeat-{repeat}.fold-{fold}" for repeat in (1, 2) for fold in (1, 2, 3)]
    assert sorted(manifests(run)) == [f"{name}.seed-1" for name in names]
    assert rows_of(run, "repeat-1.fold-1.seed-1") != rows_of(run, "repeat-2.fold-1.seed-1")
    score = run.metrics["test"]["accuracy"]
    values = np.array(score["values"])
    half = stats.t.ppf(0.975, 5) * math.sqrt((1 / 6 + 50 / 100) * values.var(ddof=1))
    assert score["value"] == pytest.approx(values.mean())
    assert score["sd"] == pytest.approx(values.std(ddof=1))
    assert score["interval"][0] == pytest.approx(values.mean() - half, abs=0.01)
    assert score["method"] == "corrected resampled t over 6 folds"
    assert score["n"] == 150
    assert [one["fold"] for one in run.metrics["children"]] == names
    assert run.metrics["differences"]["accuracy"]["majority"]["method"] == "corrected resampled t over 6 folds"


@pytest.mark.parametrize(("vary", "same_rows", "same_weights"), [
    ("[initialization]", True, True), ("[order]", True, False), ("[split]", False, False),
])  # fmt: skip
def test_another_seed_changes_what_is_varied_and_nothing_else(study, vary, same_rows, same_weights):
    """The weights begin at zero, so that another initialization alone changes nothing."""
    run = study("{name: random, test: 0.3}", f"{{seeds: 2, vary: {vary}}}")

    one, other = (manifests(run)[name] for name in sorted(manifests(run)))
    rows = [rows_of(run, name) for name in sorted(manifests(run))]
    assert (rows[0] == rows[1]) is same_rows
    assert (one["weights"] == other["weights"]) is same_weights


def test_seeds_on_one_split_are_resampled_by_rows_that_all_of_them_answered(study):
    metrics = study("{name: random, test: 0.3}", "{seeds: 3}").metrics

    compared = metrics["differences"]["accuracy"]["majority"]["method"]
    assert compared.startswith("paired bootstrap")
    assert "resamples of whole groups (45)" in compared
    score = metrics["test"]["accuracy"]
    assert len(score["values"]) == 3
    assert score["n"] == 45
    assert "resamples of whole groups (45)" in score["method"]


def test_nested_folds_share_their_test_rows_and_count_as_one_test_set(study):
    run = study("{name: k-fold, folds: 2, stratified: true, inner: 2}")

    names = sorted(manifests(run))
    assert names == [f"fold-{fold}.inner-{inner}.seed-1" for fold in (1, 2) for inner in (1, 2)]
    assert rows_of(run, names[0]) == rows_of(run, names[1])
    assert rows_of(run, names[0]).isdisjoint(rows_of(run, names[2]))
    score = run.metrics["test"]["accuracy"]
    assert score["method"] == "corrected resampled t over 2 folds, means of 2 models"
    assert len(score["values"]) == 4
    assert run.metrics["validation"]["accuracy"]["n"] == 150


def test_of_folds_with_one_row_the_rows_are_pooled(study):
    run = study("leave-one-out", "{folds: 12}")

    score = run.metrics["test"]["accuracy"]
    assert len(manifests(run)) == 12
    assert score["n"] == 12
    assert "over the 12 pooled test rows: the folds are too small for it one by one" in score["method"]


def test_a_holdout_is_seen_by_no_fold_and_opened_once_by_the_refitted_model(study, tmp_path):
    run = study(FOLDS, "{holdout: 0.2, refit: true}")

    held = set(run.predictions("holdout").ids.tolist())
    seen = set().union(*(rows_of(run, name) for name in manifests(run)))
    assert len(held) == 30
    assert held.isdisjoint(seen)
    assert held | seen == set(range(150))
    assert run.metrics["holdout"]["accuracy"]["n"] == 30
    ledger = [json.loads(line) for line in (tmp_path / "runs" / "ledger.jsonl").read_text().splitlines()]
    assert [one["rows"] for one in ledger].count(30) == 1
    assert len(run.pipeline.steps.steps) > 0
    assert run.lock["weights"]["refit"]


def test_a_study_of_several_models_is_refused_a_deployment_and_a_holdout_that_nobody_opens(study):
    with pytest.raises(ConfigError, match="a study of several models has none to deploy") as refused:
        study(FOLDS, "{}", "deploy=[rest]")
    assert refused.value.hint == "study: {refit: true}"
    with pytest.raises(ConfigError, match="needs `refit: true`"):
        study(FOLDS, "{holdout: 0.2}")


def test_repeats_of_a_split_that_draws_nothing_are_refused(study):
    with pytest.raises(ConfigError, match="leave-one-out draws nothing, so that its repeats are all the same"):
        study("leave-one-out", "{repeats: 2}")


def test_a_child_that_fails_does_not_lose_the_others(study, monkeypatch):
    def breaking(child, *arguments):
        if child.directory.name.startswith("fold-2"):
            raise TrainingError("the loss is not finite", id="train.diverged")
        return real(child, *arguments)

    real = children.run_child
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setattr(children, "run_child", breaking)
    run = study(FOLDS, "{parallel: 1}")

    assert run.status == "finished"
    assert len(run.metrics["test"]["accuracy"]["values"]) == 2
    assert run.metrics["children"][-1]["error"]["id"] == "train.diverged"
    assert "study.child-failed" in {one["id"] for one in run.manifest["warnings"]}
    assert "1 of 3 models failed (fold-2.seed-1)" in run.verdict["cautions"][0]
    assert "incomplete" in run.verdict["weakened_by"]

    monkeypatch.setattr(children, "run_child", None)
    assert report(run.path).verdict["cautions"] == run.verdict["cautions"], "a report trains nothing"

    monkeypatch.setattr(children, "run_child", real)
    again = resume(run.path)
    assert len(again.metrics["test"]["accuracy"]["values"]) == 3
    assert "incomplete" not in again.verdict["weakened_by"]
    assert "study.child-failed" not in {one["id"] for one in again.manifest["warnings"]}


def test_when_every_child_fails_the_study_fails_as_the_first_of_them(study, monkeypatch):
    def breaking(*_):
        raise TrainingError("the loss is not finite", id="train.diverged")

    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setattr(children, "run_child", breaking)
    with pytest.raises(TrainingError, match="the loss is not finite"):
        study(FOLDS, "{parallel: 1}")


def test_the_published_splits_of_concrete_give_the_published_error(reference, tmp_path):
    """Linear regression: RMSE 10.3143 with a standard error of 0.1435 over the 20 splits."""
    folder = reference("uci_concrete")
    (tmp_path / "concrete.yaml").write_text(textwrap.dedent(f"""
        format: 1
        name: concrete
        task: regression
        data:
          source:
            name: csv
            path: {folder}/data.txt
            delimiter: whitespace
            columns: [cement, slag, ash, water, plasticizer, coarse, fine, age, strength]
          target: strength
          split:
            name: predefined
            folds: [{{train_index: "{folder}/index_train_*.txt", test_index: "{folder}/index_test_*.txt"}}]
        model: least-squares
        engine: numpy
        evaluation: {{metrics: [rmse], baselines: [mean]}}
        audit: {{duplicates: warn}}
        report: []
    """))  # fmt: skip
    score = sci.run(tmp_path / "concrete.yaml", output=tmp_path / "runs").metrics["test"]["rmse"]

    assert score["value"] == pytest.approx(10.3143, abs=5e-4)
    assert np.std(score["values"]) / math.sqrt(20) == pytest.approx(0.1435, abs=5e-4)
    half = stats.t.ppf(0.975, 19) * math.sqrt(1 / 20 + 103 / 927) * score["sd"]
    assert score["interval"] == pytest.approx([score["value"] - half, score["value"] + half])


def test_validation_rows_that_are_the_test_rows_are_refused_whatever_is_waived(tmp_path):
    rows = "".join(f"{row},{row % 2}\n" for row in range(20))
    (tmp_path / "a.csv").write_text("x,y\n" + rows)
    (tmp_path / "b.csv").write_text("x,y\n" + rows.replace(",", ".5,"))
    (tmp_path / "e.yaml").write_text(
        textwrap.dedent("""
        format: 1
        name: same
        task: classification
        data:
          source: {name: csv, path: a.csv}
          target: y
          columns: {x: {kind: number}, y: {kind: category}}
          split: {name: predefined, files: {train: a.csv, validation: b.csv, test: b.csv}}
        model: logistic
        engine: numpy
        training: {optimizer: sgd, epochs: 1}
        audit: {duplicates: off, id-columns: off}
        report: []
    """)
    )
    with pytest.raises(DataError, match="the validation rows of split are its test rows"):
        sci.run(tmp_path / "e.yaml", output=tmp_path / "runs")

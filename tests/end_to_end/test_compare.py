"""`sci compare` on real runs."""

from __future__ import annotations

import csv
import json
import re

import pytest

STUDY = """
    format: 1
    name: cancer
    seed: 3
    task: {name: classification, positive: malignant}
    data:
      source: {name: sklearn, dataset: breast-cancer}
      target: target
      split: {name: stratified, validation: 0.1, test: 0.3}
    preprocessing: [standardize]
    model: {name: logistic, l2: 1e-3}
    engine: numpy
    training: {optimizer: {name: adam, learning_rate: 0.05}, epochs: 15}
    evaluation: {metrics: [recall, accuracy, roc-auc], baselines: []}
    report: []
"""


@pytest.fixture
def study(lab):
    lab.write("e.yaml", STUDY)

    def ran(*overrides):
        return str(lab.ran("e.yaml", *(f"--set={one}" for one in overrides)).run)

    return ran


def test_a_worse_model_is_told_from_a_better_one(lab, study):
    a, b = study(), study("model.l2=1")

    done = lab.sci("compare", a, b, "--json")

    found = json.loads(done.out)
    assert found["settings"] == [{"setting": "model.l2", "values": ["0.001", "1.0"]}]
    methods = [one["method"].split(",")[0] for one in found["comparisons"]]
    assert methods == ["paired bootstrap", "McNemar", "DeLong"]
    assert [one["metric"] for one in found["comparisons"]] == ["recall", "accuracy", "roc-auc"]
    first = found["comparisons"][0]
    assert first["verdict"] == "separable"
    assert first["interval"][0] > 0
    assert first["p"] <= first["p_holm"] < 0.05
    [counts] = found["agreements"]
    accuracies = [score["value"] for score in found["comparisons"][1]["scores"]]
    assert counts["only_a"] - counts["only_b"] == round((accuracies[0] - accuracies[1]) * found["rows"])
    with (lab.folder / found["directory"] / "disagreements.csv").open() as file:
        assert len(list(csv.DictReader(file))) == found["disagreements"] == counts["only_a"] + counts["only_b"]


def test_equal_models_are_not_separable_and_it_is_said_first(lab, study):
    done = lab.sci("compare", study(), study("report=[]"))

    assert done.code == 0, done.err
    assert done.out.startswith("Not separable at this size: recall of ")
    assert "separable" not in done.out.split("Not separable")[1].replace("not separable", "")


def test_other_test_rows_are_refused_with_what_made_them_differ(lab, study):
    a, b = study(), study("seed=4")

    done = lab.sci("compare", a, b)

    assert done.code == 3
    said = " ".join(done.err.split())
    assert f"{a} and {b} were not tested on the same rows [compare.rows]" in said
    assert "seed 3 (" in said
    assert "| 4" in said


def test_the_same_run_twice_and_one_run_alone_are_refused(lab, study):
    run = study()

    assert (lab.sci("compare", run, "latest").code, lab.sci("compare", run).code) == (2, 2)


def test_three_runs_are_compared_in_pairs(lab, study):
    done = lab.sci("compare", study(), study("model.l2=1"), study("model.l2=0.1"), "--json")

    found = json.loads(done.out)["comparisons"]
    assert len(found) == 9
    assert len({(one["a"], one["b"]) for one in found}) == 3


def test_studies_of_folds_are_compared_over_their_folds(lab, study):
    folds = ("data.split={name: k-fold, folds: 4, validation: 0.1}", "training.epochs=5")

    done = lab.sci("compare", study(*folds), study("model.l2=1", *folds), "--json")

    found = json.loads(done.out)
    assert found["rows"] == 569
    assert {one["method"] for one in found["comparisons"]} == {"corrected resampled t over 4 folds"}


def test_the_report_of_two_runs_says_the_verdict_in_both_languages_and_shows_every_disagreement(lab, study):
    a, b = study("report=[html]"), study("model.l2=1")

    done = lab.sci("report", a, b, "--json")

    assert done.code == 0, done.err
    path = lab.folder / json.loads(done.out)["report"]
    found = json.loads((path.parent / "comparison.json").read_text())
    page = path.read_text(encoding="utf-8")
    assert "的 recall 更好" in page
    assert "is better on recall" in page
    assert page.count("<svg") == 2
    with (path.parent / "disagreements.csv").open() as file:
        assert all(row["id"] in page for row in csv.DictReader(file))
    assert all(one["metric"] in page for one in found["comparisons"])
    assert "model.l2" in page
    assert "<script" not in page


def test_runs_without_a_reporter_of_comparisons_are_told_what_to_add(lab, study):
    done = lab.sci("report", study(), study("model.l2=1"))

    assert done.code == 2
    assert "compare.no-report" in done.err


NUMBERS = """
    format: 1
    name: progress
    seed: 3
    task: regression
    data: {source: {name: sklearn, dataset: diabetes}, target: target}
    preprocessing: [standardize]
    model: least-squares
    engine: numpy
    evaluation: {metrics: [rmse], baselines: []}
    report: [html]
"""

FLOWERS = """
    format: 1
    name: flowers
    seed: 3
    task: classification
    data: {source: {name: sklearn, dataset: iris}, target: target}
    preprocessing: [standardize]
    model: {name: softmax, l2: 1e-4}
    engine: numpy
    training: {optimizer: {name: adam, learning_rate: 0.1}, epochs: 20}
    evaluation: {metrics: [accuracy, f1-macro], baselines: []}
    report: []
"""


@pytest.mark.parametrize(
    ("experiment", "worse", "methods"),
    [
        (NUMBERS, "model={name: least-squares, l2: 30}", ["paired bootstrap"]),
        (FLOWERS, "training.epochs=1", ["McNemar", "paired bootstrap"]),
    ],
    ids=["regression", "three-classes"],
)
def test_numbers_and_many_classes_are_compared_too(lab, experiment, worse, methods):
    lab.write("e.yaml", experiment)
    a, b = str(lab.ran("e.yaml").run), str(lab.ran("e.yaml", f"--set={worse}").run)

    done = lab.sci("compare", a, b, "--json")

    assert done.code == 0, done.err
    found = json.loads(done.out)
    assert [one["method"].split(",")[0] for one in found["comparisons"]] == methods
    values = [score["value"] for score in found["comparisons"][0]["scores"]]
    better = values[0] < values[1] if experiment is NUMBERS else values[0] > values[1]
    assert better
    assert found["comparisons"][0]["difference"] == pytest.approx(abs(values[0] - values[1]))


def test_a_test_set_that_others_opened_is_said(lab, study):
    a, b = study(), study("model.l2=1")
    first = lab.sci("compare", a, b, "--json")
    study("model.l2=0.5")

    second = lab.sci("compare", a, b, "--json")

    said = "This test set was opened by 3 runs"
    assert not any(one.startswith(said) for one in json.loads(first.out)["cautions"])
    assert any(one.startswith(said) for one in json.loads(second.out)["cautions"])


def test_a_run_that_is_not_finished_is_refused(lab, study):
    a, b = study(), study("model.l2=1")
    manifest = lab.folder / b / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"status": "finished"', '"status": "interrupted"'))

    done = lab.sci("compare", a, b)

    assert done.code == 2
    assert "interrupted" in done.err


FOREST = """
    format: 1
    name: forest
    seed: 3
    task: {name: classification, positive: malignant}
    data:
      source: {name: sklearn, dataset: breast-cancer}
      target: target
      split: {name: stratified, validation: 0.1, test: 0.3}
    model: {name: random-forest, trees: 5}
    engine: sklearn
    study: {seeds: 3}
    evaluation: {metrics: [accuracy, log-loss], baselines: []}
    report: [html]
"""


def test_all_seeds_are_compared_and_the_figure_says_whom_a_plus_favors(lab):
    lab.write("e.yaml", FOREST)
    a = str(lab.ran("e.yaml").run)
    b = str(lab.ran("e.yaml", "--set=name=stump", "--set=model={name: random-forest, trees: 5, max_depth: 1}").run)

    done = lab.sci("compare", a, b, "--figure", "--json")

    assert done.code == 0, done.err
    found = json.loads(done.out)
    assert found["cautions"][0].startswith("Compared are means over 3 seeds;")
    for one in found["comparisons"]:
        means = [score["value"] for score in one["scores"]]
        sign = 1 if one["metric"] == "accuracy" else -1
        assert one["difference"] == pytest.approx(sign * (means[0] - means[1]), abs=1e-9)
        assert one["method"].startswith("paired bootstrap")
        assert "whole groups (171)" in one["method"]
    page, *figures = found["files"]
    text = (lab.folder / page).read_text(encoding="utf-8")
    assert "favours forest" in re.sub("<[^>]*>", "", text)
    assert "favours the model" not in text
    assert "比较的是 3 个随机种子的平均" in text
    assert [path.rpartition("/")[2] for path in figures] == ["intervals.svg", "difference.svg"]
    assert all((lab.folder / path).read_text().startswith("<svg") for path in figures)


def test_effects_have_their_scale_where_they_are_defined(lab, study):
    a, b = study("evaluation.metrics=[accuracy, recall, log-loss]"), study("model.l2=1")

    done = lab.sci("compare", a, b, "--json")

    found = {one["metric"]: one["effect"] for one in json.loads(done.out)["comparisons"]}
    [counts] = json.loads(done.out)["agreements"]
    differ = counts["only_a"] + counts["only_b"]
    assert found["accuracy"] == {"value": pytest.approx(counts["only_a"] / differ - 0.5), "scale": "Cohen's g"}
    assert found["log-loss"]["scale"] == "Cohen's d_z"
    assert found["recall"] is None
    assert "effect size        accuracy" in lab.sci("compare", a, b).out

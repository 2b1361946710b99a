"""What cannot be explained is one line among the warnings, and costs no study."""

from __future__ import annotations

import json

import pytest

from sci.api import UnknownName
from sci.pipeline.runner import plugins, report

TREES = {"model": {"name": "decision-tree"}, "engine": "sklearn", "preprocessing": ["one-hot"]}


def warned(kept):
    return {one["id"]: one["message"] for one in kept.warnings()}


@pytest.fixture(scope="module")
def trees(studied, classes):
    analyses = [
        "integrated-gradients",
        {"name": "partial-dependence", "rows": 20, "points": 5},
    ]
    task = {"name": "classification", "positive": "high"}
    evaluation = {"metrics": ["accuracy"], "baselines": []}
    return studied(classes, task=task, evaluation=evaluation, **TREES, analysis=analyses)


def test_each_refusal_says_what_where_and_what_to_do(trees):
    found = warned(trees)
    assert "integrated-gradients was left out: the model has no derivative" in found["engine.gradient"]
    assert "permutation importance" in found["engine.gradient"]


@pytest.mark.parametrize(
    ("analysis", "id", "said"),
    [
        ({"name": "occlusion", "columns": ["planted", "idel"]}, "explain.columns", "`idel` is no input of the model"),
        ({"name": "shap", "columns": ["y"]}, "explain.columns", "`y` is no input of the model"),
        ({"name": "partial-dependence", "columns": ["idel"]}, "explain.columns", "did you mean `idle`"),
        ({"name": "permutation-importance", "columns": ["idel"]}, "explain.columns", "did you mean `idle`"),
        ({"name": "shap", "output": "middle"}, "analysis.class", "the target has no class `middle`"),
        ({"name": "permutation-importance", "metric": "acuracy"}, "explain.metric", "did you mean `accuracy`"),
    ],
)
def test_names_that_are_not_there_end_a_study_before_it_trains(studied, classes, analysis, id, said):
    evaluation = {"metrics": ["accuracy"], "baselines": []}
    with pytest.raises(UnknownName) as caught:
        studied(classes, task={"name": "classification"}, evaluation=evaluation, **TREES, analysis=[analysis])
    assert caught.value.id == id
    assert said in caught.value.message


def test_trees_are_explained_by_what_only_asks_for_answers(trees):
    assert trees.numbers("partial-dependence")["columns"][0]["column"] == "planted"


def test_more_columns_than_coalitions_can_tell_apart_are_refused(studied, table):
    kept = studied(table, preprocessing=["one-hot"], analysis=[{"name": "shap", "samples": 32, "columns": None}])
    assert warned(kept) == {}
    many = {**table, **{f"x{at}": table["idle"] + at for at in range(8)}}
    kept = studied(many, preprocessing=["one-hot"], analysis=[{"name": "shap", "samples": 32}])
    assert warned(kept)["explain.players"].endswith("columns: [...], or samples: 52")


def test_a_study_of_several_folds_says_which_model_is_explained(studied, table):
    split = {"name": "k-fold", "folds": 3}
    data = {"source": {"name": "csv", "path": "rows.csv"}, "target": "y", "split": split}
    analysis = [{"name": "permutation-importance", "repeats": 2, "samples": 100}]
    kept = studied(table, data=data, preprocessing=["one-hot"], analysis=analysis, report=["markdown"])
    assert kept.numbers("permutation-importance")["columns"][0]["name"] == "planted"
    first = kept.study.evaluations[0]
    written = (kept.folder / "report.md").read_text("utf-8")
    assert f"Of 3 models the first is explained: fold `{first.fold}`, seed 7." in written


def test_explanations_are_made_anew_from_the_stored_model(linear):
    before = {path: path.read_bytes() for path in (linear.folder / "explanations").glob("*.json")}
    assert len(before) == 5
    for path in before:
        path.write_text("{}")
    report(linear.folder, system=plugins())
    for path, content in before.items():
        assert json.loads(path.read_bytes()) == json.loads(content)


def test_a_child_that_was_trained_before_is_read_back(studied, table):
    split = {"name": "k-fold", "folds": 2}
    data = {"source": {"name": "csv", "path": "rows.csv"}, "target": "y", "split": split}
    kept = studied(table, data=data, preprocessing=["one-hot"], analysis=[{"name": "occlusion", "rows": 3}])
    before = kept.numbers("occlusion")
    (kept.folder / "explanations/occlusion.json").unlink()
    report(kept.folder, system=plugins())
    assert kept.numbers("occlusion") == before

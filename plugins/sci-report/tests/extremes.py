"""Studies at the edge of what a report can be asked to show; each has its name in `EXTREMES`."""

from __future__ import annotations

import json
import pathlib
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import csv

from sci.api import AuditFinding, Difference, Evaluation, Feature, Study, Verdict
from sci.pipeline.runner import run

studies = sys.modules["sci_report_tests_studies"]
Made = Callable[[pathlib.Path], Study]


def one_class(folder: pathlib.Path) -> Study:
    return studies.several(folder, ["only"], right=1.0)


def hundred_classes(folder: pathlib.Path) -> Study:
    return studies.several(folder, [f"class {number:03}" for number in range(100)], n=900)


def two_rows(folder: pathlib.Path) -> Study:
    verdict = Verdict("no-baseline", "", "accuracy", tiny=True)
    bare = {"test": {"accuracy": studies.score(0.5, n=2, method="not defined for n = 2")}}
    return studies.several(folder, ["a", "b"], n=2, scores=bare, verdict=verdict)


def many_columns(folder: pathlib.Path) -> Study:
    study = studies.several(folder, ["a", "b"], n=40)
    generator = np.random.default_rng(4)
    labels = study.evaluations[0].rows.stored("class")
    features = {f"measurement_{number}": Feature("number", dtype="float64", unit="mg/l") for number in range(300)}
    columns = {name: generator.normal(size=40) for name in features}
    label = Feature("category", dtype="string")
    data = studies.rows({**columns, "class": labels}, {**features, "class": label}, "class")
    return replace(study, schema=data.schema, evaluations=[replace(study.evaluations[0], rows=data)])


def long_names(folder: pathlib.Path) -> Study:
    classes = ["x" * 90, "y" * 90, "ein sehr langer Name mit vielen Wörtern " * 4]
    return studies.several(folder, classes, name="n" * 300, question="q" * 700, experiment={"model": "m" * 200})


def folds_and_seeds(folder: pathlib.Path) -> Study:
    study = studies.binary(folder, 120)
    whole = study.evaluations[0]
    children = [
        Evaluation(f"fold-{fold}", seed, {}, whole.test, whole.validation, whole.rows)
        for fold in range(10)
        for seed in (7, 8, 9)
    ]
    values = [0.9 + 0.002 * number for number in range(30)]
    f1 = replace(study.scores["test"]["f1"], details={"values": values, "sd": 0.02, "positive": "spam"})
    return replace(
        study,
        evaluations=children,
        splits={f"fold-{fold}": {"train": 360, "validation": 36, "test": 40} for fold in range(10)},
        scores={"test": {**study.scores["test"], "f1": f1}},
        lock={"weights": {f"fold-{fold}.seed-7": "ab" * 32 for fold in range(10)}},
    )


def scripts_of_the_world(folder: pathlib.Path) -> Study:
    classes = ["زنبق أبيض", "שושן", "鸢尾花", "🌷🌹", "e\u0301\u0301"]
    return studies.several(
        folder, classes, name="تجربة 🌷", question="أي زهرة هذه؟ איזה פרח 🌷?", experiment={"model": "نموذج"}
    )


def undefined(folder: pathlib.Path) -> Study:
    study = studies.binary(folder, 60)
    nothing = studies.score(np.nan, n=0, method="not defined for these rows")
    verdict = Verdict("undefined", "f1 cannot be computed: the test split has no `spam`.", "f1", "tfidf-logistic")
    rivals = {
        name: {"f1": nothing, **{m: s for m, s in found.items() if m != "f1"}}
        for name, found in study.baseline_scores.items()
    }
    none = Difference(np.nan, np.nan, np.nan, 0.95, np.nan, "not defined", np.nan)
    paired = {**study.differences, "f1": dict.fromkeys(rivals, none)}
    return replace(
        study,
        scores={"test": {**study.scores["test"], "f1": nothing}},
        baseline_scores=rivals,
        differences=paired,
        verdict=verdict,
    )


def failed_audits(folder: pathlib.Path) -> Study:
    study = studies.binary(folder, 80)
    findings = [
        AuditFinding(
            f"check-{number}",
            "warning",
            f"214 test rows occur in train ({number})",
            ("text",),
            tuple(range(200)),
            214,
            "split: {group_by: text}",
        )
        for number in range(12)
    ]
    experiment = {**study.experiment, "audit": {"check-0": "warn", "check-1": "warn"}}
    cautions = ["A check was waived (`audit: {duplicates: warn}`, spam.yaml:31): 214 test rows occur in train."] * 3
    return replace(
        study, audit=findings, experiment=experiment, verdict=replace(study.verdict, cautions=cautions), openings=9
    )


def hostile(folder: pathlib.Path, strings: list[str]) -> Study:
    """Every string as a column, a warning, a setting, a class or a text, each of the other places at least once."""
    study = studies.several(folder, strings[:8], n=60)
    texts = pa.array([strings[at % len(strings)].replace("\ud800", "?") for at in range(60)])
    labels = study.evaluations[0].rows.stored("class")
    text = Feature("text", dtype="string")
    columns = {name.replace("\ud800", "?"): text for name in strings[:30]}
    data = studies.rows(
        {**dict.fromkeys(columns, texts), "class": labels},
        {**columns, "class": Feature("category", dtype="string")},
        "class",
    )
    return replace(
        study,
        name=strings[0],
        question=strings[5],
        schema=data.schema,
        evaluations=[replace(study.evaluations[0], rows=data)],
        experiment={"model": strings[8], "task": strings[9], "settings": dict.fromkeys(strings, "x")},
        warnings=list(strings),
        audit=[AuditFinding(one, "warning", one, (one,), (), 1, one) for one in strings],
        lock={
            "environment": {one: one for one in strings},
            "citations": [{"kind": one, "name": one, "cite": one} for one in strings],
        },
        bibtex="\n".join(strings),
        timings=dict.fromkeys(strings, 1.0),
    )


EXTREMES: Mapping[str, Made] = {
    "binary": lambda folder: studies.binary(folder),
    "regression": lambda folder: studies.regression(folder),
    "one-class": one_class,
    "hundred-classes": hundred_classes,
    "two-rows": two_rows,
    "many-columns": many_columns,
    "long-names": long_names,
    "folds-and-seeds": folds_and_seeds,
    "scripts-of-the-world": scripts_of_the_world,
    "undefined": undefined,
    "failed-audits": failed_audits,
}
"""Those with no baseline are one-class to long-names, and scripts-of-the-world."""


ANALYSES = [
    "confusion-matrix",
    "learning-curve",
    "roc-curve",
    "precision-recall",
    "calibration",
    "conformal-coverage",
    "selective-prediction",
    {"name": "threshold-cost", "false_negative": 5},
    {"name": "slices", "columns": ["ward", "kind", "age"]},
    {"name": "error-browser", "columns": ["age", "a_marker_with_a_rather_long_name", "kind"]},
    {"name": "permutation-importance", "repeats": 2, "samples": 100},
    {"name": "shap", "rows": 10, "samples": 64},
    {"name": "occlusion", "rows": 10},
    {"name": "integrated-gradients", "rows": 10, "points": 8},
    {"name": "partial-dependence", "rows": 40, "points": 8},
]
"""Every analysis that a table of two classes can have."""


def everything(folder: pathlib.Path) -> pathlib.Path:
    """The page of a run with every analysis and control."""
    draw = np.random.default_rng(11)
    n = 400
    columns: dict[str, Any] = {
        "age": draw.integers(18, 91, n),
        "a_marker_with_a_rather_long_name": draw.normal(5, 2, n).round(3),
        "idle": draw.normal(size=n).round(3),
        "kind": draw.choice(["inpatient", "outpatient", "emergency admission"], n),
        "ward": draw.choice(["north", "south", "intensive care"], n),
    }
    high = (
        0.04 * (columns["age"] - 55) + 0.8 * (columns["a_marker_with_a_rather_long_name"] - 5) + draw.logistic(size=n)
    )
    columns["y"] = np.where(high > 0.5, "ill", "well")
    csv.write_csv(pa.table(columns), folder / "rows.csv")
    experiment = {
        "format": 1,
        "name": "everything",
        "question": "Which patients are ill?",
        "seed": 7,
        "task": {"name": "classification", "positive": "ill"},
        "data": {
            "source": {"name": "csv", "path": "rows.csv"},
            "target": "y",
            "context": ["ward"],
            "columns": {"age": {"unit": "year"}},
            "split": {"name": "stratified", "validation": 0.25, "test": 0.4},
        },
        "preprocessing": ["one-hot", "standardize"],
        "model": "logistic",
        "engine": "numpy",
        "training": {"optimizer": {"name": "adam", "learning_rate": 0.05}, "epochs": 6},
        "calibration": [{"name": "conformal", "coverage": 0.8}],
        "evaluation": {
            "metrics": ["roc-auc", "accuracy", "brier"],
            "baselines": ["majority"],
            "controls": [{"name": "label-shuffle", "shuffles": 5}, "training-size"],
        },
        "analysis": ANALYSES,
        "report": ["html"],
    }
    (folder / "experiment.yaml").write_text(json.dumps(experiment), encoding="utf-8")
    page = run(folder / "experiment.yaml", output=folder / "runs").report
    assert page is not None
    return page


def compared() -> dict[str, Any]:
    """The document of a comparison of two runs, one of them with a hostile name."""

    def one(metric: str, value: float) -> dict[str, Any]:
        kept = {
            "value": value,
            "interval": [value - 0.02, value + 0.02],
            "n": 1116,
            "confidence": 0.95,
            "method": "BCa bootstrap",
            "higher_is_better": True,
        }
        return {
            "metric": metric, "a": "bert-a", "b": "<b>textcnn</b>", "difference": 0.006, "interval": [-0.012, 0.024], "p": 0.31, "p_holm": 0.62,
            "confidence": 0.95, "detectable": 0.04, "effect": {"value": 0.06, "scale": "Cohen's d_z"}, "method": "paired bootstrap", "verdict": "not separable", "scores": [kept, {**kept, "value": value - 0.006}],
        }  # fmt: skip

    return {
        "runs": [{"label": "bert-a"}, {"label": "<b>textcnn</b>"}],
        "metric": "f1",
        "sentences": ["Not separable at this size: f1 of bert-a is higher by 0.006."],
        "agreed": ["Only bert-a right: 7 rows. Only <b>textcnn</b> right: 5. Both wrong: 9."],
        "cautions": ["One seed each: this cannot say how much another would move the difference."],
        "comparisons": [one("f1", 0.951), one("accuracy", 0.987)],
        "settings": [{"setting": "model.name", "values": ["bert", "textcnn"]}],
    }

"""Studies at the edge of what a report can be asked to show; each has its name in `EXTREMES`."""

from __future__ import annotations

import pathlib
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from sci.api import AuditFinding, Difference, Evaluation, Feature, Study, Verdict

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
            "confidence": 0.95, "detectable": 0.04, "method": "paired bootstrap", "verdict": "not separable", "scores": [kept, {**kept, "value": value - 0.006}],
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

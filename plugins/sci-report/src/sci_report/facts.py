"""What a report asks of a study, in one place: names, counts, classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from sci.api import AuditFinding, Difference, Evaluation, Predictions, Score, Study
from sci.api.numbers import row_decimals

SEVERITIES = ("error", "warning", "note", "passed")
"""The gravest first."""


def named(component: Any) -> tuple[str, dict[str, Any]]:
    """Name and settings of a component as an experiment writes it: a name, or a mapping with `name`."""
    if isinstance(component, Mapping):
        return str(component.get("name", "")), {key: value for key, value in component.items() if key != "name"}
    return ("" if component is None else str(component)), {}


def settings(study: Study, section: str, name: str) -> dict[str, Any] | None:
    """Settings of the component of this name in a list of the experiment; None where it is not there."""
    found = (named(component) for component in study.experiment.get(section) or ())
    return next((given for known, given in found if known == name), None)


def model_name(study: Study) -> str:
    """The name of the model, as in the experiment."""
    return named(study.experiment.get("model"))[0] or "model"


def task_name(study: Study) -> str:
    """The name of the task, as in the experiment."""
    return named(study.experiment.get("task"))[0]


def test_scores(study: Study) -> Mapping[str, Score]:
    """Scores on the test rows, the metric of the verdict first."""
    scores = dict(study.scores.get("test", {}))
    first = study.verdict.metric
    return ({first: scores.pop(first)} if first in scores else {}) | scores


def digits(study: Study, metric: str) -> int:
    """The decimals of a metric's row: value, intervals, rivals and the paired difference have the same everywhere."""
    scores = [test_scores(study)[metric]]
    scores += [rival[metric] for rival in study.baseline_scores.values() if metric in rival]
    names = baselines(study)
    paired = study.differences.get(metric, {}).get(names[0]) if names else None
    ranges: list[Score | Difference] = [*scores, *([paired] if paired else [])]
    return row_decimals([score.value for score in scores], [found.high - found.low for found in ranges])


def baselines(study: Study) -> list[str]:
    """Names of the baselines, the one of the verdict first."""
    names = list(study.baseline_scores)
    best = study.verdict.baseline
    return sorted(names, key=lambda name: name != best) if best in names else names


def test_rows(study: Study) -> int:
    """Different test rows, over all folds."""
    return sum(len(evaluation.test) for evaluation in once(study.evaluations))


def held_out(study: Study) -> int:
    """Rows that no fold saw."""
    return max((score.n for score in study.scores.get("holdout", {}).values()), default=0)


def once(evaluations: Sequence[Evaluation]) -> list[Evaluation]:
    """The evaluations with each test row in one of them only, the first that has it: no row counts twice, however many
    seeds and repeats answered it."""
    found: list[Evaluation] = []
    firsts = Predictions.first_answers([evaluation.test for evaluation in evaluations])
    for evaluation, new in zip(evaluations, firsts, strict=True):
        if len(new) == len(evaluation.test):
            found.append(evaluation)
        elif len(new) and len(evaluation.rows) == len(evaluation.test):
            kept = replace(evaluation, test=evaluation.test.take(new), rows=evaluation.rows.take(new))
            found.append(kept)
    return found


def tested(study: Study) -> Predictions | None:
    """The test rows of every fold, each once; None where there is none, or where rows and answers are no pairs."""
    tests = [evaluation.test for evaluation in once(study.evaluations)]
    return Predictions.pool(tests) if sum(map(len, tests)) and tests[0].paired else None


def seeds(study: Study) -> int:
    """Different seeds over all children."""
    return len({evaluation.seed for evaluation in study.evaluations})


def classifies(predictions: Predictions) -> bool:
    """Whether these are the answers of a classification."""
    return bool(predictions.info.get("classes")) and predictions.has("label") and _has_target(predictions)


def regresses(predictions: Predictions) -> bool:
    """Whether these are the answers of a regression with one number a row."""
    return predictions.has("value") and _has_target(predictions) and np.ndim(predictions.prediction("value")) == 1


def writes(predictions: Predictions) -> bool:
    """Whether these are texts, as a translation has them."""
    return predictions.has("text") and _has_target(predictions)


def _has_target(predictions: Predictions) -> bool:
    return "target" in predictions.table.column_names


def classes(study: Study) -> list[str]:
    """Names of the classes; empty where the study does not classify."""
    if not study.evaluations or not classifies(study.evaluations[0].test):
        return []
    return [str(name) for name in study.evaluations[0].test.info["classes"]]


def confusions(study: Study) -> np.ndarray:
    """How many rows of each true class (first axis) got each answer, int64 [classes, classes], one seed, all folds."""
    k = len(classes(study))
    counts = np.zeros((k, k), dtype=np.int64)
    for evaluation in once(study.evaluations):
        counts += pairs(evaluation.test, k)
    return counts


def pairs(predictions: Predictions, k: int) -> np.ndarray:
    """The same for one set of predictions; rows whose truth or answer is no class are left out."""
    true, said = predictions.codes("target"), predictions.codes("label")
    known = (true >= 0) & (said >= 0)
    return np.bincount(true[known] * k + said[known], minlength=k * k).reshape(k, k)


def class_counts(parts: Sequence[Predictions | None], k: int) -> np.ndarray:
    """True rows of each class, int64 [k]."""
    counts = np.zeros(k, dtype=np.int64)
    for predictions in parts:
        if predictions is not None:
            codes = predictions.codes("target")
            counts += np.bincount(codes[codes >= 0], minlength=k)
    return counts


def absent_classes(study: Study) -> list[str]:
    """Classes without a test row."""
    names = classes(study)
    if not names:
        return []
    counts = class_counts([evaluation.test for evaluation in once(study.evaluations)], len(names))
    return [name for name, n in zip(names, counts, strict=True) if n == 0] if counts.sum() else []


def only_answer(study: Study) -> str | float | None:
    """The answer when the model gives every test row the same one."""
    tests = [evaluation.test for evaluation in study.evaluations]
    if sum(map(len, tests)) < 2:
        return None
    if all(map(classifies, tests)):
        labels = {label for test in tests for label in test.table.column("prediction.label").unique().to_pylist()}
        return str(labels.pop()) if len(labels) == 1 else None
    if all(map(regresses, tests)):
        values = np.concatenate([np.asarray(test.prediction("value")) for test in tests])
        return float(values[0]) if np.ptp(values) == 0 else None
    return None


def only_target(study: Study) -> bool:
    """Whether a regression's test rows all have the same true value."""
    tests = [evaluation.test for evaluation in study.evaluations]
    if not tests or not all(map(regresses, tests)) or sum(map(len, tests)) < 2:
        return False
    return bool(np.ptp(np.concatenate([np.asarray(test.target()) for test in tests])) == 0)


def unit(study: Study) -> str:
    """Unit of the target, empty where none is known."""
    slots = study.schema.slots
    column = study.schema.columns.get(slots.get("target", ""))
    return (column.unit or "") if column else ""


def severity(finding: AuditFinding) -> str:
    """The severity of a finding; one that the experiment waived is the error that it was."""
    known = finding.severity if finding.severity in SEVERITIES else "note"
    return "error" if finding.waived else known


def level(study: Study) -> str:
    """The level of reproducibility that the lock states: A, B, C, or empty."""
    stated = study.lock.get("determinism")
    return str((stated.get("level") if isinstance(stated, Mapping) else stated) or "")


def positive(score: Score) -> str:
    """The positive class that a score is about, empty where it is about none."""
    return str(score.details.get("positive") or "")

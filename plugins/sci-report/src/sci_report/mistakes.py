"""The section on mistakes: the most confident wrong answers, or the largest residuals, with their inputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sci.api import Evaluation, Predictions, Study
from sci.api.numbers import UNDEFINED, count, fixed, percent, significant
from sci_report import facts
from sci_report.inputs import Example, Shown, inputs
from sci_report.words import Name, Text, phrase

FIRST = 6
MOST = 20


@dataclass(frozen=True)
class Mistakes:
    """The section's content."""

    text: Sequence[Text]
    first: Sequence[Example]
    rest: Sequence[Example]


def mistakes(study: Study) -> Mistakes | None:
    """From the first child; None where the task is neither classification nor regression."""
    if not study.evaluations or len(study.evaluations[0].test) == 0:
        return None
    evaluation = study.evaluations[0]
    found = None
    if facts.classifies(evaluation.test):
        found = _classified(study, evaluation)
    elif facts.regresses(evaluation.test):
        found = _regressed(study, evaluation)
    if found and len(study.evaluations) > 1:
        child = phrase("mistakes.child", fold=Name(evaluation.fold), seed=str(evaluation.seed))
        return Mistakes([*found.text, child], found.first, found.rest)
    return found


def _classified(study: Study, evaluation: Evaluation) -> Mistakes:
    test = evaluation.test
    names = [str(name) for name in test.info["classes"]]
    true, said = test.codes("target"), test.codes("label")
    sure = _confidence(test, said)
    wrong = np.flatnonzero(true != said)
    text: list[Text]
    if len(wrong):
        # Without probabilities the rows keep their order.
        order = wrong[np.argsort(-sure[wrong], kind="stable")] if sure is not None else wrong
        share = percent(len(wrong), len(test))
        text = [phrase("mistakes.wrong", count=count(len(wrong)), n=count(len(test)), share=share)]
        text += [phrase("mistakes.order")] if sure is not None else []
    else:
        order = np.argsort(sure, kind="stable") if sure is not None else np.arange(0)
        text = [phrase("mistakes.none", n=count(len(test)))]
        text += [phrase("mistakes.least-sure")] if sure is not None else []
    rival = _rival(study, evaluation)
    examples = [
        Example(_row(test, at), _said(test, names, int(true[at]), int(said[at]), at, rival), _inputs(evaluation, at))
        for at in map(int, order[:MOST])
    ]
    if len(order) > MOST and len(wrong):
        text.append(phrase("mistakes.more", count=count(len(wrong) - MOST)))
    return Mistakes(text, examples[:FIRST], examples[FIRST:])


def _confidence(test: Predictions, said: np.ndarray) -> np.ndarray | None:
    if not test.has("probability"):
        return None
    probability = np.asarray(test.prediction("probability"), dtype=np.float64)
    return np.nan_to_num(probability[np.arange(len(said)), np.maximum(said, 0)], nan=0.0)


def _said(test: Predictions, names: Sequence[str], true: int, said: int, at: int, rival: dict[int, str]) -> list[Text]:
    truth: Text = Name(names[true]) if true >= 0 else Name(str(test.table.column("target")[at].as_py()))
    answer: Text = Name(names[said]) if said >= 0 else Name(str(test.table.column("prediction.label")[at].as_py()))
    found: list[Text] = [phrase("mistakes.true", value=truth), phrase("mistakes.said", value=answer)]
    if test.has("probability") and said >= 0:
        row = test.table.column("prediction.probability")[at].as_py()
        found.append(phrase("mistakes.p", value=answer, p=fixed(float(row[said]), 3)))
        if true >= 0 and true != said:
            found.append(phrase("mistakes.p", value=truth, p=fixed(float(row[true]), 3)))
    answered = rival.get(int(test.ids[at]))
    return found + ([phrase("mistakes.baseline", value=Name(answered))] if answered is not None else [])


def _rival(study: Study, evaluation: Evaluation) -> dict[int, str]:
    """What the best baseline said, by row."""
    names = facts.baselines(study)
    for rival in study.baselines.get(names[0], ()) if names else ():
        if rival.fold == evaluation.fold and rival.test.has("label"):
            labels = rival.test.table.column("prediction.label").to_pylist()
            return dict(zip(map(int, rival.test.ids), map(str, labels), strict=True))
    return {}


def _regressed(study: Study, evaluation: Evaluation) -> Mistakes:
    test = evaluation.test
    true = np.asarray(test.target(), dtype=np.float64)
    said = np.asarray(test.prediction("value"), dtype=np.float64)
    residual = said - true
    known = np.flatnonzero(np.isfinite(residual))
    order = known[np.argsort(-np.abs(residual[known]), kind="stable")][:FIRST]
    unit = facts.unit(study)
    examples = [
        Example(
            _row(test, at),
            [
                phrase("mistakes.true", value=_amount(true[at], unit)),
                phrase("mistakes.said", value=_amount(said[at], unit)),
                phrase("mistakes.off", value=("+" if residual[at] > 0 else "") + _amount(residual[at], unit)),
            ],
            _inputs(evaluation, at),
        )
        for at in map(int, order)
    ]
    return Mistakes([phrase("mistakes.residuals")], examples, [])


def _amount(value: float, unit: str) -> str:
    shown = significant(float(value), 4)
    return f"{shown} {unit}" if unit and shown != UNDEFINED else shown


def _row(test: Predictions, at: int) -> Text:
    return phrase("mistakes.row", id=f"{int(test.ids[at]):,}")


def _inputs(evaluation: Evaluation, at: int) -> list[Shown]:
    rows = evaluation.rows
    found = np.flatnonzero(rows.ids == evaluation.test.ids[at])
    return inputs(rows, int(found[0])) if len(found) else []

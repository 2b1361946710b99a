"""The section on mistakes: the most confident wrong answers, the largest residuals, or the texts that are least like
their references, with their inputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sci.api import Evaluation, Predictions, Study
from sci.api.numbers import UNDEFINED, count, fixed, percent, significant
from sci_report import facts
from sci_report.config import ErrorBrowserConfig
from sci_report.inputs import MEDIA, Example, Shown, inputs
from sci_report.words import Data, Name, Text, phrase

FIRST = 6


@dataclass(frozen=True)
class Mistakes:
    """The section's content."""

    text: Sequence[Text]
    first: Sequence[Example]
    rest: Sequence[Example]


def mistakes(study: Study) -> Mistakes | None:
    """From the first child; None where the task has neither classes nor numbers nor texts for answers.

    The settings of the analysis `error-browser` say how many rows and which columns, where the experiment names it.
    """
    if not study.evaluations or len(study.evaluations[0].test) == 0:
        return None
    evaluation = study.evaluations[0]
    browse = ErrorBrowserConfig(**(facts.settings(study, "analysis", "error-browser") or {}))
    found = None
    if facts.classifies(evaluation.test):
        found = _classified(study, evaluation, browse)
    elif facts.regresses(evaluation.test):
        found = _regressed(study, evaluation, browse)
    elif facts.writes(evaluation.test):
        found = _written(study, evaluation, browse)
    if found and len(study.evaluations) > 1:
        child = phrase("mistakes.child", fold=Name(evaluation.fold), seed=str(evaluation.seed))
        return Mistakes([*found.text, child], found.first, found.rest)
    return found


def ordered(test: Predictions) -> np.ndarray:
    """Positions of wrong answers, the surest first, or of numbers, those furthest off first.

    Without probabilities the rows keep their order.
    """
    if not facts.classifies(test):
        residual = np.asarray(test.prediction("value"), dtype=np.float64) - np.asarray(test.target(), dtype=np.float64)
        known = np.flatnonzero(np.isfinite(residual))
        return np.asarray(known[np.argsort(-np.abs(residual[known]), kind="stable")])
    wrong, sure = np.flatnonzero(test.codes("target") != test.codes("label")), confidence(test)
    return wrong if sure is None else np.asarray(wrong[np.argsort(-sure[wrong], kind="stable")])


def likeness(test: Predictions) -> np.ndarray:
    """The chrF of each answer that is a text, as sacreBLEU computes it for a sentence (Popović 2015), float64 [n]; one
    that is the reference to the letter has 100.
    """
    from sacrebleu.metrics.chrf import CHRF  # takes 0.2 s, which only reports on texts need to wait

    score = CHRF().sentence_score
    pairs = zip(*(test.table.column(name).to_pylist() for name in ("prediction.text", "target")), strict=True)
    return np.array([100.0 if said == true else score(said or "", [true or ""]).score for said, true in pairs])


def _classified(study: Study, evaluation: Evaluation, browse: ErrorBrowserConfig) -> Mistakes:
    test = evaluation.test
    names = [str(name) for name in test.info["classes"]]
    true, said = test.codes("target"), test.codes("label")
    sure = confidence(test)
    order = wrong = ordered(test)
    text: list[Text]
    if len(wrong):
        share = percent(len(wrong), len(test))
        text = [phrase("mistakes.wrong", count=count(len(wrong)), n=count(len(test)), share=share)]
        text += [phrase("mistakes.order")] if sure is not None else []
    else:
        order = np.argsort(sure, kind="stable") if sure is not None else np.arange(0)
        text = [phrase("mistakes.none", n=count(len(test)))]
        text += [phrase("mistakes.least-sure")] if sure is not None else []
    rival = _rival(study, evaluation)
    chosen = [int(at) for at in order[: browse.most]]
    shown = _inputs(evaluation, chosen, browse)
    examples = [
        Example(_row(test, at), _said(test, names, int(true[at]), int(said[at]), at, rival), found)
        for at, found in zip(chosen, shown, strict=True)
    ]
    if len(order) > browse.most and len(wrong):
        text.append(phrase("mistakes.more", count=count(len(wrong) - browse.most)))
    return Mistakes(text, examples[:FIRST], examples[FIRST:])


def confidence(test: Predictions) -> np.ndarray | None:
    """The probability of each answer, float64 [n]; None where the model gives none."""
    if not test.has("probability"):
        return None
    said = test.codes("label")
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


def _regressed(study: Study, evaluation: Evaluation, browse: ErrorBrowserConfig) -> Mistakes:
    test = evaluation.test
    true = np.asarray(test.target(), dtype=np.float64)
    said = np.asarray(test.prediction("value"), dtype=np.float64)
    residual = said - true
    chosen = [int(at) for at in ordered(test)[: _most(study, browse)]]
    unit = facts.unit(study)
    examples = [
        Example(
            _row(test, at),
            [
                phrase("mistakes.true", value=_amount(true[at], unit)),
                phrase("mistakes.said", value=_amount(said[at], unit)),
                phrase("mistakes.off", value=("+" if residual[at] > 0 else "") + _amount(residual[at], unit)),
            ],
            found,
        )
        for at, found in zip(chosen, _inputs(evaluation, chosen, browse), strict=True)
    ]
    return Mistakes([phrase("mistakes.residuals")], examples[:FIRST], examples[FIRST:])


def _most(study: Study, browse: ErrorBrowserConfig) -> int:
    """How many rows are shown where nearly every answer is off by something: without the analysis only the first."""
    return FIRST if facts.settings(study, "analysis", "error-browser") is None else browse.most


def _written(study: Study, evaluation: Evaluation, browse: ErrorBrowserConfig) -> Mistakes:
    test = evaluation.test
    true, said = (test.table.column(name).to_pylist() for name in ("target", "prediction.text"))
    score = np.asarray(test.prediction("score"), dtype=np.float64) if test.has("score") else None
    alike = likeness(test)
    other = [int(at) for at in np.argsort(alike, kind="stable") if true[at] != said[at]]
    chosen = other[: _most(study, browse)]
    examples = [
        Example(
            _row(test, at),
            [
                phrase("mistakes.likeness", value=fixed(float(alike[at]), 1)),
                *([] if score is None else [phrase("mistakes.score", value=significant(float(score[at]), 3))]),
            ],
            [
                *_labelled(evaluation, shown),
                Shown(phrase("mistakes.reference"), Data(true[at] or "")),
                Shown(phrase("mistakes.answer"), Data(said[at] or "")),
            ],
        )
        for at, shown in zip(chosen, _inputs(evaluation, chosen, browse), strict=True)
    ]
    text: list[Text] = [phrase("mistakes.written", count=count(len(other)), n=count(len(test)))]
    if other:
        text.append(phrase("mistakes.written.order"))
    return Mistakes(text, examples[:FIRST], examples[FIRST:])


def _labelled(evaluation: Evaluation, shown: Sequence[Shown]) -> list[Shown]:
    """Inputs with their names, that of a single one as well, because other texts stand beside it."""
    names = list(evaluation.rows.schema.inputs)
    return [replace(one, name=one.name or Name(names[0])) for one in shown]


def _amount(value: float, unit: str) -> str:
    shown = significant(float(value), 4)
    return f"{shown} {unit}" if unit and shown != UNDEFINED else shown


def _row(test: Predictions, at: int) -> Text:
    return phrase("mistakes.row", id=str(int(test.ids[at])))


def place(evaluation: Evaluation, id: int) -> int | None:
    """Where the row of this id stands among the raw rows; None where it is not there."""
    found = np.flatnonzero(evaluation.rows.ids == id)
    return int(found[0]) if len(found) else None


def _inputs(evaluation: Evaluation, chosen: Sequence[int], browse: ErrorBrowserConfig) -> list[list[Shown]]:
    """The inputs of these rows, with at most `MEDIA` pictures and lines in all."""
    found, left = [], MEDIA
    for at in chosen:
        row = place(evaluation, int(evaluation.test.ids[at]))
        shown = [] if row is None else inputs(evaluation.rows, row, browse.columns, media=left > 0)
        left -= sum(one.is_medium for one in shown)
        found.append(shown)
    return found

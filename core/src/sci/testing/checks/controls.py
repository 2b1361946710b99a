"""What a control owes: changes of the training rows that a seed decides, and a sentence whatever comes of them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from sci.api import Conclusion, Controlled, Dataset, SciError, Score, Variant
from sci.pipeline.controls import fault
from sci.testing.check import Fault, NotApplicable, check
from sci.testing.generators import seeded, untouched
from sci.testing.study import TARGETS, conducted, named, ordinary
from sci.testing.trial import Trial, needs

KIND = "controls"
VARIES = ("SCI-CTL-001",)
SEED = 7
METRIC = "measure"


@check("SCI-CTL-001", KIND, mend="Return a list of `Variant`s whose positions are rows of the parts that are given.")
def names_rows_that_there_are(trial: Trial) -> None:
    """The variants have names of their own, train on rows of the training part, each once, and take targets only from
    rows of the same part."""
    for train, validation in _parts(trial):
        found = list(trial.make().variants(train, validation, SEED))
        if not found or not all(isinstance(one, Variant) for one in found):
            raise Fault(f"`variants` returns {[type(one).__name__ for one in found]}", expected="at least one Variant")
        for one in found:
            wrong = fault(one, len(train), len(validation))
            if wrong:
                raise Fault(wrong)
        names = [one.name for one in found]
        if len(set(names)) < len(names):
            raise Fault(f"the variants are called {', '.join(names)}")


@check(
    "SCI-CTL-002", KIND, after=VARIES, mend="Draw from `numpy.random.default_rng(seed)` with the seed that is given."
)
def same_seed_same_variants(trial: Trial) -> None:
    """The same seed gives the same variants, whatever the global generators are at, and leaves those alone."""
    for train, validation in _parts(trial):
        found = []
        for seed in (1, 2):
            with seeded(seed), untouched():
                found.append([_listed(one) for one in trial.make().variants(train, validation, SEED)])
        if found[0] != found[1]:
            raise Fault("the variants differ")


@check(
    "SCI-CTL-003", KIND, after=VARIES, mend="Return a `Conclusion`; say so where a value or a difference is missing."
)
def concludes_whatever_comes(trial: Trial) -> None:
    """There is a conclusion with a sentence where the model is better than its variants, worse, or without a value."""
    control = trial.make()
    for train, validation in _parts(trial):
        variants = control.variants(train, validation, SEED)
        for value, other in ((0.9, 0.5), (0.5, 0.9), (math.nan, 0.5), (0.5, math.nan)):
            found = [Controlled(one.name, len(one.train), {METRIC: _score(other)}) for one in variants]
            said = control.conclude(METRIC, _score(value), float(len(train)), found)
            if not isinstance(said, Conclusion) or not said.sentence.strip():
                raise Fault(f"{said!r} for a model at {value} with variants at {other}")


@check("SCI-CTL-004", KIND, after=(*VARIES, "SCI-CTL-003"), mend="Let variants keep rows that a model can learn from.")
def runs_beside_the_model(trial: Trial) -> None:
    """The control runs in a small study, and concludes something in its metric."""
    for kind in _kinds(trial):
        metrics = [str(one) for one in ordinary(trial, kind).study.scores["test"]]
        asked = {"metrics": metrics, "baselines": [], "controls": [named(trial)]}
        try:
            study = conducted(trial, kind, evaluation=asked).study
        except SciError as error:
            raise Fault(f"{error.message} {error.note}".strip()) from error
        if trial.component.spec.name not in study.controls:
            raise Fault("; ".join(study.warnings) or "it is not among the controls of the study")


def _kinds(trial: Trial) -> list[str]:
    return [kind for kind in trial.component.spec.tasks or TARGETS if kind in TARGETS]


def _parts(trial: Trial) -> list[tuple[Dataset, Dataset]]:
    """Training and validation rows of small studies; without validation rows, too."""

    def ask() -> list[tuple[Dataset, Dataset]]:
        found, refused = [], ""
        for kind in _kinds(trial):
            try:
                rows = ordinary(trial, kind).study.evaluations[0].rows
            except NotApplicable as reason:
                refused = str(reason)
                continue
            places = np.arange(len(rows), dtype=np.int64)
            part = rows.take(places[places % 4 != 0])
            found += [(part, rows.take(places[places % 4 == 0])), (part, rows.take(places[:0]))]
        needs(found, refused or "the kit has no study for its tasks")
        return found

    return trial.once("parts", ask)


def _listed(one: Variant) -> Sequence[object]:
    arrays = (one.train, one.validation, one.train_targets, one.validation_targets)
    return [one.name, *(None if array is None else array.tolist() for array in arrays)]


def _score(value: float) -> Score:
    return Score(value, value - 0.1, value + 0.1, 0.9, "made up", 40, True)

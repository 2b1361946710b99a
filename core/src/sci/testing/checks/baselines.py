"""What a baseline owes: a rival that runs on the same folds, and nothing else of the experiment changed."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

from sci.api import ConfigError
from sci.pipeline.assembly import inputs_of
from sci.testing.check import Fault, NotApplicable, check
from sci.testing.study import TARGETS, Conducted, conducted, named, ordinary
from sci.testing.trial import Trial, needs

KIND = "baselines"
KEYS = {"preprocessing", "model", "engine", "training"}
PATCHES = ("SCI-BAS-001",)


@check("SCI-BAS-001", KIND, mend="Return a dict with `model`, and where needed `engine`, `preprocessing`, `training`.")
def replaces_what_a_rival_may(trial: Trial) -> None:
    """The patch replaces preprocessing, model, engine or training of the experiment, and nothing else: the rows, the
    question and the judgement are those of the model."""
    for _, patch in _patches(trial):
        if not isinstance(patch, Mapping) or not patch:
            raise Fault(f"`patch` returns {patch!r}", expected="a mapping with at least one key")
        odd = sorted(set(patch) - KEYS)
        if odd:
            raise Fault(f"it replaces `{odd[0]}`", expected=f"keys among {', '.join(sorted(KEYS))}")
        json.dumps(patch, allow_nan=False)


@check(
    "SCI-BAS-002", KIND, after=PATCHES, mend="Compute the patch from the experiment and the settings; change neither."
)
def leaves_the_experiment_alone(trial: Trial) -> None:
    """`patch` changes nothing in the experiment that it is given, and asks for the same a second time."""
    for kind, patch in _patches(trial):
        given = _experiment(ordinary(trial, kind))
        before = copy.deepcopy(given)
        again = trial.make().patch(given)
        if given != before:
            raise Fault("the experiment has changed")
        if again != patch:
            raise Fault(f"{patch!r}, then {again!r}")


@check(
    "SCI-BAS-003",
    KIND,
    after=PATCHES,
    mend="Name components with settings that they have; what other distributions bring is a dependency of this one.",
)
def runs_on_the_same_folds(trial: Trial) -> None:
    """The rival runs on the folds of a small study and is judged beside the model."""
    name = trial.component.spec.name
    for kind, _ in _patches(trial):
        found = conducted(trial, kind, evaluation={"metrics": _metric(trial, kind), "baselines": [named(trial)]})
        if name not in found.study.baseline_scores:
            raise Fault("; ".join(found.study.warnings) or "it is not among the baselines of the study")
        own, rival = (one[0].test.ids.tolist() for one in (found.study.evaluations, found.study.baselines[name]))
        if own != rival:
            raise Fault(f"it was judged on {len(rival)} other test rows, the model on {len(own)}")


def _patches(trial: Trial) -> list[tuple[str, Any]]:
    """What the baseline asks for, by kind of study; one that it refuses with a `ConfigError` is left out."""

    def ask() -> list[tuple[str, Any]]:
        found, refused = [], ""
        for kind in trial.component.spec.tasks or TARGETS:
            if kind not in TARGETS:
                continue
            try:
                found.append((kind, trial.make().patch(_experiment(ordinary(trial, kind)))))
            except (ConfigError, NotApplicable) as error:
                refused = str(error)
        needs(found, refused or "the kit has no study for its tasks")
        return found

    return trial.once("patches", ask)


def _experiment(found: Conducted) -> Mapping[str, Any]:
    """What the core hands over: the resolved experiment, with the kinds of the raw inputs."""
    return {**copy.deepcopy(dict(found.study.experiment)), "inputs": inputs_of(found.study.schema)}


def _metric(trial: Trial, kind: str) -> list[str]:
    return [str(one) for one in ordinary(trial, kind).study.scores["test"]]

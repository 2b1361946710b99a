"""Whether analyses, calibrators and what judges can work with these data, asked before a model is trained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sci.api import ConfigError, Dataset, SciError, UnknownName
from sci.api.errors import SeveralErrors
from sci.pipeline.assembly import Assembly, Part
from sci.pipeline.blame import guarded
from sci.pipeline.scores import FOLDS
from sci.pipeline.steps import Steps
from sci.plugins.nearest import closest, nearest


def demand_suited_analyses(assembly: Assembly, dataset: Dataset) -> None:
    """Let the settings of every analysis look at the columns and the metrics, and look for the classes that they name.

    Raises:
        SciError: what one of them refuses; all refusals at once where there are several.
    """
    metrics = tuple(assembly.metrics(assembly.task()))
    mistakes: list[SciError] = []
    for position, part in enumerate(assembly.named_in("analysis", "analyses")):
        try:
            guarded(part, "demand_names", part.settings.demand_names, dataset.schema, metrics)
            _demand_classes(part, assembly, dataset)
        except UnknownName as error:
            mistakes.append(_explained(error, assembly, position))
        except SciError as error:
            mistakes.append(error)
    if len(mistakes) == 1:
        raise mistakes[0]
    if mistakes:
        raise SeveralErrors(mistakes)


def suited_calibrators(assembly: Assembly, info: Any) -> list[tuple[Part, Any]]:
    """The calibrators, fresh; one that does not suit what the task knows says so.

    Args:
        assembly: of the experiment.
        info: what the task knows after it was fitted.
    """
    calibrators = [(part, part.make()) for part in assembly.named_in("calibration", "calibrators")]
    for part, calibrator in calibrators:
        check = getattr(calibrator, "check", None)
        if check is not None:
            guarded(part, "check", check, info)
    return calibrators


def demand_suited_calibrators(assembly: Assembly, dataset: Dataset) -> None:
    """The same before anything was fitted: the task learns its classes from all rows."""
    if not assembly.experiment.get("calibration"):
        return
    suited_calibrators(assembly, _learned(assembly, dataset))


def demand_folds(assembly: Assembly, folds: int) -> None:
    """Refuse an interval or a comparison over folds where there is one.

    Raises:
        ConfigError: the experiment names one.
    """
    section = assembly.experiment.get("evaluation") or {}
    for key, kind in (("interval", "intervals"), ("comparison", "comparisons")):
        if folds > 1 or section.get(key) is None:
            continue
        name = assembly.part(kind, section[key], "evaluation", key).name
        if name in assembly.with_trait(kind, FOLDS):
            raise ConfigError(
                f"{key} `{name}` looks at differences between folds, and there is one",
                id="evaluation.folds",
                where=assembly.place("evaluation", key),
                hint=f"data: {{split: {{name: k-fold, folds: 5}}}}, or no evaluation.{key}",
            )


def _learned(assembly: Assembly, dataset: Dataset) -> Mapping[str, Any]:
    """What the task knows of the targets of all rows."""
    task = assembly.task()
    task.fit(Steps(assembly.target_recipes(task, dataset.schema)).fit(dataset))
    return task.info()


def _demand_classes(part: Part, assembly: Assembly, dataset: Dataset) -> None:
    named = guarded(part, "named_classes", part.settings.named_classes)
    known = [str(name) for name in _learned(assembly, dataset).get("classes") or ()] if named else []
    for setting, name in named.items():
        UnknownName.demand(setting, name, known, "the target has no class `{}`", id="analysis.class")


def _explained(error: UnknownName, assembly: Assembly, position: int) -> UnknownName:
    """With the place of the name itself, the nearest one, and some that are there."""
    error.where = assembly.place("analysis", position, *error.setting)
    meant = nearest(error.name, error.known)
    if meant:
        error.message += f"; did you mean `{meant}`?"
    error.note = f"there: {', '.join(closest(error.name, error.known)) or 'none'}"
    if meant:
        several = len(error.setting) > 1
        error.hint = f"{error.setting[0]}: {f'[{meant}, ...]' if several else meant}"
    return error

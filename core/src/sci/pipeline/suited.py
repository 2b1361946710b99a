"""Whether analyses and calibrators can work with these data, asked before a model is trained."""

from __future__ import annotations

from typing import Any

from sci.api import Dataset, Schema, SciError, UnknownName
from sci.api.errors import SeveralErrors
from sci.pipeline.assembly import Assembly, Part
from sci.pipeline.blame import guarded
from sci.pipeline.steps import Steps
from sci.plugins.nearest import closest, nearest


def demand_suited_analyses(assembly: Assembly, schema: Schema) -> None:
    """Let the settings of every analysis look at the columns and the metrics.

    Raises:
        SciError: what one of them refuses; all refusals at once where there are several.
    """
    metrics = tuple(assembly.metrics(assembly.task()))
    mistakes: list[SciError] = []
    for position, part in enumerate(assembly.named_in("analysis", "analyses")):
        try:
            guarded(part, "demand_names", part.settings.demand_names, schema, metrics)
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
    task = assembly.task()
    task.fit(Steps(assembly.target_recipes(task, dataset.schema)).fit(dataset))
    suited_calibrators(assembly, task.info())


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

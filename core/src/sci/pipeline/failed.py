"""Training that came to no end is written down too: where it stood, what it had seen, what is kept."""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np

from sci.api import Branding, Dataset, Failure, Fold, TrainingError
from sci.pipeline.assembly import Part
from sci.pipeline.blame import guarded
from sci.pipeline.child import parts_of, write_history
from sci.pipeline.context import Context
from sci.pipeline.loop import Stopped

_NOWHERE = Stopped(None, None, None, [], np.zeros(0, dtype=np.int64), np.zeros(0), None)


def tell(
    error: TrainingError,
    parent: Context,
    child: Context,
    dataset: Dataset,
    folds: Sequence[Fold],
    counted: tuple[int, int],
    branding: Branding | None,
) -> None:
    """Every reporter that can tells of it. Whatever goes wrong here, the error that ended training stays the one.

    Args:
        error: what ended training; its note then says where the report lies.
        parent: the run.
        child: whose training failed; the run itself where it has no children.
        dataset: the raw rows.
        folds: all folds.
        counted: children that had been evaluated before, and all children.
        branding: whose study it is.
    """
    try:
        found = _failure(error, parent, child, dataset, folds, counted, branding)
        if found.history:
            write_history(child.directory, found.history)
        parts = parent.assembly.named_in("report", "reporters")
        written = [name for part in parts for name in _told(part, found, parent)]
    except Exception as fault:
        parent.log(f"the failure could not be reported: {type(fault).__name__}: {fault}")
        return
    if written and parent.manifest is not None:
        parent.manifest.data["report"] = written[0]
        error.note = f"what happened: {os.fspath(parent.directory / written[0])}"


def _failure(
    error: TrainingError,
    parent: Context,
    child: Context,
    dataset: Dataset,
    folds: Sequence[Fold],
    counted: tuple[int, int],
    branding: Branding | None,
) -> Failure:
    stood: Stopped = child.facts.get("stopped", _NOWHERE)
    assert parent.manifest is not None
    blamed = None if stood.ids is None else dataset.take(np.flatnonzero(np.isin(dataset.ids, stood.ids)))
    facts = parent.manifest.data
    return Failure(
        name=parent.experiment["name"],
        question=parent.experiment.get("question") or "",
        run=parent.directory,
        file=facts["file"],
        experiment=parent.experiment,
        splits={fold.name: parts_of(fold) for fold in folds},
        error=error.as_json(),
        child="" if child.directory == parent.directory else child.directory.name,
        finished=counted[0],
        children=counted[1],
        step=stood.step,
        epoch=stood.epoch,
        kept=stood.kept,
        history=stood.history,
        steps=stood.steps,
        losses=stood.losses,
        rows=blamed,
        branding=branding,
    )


def _told(part: Part, found: Failure, context: Context) -> Sequence[str]:
    reporter = part.make()
    if not hasattr(reporter, "failed"):
        return ()
    written: Sequence[str] = guarded(part, "failed", reporter.failed, found, context)
    return written

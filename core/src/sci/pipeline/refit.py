"""One more model, fitted on all rows but the holdout, and judged by the holdout once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sci.api import Dataset, Fold, Score
from sci.pipeline import scores
from sci.pipeline.child import preprocessed, trained, write_predictions
from sci.pipeline.children import sealed_for
from sci.pipeline.context import Context
from sci.pipeline.trained import TrainedPipeline, restore
from sci.plugins.registry import Registry
from sci.runs.loader import Loader

NAME = "refit"
HOLDOUT = "holdout"


@dataclass(frozen=True)
class Refitted:
    """The model of a study of several.

    Args:
        pipeline: to predict with, and to deploy.
        weights: SHA-256 of its weights.
        holdout: its scores on the rows that no fold saw; None where none were held out.
    """

    pipeline: TrainedPipeline
    weights: str
    holdout: dict[str, Score] | None


def refit_fold(rows: int, folds: Sequence[Fold], holdout: np.ndarray) -> Fold:
    """All rows but the holdout for training; the validation rows of the first fold keep their part, so that early
    stopping and calibration have rows of their own.

    Args:
        rows: number of all rows.
        folds: of the study.
        holdout: int64 [n], the rows that no fold sees.
    """
    validation = folds[0].validation
    train = np.setdiff1d(np.arange(rows, dtype=np.int64), np.concatenate([validation, holdout]))
    return Fold(NAME, train, validation, holdout)


def refitted(context: Context, registry: Registry, dataset: Dataset, fold: Fold) -> Refitted:
    """Train it in the run directory itself and open the holdout; what is finished is read back."""
    assert context.manifest is not None
    if NAME in context.manifest.data:
        loader = Loader(context.directory)
        kept = context.manifest.data[NAME]
        held = scores.from_json(kept[HOLDOUT]) if kept[HOLDOUT] is not None else None
        return Refitted(restore(loader, registry), kept["weights"], held)
    pipeline = trained(context, preprocessed(context, dataset, fold))
    held = _judged(context, dataset, fold, pipeline) if len(fold.test) else None
    weights = str(context.facts["weights"])
    kept_scores = None if held is None else scores.as_json(held)
    context.manifest.update(**{NAME: {"weights": weights, HOLDOUT: kept_scores}})
    return Refitted(pipeline, weights, held)


def _judged(context: Context, dataset: Dataset, fold: Fold, pipeline: TrainedPipeline) -> dict[str, Score]:
    sealed = sealed_for(context, dataset, fold)
    evaluation = context.hooks.sci_evaluate(context=context, pipeline=pipeline, sealed=sealed)
    write_predictions(context.directory, HOLDOUT, evaluation.test)
    context.tell("evaluation_ended", evaluation=evaluation)
    return dict(evaluation.scores["test"])

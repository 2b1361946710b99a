"""A metric over models whose training rows overlap, and the variance of its mean."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from scipy.stats import t as student

from sci.api import Metric, Predictions
from sci_statistics.units import group_codes

FOLD, CHILD, TRAIN_ROWS = "fold", "child", "train_rows"
"""Columns that say which test set and which model a row is of, and the entry of ``info`` with the rows of training."""


class Resampled(NamedTuple):
    """A metric over the folds of a study.

    Args:
        values: its value in each fold, float64 [k]; the mean where several models were tested on the fold.
        share: test rows of a fold over its training rows.
        models: how many were tested on each fold: seeds, or inner folds.
    """

    values: np.ndarray
    share: float
    models: tuple[int, ...] = ()

    @property
    def method(self) -> str:
        """In words."""
        said = f"corrected resampled t over {len(self.values)} folds"
        if max(self.models, default=1) == 1:
            return said
        return f"{said}, means of {'-'.join(map(str, sorted({min(self.models), max(self.models)})))} models"

    @property
    def undefined(self) -> str:
        """Why nothing can be said of the mean; empty where something can."""
        if len(self.values) < 2:
            return "not defined: it needs two folds"
        return "" if np.isfinite(self.values).all() else "not defined: the metric has no value in some fold"

    @property
    def error(self) -> float:
        """Standard error of the mean over folds."""
        return math.sqrt(corrected_variance(self.values, self.share))

    def half(self, confidence: float) -> float:
        """Half the width of the t interval of the mean over folds, with k - 1 degrees of freedom."""
        return float(student.ppf((1.0 + confidence) / 2.0, len(self.values) - 1)) * self.error


def says_folds(predictions: Predictions) -> bool:
    """Whether predictions say which fold each row is of, and on how many rows a fold was trained."""
    return FOLD in predictions.table.column_names and TRAIN_ROWS in predictions.info


def resampled(metric: Metric, predictions: Predictions) -> Resampled:
    """The metric in each fold, of predictions that say their folds."""
    folds = group_codes(predictions.table.column(FOLD))
    several = CHILD in predictions.table.column_names
    children = group_codes(predictions.table.column(CHILD)) if several else np.zeros_like(folds)
    count = int(folds.max(initial=-1)) + 1
    values, models = np.zeros(count), []
    for fold in range(count):
        mine = folds == fold
        found = [predictions.take(np.flatnonzero(mine & (children == child))) for child in np.unique(children[mine])]
        values[fold] = np.mean([float(metric(one)) for one in found])
        models.append(len(found))
    share = len(predictions) / max(sum(models), 1) / float(predictions.info[TRAIN_ROWS])
    return Resampled(values, share, tuple(models))


def corrected_variance(values: np.ndarray, test_share: float) -> float:
    """Variance of the mean over folds or repeats: Nadeau and Bengio, Inference for the generalization error, Machine
    Learning 52 (2003), doi:10.1023/A:1024068626366.

    Training sets share rows, so that the values hang together and their variance over k is too small. It is
    ``(1 / k + test_share) * s ** 2``, with s the sample standard deviation.

    Args:
        values: one for each model, float64 [k], k at least 2.
        test_share: test rows of a fold over its training rows.
    """
    found = np.asarray(values, dtype=np.float64)
    return float((1.0 / len(found) + test_share) * np.var(found, ddof=1))

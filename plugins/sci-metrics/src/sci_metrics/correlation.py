"""Correlation between labels and targets."""

from __future__ import annotations

from typing import Any

import numpy as np

from sci_metrics.classes import PerClass, blocks
from sci_metrics.sums import defined


class Mcc(PerClass):
    """Matthews correlation coefficient, for any number of classes.

    0 where every row gets the same label, which tells nothing about the target; NaN where every row has the same
    target, so that there is nothing to correlate with (scikit-learn returns 0 for both). Gorodkin 2004,
    doi:10.1016/j.compbiolchem.2004.09.006.
    """

    bounds = (-1.0, 1.0)

    def value(self, sums: np.ndarray, n: Any) -> np.ndarray:
        hit, predicted, actual = blocks(sums)
        rows = actual.sum(axis=-1)
        together = hit.sum(axis=-1) * rows - (predicted * actual).sum(axis=-1)
        of_labels = rows**2 - (predicted**2).sum(axis=-1)
        of_targets = rows**2 - (actual**2).sum(axis=-1)
        correlation = defined(together, np.sqrt(of_labels) * np.sqrt(of_targets))
        constant = np.where(of_targets > 0, 0.0, np.nan)
        return np.clip(np.where((of_labels > 0) & (of_targets > 0), correlation, constant), -1.0, 1.0)

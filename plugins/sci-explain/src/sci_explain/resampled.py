"""A metric on bootstrap samples of rows, by the fastest way that it offers."""

from __future__ import annotations

from typing import Any

import numpy as np

from sci.api import Metric, Predictions

CALLS, WEIGHTED = 100, 300
"""Most samples of a metric that has to be called for each, and of one that is a function of counts."""
BLOCK = 128
"""Samples whose counts are in memory at once."""


def samples_of(metric: Metric, wanted: int) -> int:
    """How many samples are drawn."""
    if hasattr(metric, "statistics"):
        return wanted
    return min(wanted, WEIGHTED if hasattr(metric, "weighted") else CALLS)


def drawn(predictions: Predictions, samples: int, random: np.random.Generator) -> np.ndarray:
    """How often each row is drawn, int64 [samples, n]; rows of one group are drawn together."""
    n = len(predictions)
    units = np.arange(n)
    if "group" in predictions.table.column_names:
        groups = predictions.table.column("group").combine_chunks().dictionary_encode()
        units = groups.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        units = np.unique(units, return_inverse=True)[1]
    count = int(units.max()) + 1
    found: np.ndarray = random.multinomial(count, np.full(count, 1 / count), size=samples)[:, units]
    return found


def values(metric: Any, predictions: Predictions, counts: np.ndarray) -> np.ndarray:
    """The metric on each sample, float64 [samples]; NaN where it is not defined.

    Args:
        metric: of the study.
        predictions: the rows.
        counts: how often each counts, int64 [samples, n].
    """
    blocks = [counts[start : start + BLOCK] for start in range(0, len(counts), BLOCK)]
    with np.errstate(divide="ignore", invalid="ignore"):
        if hasattr(metric, "statistics") and hasattr(metric, "value"):
            known = np.asarray(metric.statistics(predictions), dtype=np.float64).reshape(len(predictions), -1)
            return np.concatenate([_summed(metric, block @ known, block.sum(axis=1)) for block in blocks])
        if hasattr(metric, "weighted"):
            weighted = metric.weighted(predictions)
            return np.concatenate([np.asarray(weighted(block), dtype=np.float64) for block in blocks])
    rows = np.arange(len(predictions))
    return np.array([metric(predictions.take(np.repeat(rows, one))) for one in counts], dtype=np.float64)


def _summed(metric: Any, sums: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    found = np.empty(len(sums))
    for size in np.unique(sizes):  # rows of groups differ in number from sample to sample
        same = sizes == size
        found[same] = metric.value(sums[same], int(size))
    return found

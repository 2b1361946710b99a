"""One metric on one or two sets of predictions of the same rows, under the same draws.

`Summed` needs a metric with ``statistics`` and ``value``: a resample is a row of counts, and all of them are one matrix
product. `Weighted` needs ``weighted``, the metric as a function of how often each row counts. `Called` takes any metric
and calls it on each resample.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import islice, pairwise
from typing import Any

import numpy as np

from sci.api import Metric, Predictions
from sci_statistics.units import STREAM, Units, draws, portions

CALLS = 2_000
"""Most resamples, and most jackknife values, of a metric that has to be called for each."""

BLOCKS = 200
"""Blocks of the grouped jackknife where there are more units than `CALLS`."""

WEIGHTED_ROWS = 20_000
"""Most rows for which a metric of counts is worth its memory and time for every resample."""

COUNTED = 128
"""Resamples whose counts are in memory at once."""

HELD = 2**22
"""Up to so many picks, how often each unit is drawn is kept for the next metric."""

MANY_PICKS = 2**28
"""Beyond this many picks, units with equal statistics are counted together instead of being picked one by one."""

FEW_KINDS = 4_096
"""Most different statistics for which counting together is worth while."""


class Summed:
    """Resampling by sums of statistics.

    Args:
        metric: has ``statistics(predictions) -> [n, k]`` and ``value(sums [..., k], n) -> [...]``.
        sets: predictions of the same rows in the same order.
        units: what is drawn.
    """

    most: int | None = None

    def __init__(self, metric: Any, sets: tuple[Predictions, ...], units: Units) -> None:
        statistics = [np.asarray(metric.statistics(one), dtype=np.float64).reshape(len(one), -1) for one in sets]
        self.metric = metric
        self.units = units
        self.paired = True
        self.shape = (len(sets), statistics[0].shape[1])
        self.sums = units.sums(np.hstack(statistics))

    def estimates(self) -> np.ndarray:
        """The metric on all rows: [sets]."""
        return self._values(self.sums.sum(axis=0)[None, :], self.units.sizes.sum()[None])[:, 0]

    def draw(self, resamples: int, seed: int) -> np.ndarray:
        """The metric on each resample: [sets, resamples]; NaN where it is not defined."""
        table = np.column_stack([self.sums, self.units.sizes])
        if resamples * len(table) > MANY_PICKS:
            kinds, frequencies = np.unique(table, axis=0, return_counts=True)
            if len(kinds) <= FEW_KINDS:
                return self._drawn(kinds, _kind_counts(frequencies, resamples, seed))
        return self._drawn(table, _counts(self.units, resamples, seed))

    def leave_one_out(self, seed: int) -> np.ndarray:
        """The metric without each unit in turn: [sets, units]."""
        return self._values(self.sums.sum(axis=0) - self.sums, self.units.sizes.sum() - self.units.sizes)

    def _drawn(self, table: np.ndarray, counts: Iterator[np.ndarray]) -> np.ndarray:
        drawn = np.concatenate([some @ table for some in counts])
        return self._values(drawn[:, :-1], np.rint(drawn[:, -1]).astype(np.int64))

    def _values(self, sums: np.ndarray, sizes: np.ndarray) -> np.ndarray:
        values = np.empty((len(sums), self.shape[0]))
        parts = sums.reshape(len(sums), *self.shape)
        for size in np.unique(sizes):
            same = sizes == size
            with np.errstate(divide="ignore", invalid="ignore"):  # NaN is the agreed answer of an undefined metric
                values[same] = self.metric.value(parts[same], int(size))
        return values.T


class Called:
    """Resampling by calling the metric on the rows of each resample.

    Args:
        metric: any metric.
        sets: predictions of the same rows in the same order.
        units: what is drawn.
    """

    most: int | None = CALLS

    def __init__(self, metric: Metric, sets: tuple[Predictions, ...], units: Units) -> None:
        self.metric = metric
        self.sets = sets
        self.units = units
        self.paired = all(one.paired for one in sets)

    def estimates(self) -> np.ndarray:
        """The metric on all rows: [sets]."""
        return np.array([self.metric(one) for one in self.sets], dtype=np.float64)

    def draw(self, resamples: int, seed: int) -> np.ndarray:
        """The metric on each resample: [sets, resamples]; NaN where it is not defined."""
        drawn = self._drawn_rows(resamples, seed)
        if self.paired:
            return self._over(drawn)
        others = self._drawn_rows(resamples, seed, stream=1)
        pairs = zip(drawn, others, strict=True)
        return np.array([[float(self.metric(_recombined(one, *pair))) for one in self.sets] for pair in pairs]).T

    def leave_one_out(self, seed: int) -> np.ndarray:
        """The metric without each unit, or without each of `BLOCKS` random blocks of units, in turn: [sets, blocks]."""
        order, blocks = np.arange(len(self.units)), len(self.units)
        if blocks > CALLS:
            order, blocks = np.random.default_rng([seed, STREAM, 2]).permutation(order), BLOCKS
        edges = np.linspace(0, len(order), blocks + 1).astype(np.int64)
        kept = (np.delete(order, slice(start, stop)) for start, stop in pairwise(edges))
        return self._over(self.units.rows(np.sort(units)) for units in kept)

    def _drawn_rows(self, resamples: int, seed: int, stream: int = 0) -> Iterator[np.ndarray]:
        for some in self.units.draws(resamples, seed, stream):
            for drawn in some:
                yield self.units.rows(drawn)

    def _over(self, drawn: Iterator[np.ndarray]) -> np.ndarray:
        """The metric on each set of rows: [sets, resamples]."""
        return np.array([[float(self.metric(one.take(rows))) for one in self.sets] for rows in drawn]).T


class Weighted(Called):
    """Resampling by how often each row is drawn, for metrics that take such counts; the draws are those of `Called`.

    Args:
        metric: has ``weighted(predictions) -> (counts [b, n] -> values [b])``.
        sets: predictions of the same rows in the same order.
        units: what is drawn.
    """

    def __init__(self, metric: Any, sets: tuple[Predictions, ...], units: Units) -> None:
        super().__init__(metric, sets, units)
        self.most = None if len(sets[0]) <= WEIGHTED_ROWS else CALLS
        self._weighted = [metric.weighted(one) for one in sets]

    def draw(self, resamples: int, seed: int) -> np.ndarray:
        """As of `Called`; a row counts as often as its unit is drawn, so that no rows have to be gathered."""
        counted = _counts(self.units, resamples, seed)
        pieces = (some[start : start + COUNTED] for some in counted for start in range(0, len(some), COUNTED))
        return self._of(map(self.units.spread, pieces))

    def _over(self, drawn: Iterator[np.ndarray]) -> np.ndarray:
        return self._of(row_counts(drawn, len(self.sets[0])))

    def _of(self, counted: Iterable[np.ndarray]) -> np.ndarray:
        """The metric for each row of counts [b, n]: [sets, resamples]."""
        return np.concatenate([np.stack([weighted(some) for weighted in self._weighted]) for some in counted], axis=1)


def batched(items: Iterator[np.ndarray], size: int) -> Iterator[list[np.ndarray]]:
    """Items in lists of at most `size`."""
    while some := list(islice(items, size)):
        yield some


def row_counts(drawn: Iterator[np.ndarray], rows: int) -> Iterator[np.ndarray]:
    """How often each of `rows` rows is in each resample: float64 [some, rows]."""
    for some in batched(drawn, COUNTED):
        yield np.stack([np.bincount(one, minlength=rows) for one in some]).astype(np.float64)


def resampler(metric: Metric, *sets: Predictions) -> Summed | Called:
    """The fastest way that this metric allows."""
    units = Units.of(sets[0])
    paired = all(one.paired for one in sets)
    if paired and hasattr(metric, "statistics") and hasattr(metric, "value"):
        return Summed(metric, sets, units)
    return Weighted(metric, sets, units) if paired and hasattr(metric, "weighted") else Called(metric, sets, units)


def _counts(units: Units, resamples: int, seed: int) -> Iterator[np.ndarray]:
    """How often each unit is in each resample: float64 [some, units]."""
    few = resamples * len(units) <= HELD
    for counts in _held(len(units), resamples, seed) if few else _counted(len(units), resamples, seed):
        yield counts.astype(np.float64)


@lru_cache(maxsize=2)
def _held(units: int, resamples: int, seed: int) -> tuple[np.ndarray, ...]:
    """The counts of few picks, of validation and of test rows: every metric and rival is judged by the same."""
    return tuple(counts.astype(np.min_scalar_type(units)) for counts in _counted(units, resamples, seed))


def _counted(units: int, resamples: int, seed: int) -> Iterator[np.ndarray]:
    """How often each unit is in each resample: int64 [some, units]."""
    for drawn in draws(units, resamples, seed):
        shape, size = drawn.shape, drawn.size
        drawn += np.arange(len(drawn))[:, None] * units
        counts = np.bincount(drawn.ravel(), minlength=size)
        del drawn  # these are the largest arrays of an evaluation
        yield counts.reshape(shape)


def _kind_counts(frequencies: np.ndarray, resamples: int, seed: int) -> Iterator[np.ndarray]:
    """How often each kind of unit is in each resample: float64 [some, kinds]."""
    random = np.random.default_rng([seed, STREAM, 3])
    total = int(frequencies.sum())
    for some in portions(resamples, len(frequencies)):
        yield random.multinomial(total, frequencies / total, size=some).astype(np.float64)


def _recombined(predictions: Predictions, truths: np.ndarray, answers: np.ndarray) -> Predictions:
    """Targets of some rows beside predictions of others, for sets that are not paired."""
    table = predictions.take(truths).table
    drawn = predictions.take(answers).table
    for position, name in enumerate(table.column_names):
        if name.startswith("prediction."):
            table = table.set_column(position, name, drawn.column(name))
    return replace(predictions, table=table)

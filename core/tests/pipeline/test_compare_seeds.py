"""Runs of several seeds: whose answers stand beside whose, and what is averaged."""

from __future__ import annotations

import dataclasses

import numpy as np
import pyarrow as pa
import pytest

from sci.api import Feature, Predictions
from sci.pipeline.compare_runs import Contender
from sci.pipeline.compare_seeds import CountedOverSeeds, MeanOverSeeds, over_seeds


class Rms:
    """The root of a mean square, from sums: the mean over seeds is not that of all answers together."""

    higher_is_better = False
    bounds = (0.0, None)

    def statistics(self, predictions):
        return (predictions.prediction("value") - predictions.target())[:, None] ** 2

    def value(self, sums, n):
        return np.sqrt(sums[..., 0] / n)

    def __call__(self, predictions):
        return float(self.value(self.statistics(predictions).sum(axis=0), len(predictions)))


class Called:
    higher_is_better = True
    bounds = (None, None)

    def __call__(self, predictions):
        return float(np.max(predictions.prediction("value")))


NUMBER = Feature("number", dtype="float64")


def answers(ids, values):
    columns = {"target": np.zeros(len(ids)), "prediction.value": np.asarray(values, dtype=float)}
    return Predictions.of(np.asarray(ids), columns, dict.fromkeys(columns, NUMBER))


class Lock:
    lock = {"data": {"rows": 10}}


def contender(folds):
    return Contender("a", Lock(), None, folds)


def test_every_seed_of_every_fold_stands_in_the_order_of_the_other_run():
    one = contender(
        {"x": [answers([1, 2], [1, 2]), answers([2, 1], [20, 10])], "y": [answers([3], [3]), answers([3], [30])]}
    )
    found = one.pooled(one, 2)
    assert one.seeds == 2
    assert found.ids.tolist() == [1, 2, 1, 2, 3, 3]
    assert found.prediction("value").tolist() == [1, 2, 10, 20, 3, 30]
    columns = {name: found.table.column(name).to_pylist() for name in ("fold", "child", "group")}
    assert columns == {
        "fold": [0] * 4 + [1] * 2,
        "child": [0, 0, 1, 1, 2, 3],
        "group": [1, 2, 1, 2, 3, 3],
    }
    assert found.info["train_rows"] == 10 - 1.5


def test_the_first_seed_alone_is_what_it_was():
    one = contender({"x": [answers([1, 2], [1, 2]), answers([1, 2], [10, 20])]})
    assert one.pooled(one).table.column_names == ["id", "target", "prediction.value"]
    assert contender({"x": [answers([1], [1])], "y": [answers([2], [1])] * 3}).seeds == 1


def test_rows_with_groups_of_their_own_keep_them():
    grouped = [
        dataclasses.replace(one, table=one.table.append_column("group", pa.array(["p", "p"])))
        for one in (answers([1, 2], [1, 2]), answers([1, 2], [3, 4]))
    ]
    one = contender({"x": grouped})
    assert one.pooled(one, 2).table.column("group").to_pylist() == ["p"] * 4


def test_the_metric_is_the_mean_of_its_values_for_each_seed():
    one = contender({"x": [answers([1, 2], [3, 3]), answers([1, 2], [5, 5])]})
    found = one.pooled(one, 2)
    assert over_seeds(Rms())(found) == pytest.approx(4)
    assert Rms()(found) == pytest.approx(np.sqrt(17))
    assert isinstance(over_seeds(Rms()), CountedOverSeeds)
    assert type(over_seeds(Called())) is MeanOverSeeds
    assert over_seeds(Called())(found) == 4
    assert not over_seeds(Rms()).higher_is_better


def test_counting_rows_is_the_same_as_taking_them():
    random = np.random.default_rng(0)
    one = contender({"x": [answers(np.arange(9), random.normal(size=9)) for _ in range(3)]})
    found, metric = one.pooled(one, 3), over_seeds(Rms())
    counts = np.stack([np.tile(np.bincount(random.integers(9, size=size), minlength=9), 3) for size in (9, 9, 7)])
    taken = [metric(found.take(np.repeat(np.arange(27), row))) for row in counts]
    np.testing.assert_allclose(metric.weighted(found)(counts.astype(float)), taken)

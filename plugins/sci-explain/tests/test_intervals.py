"""Intervals of permutation importance hold the true drop about as often as they say."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from sci.api import Dataset, Feature, Predictions, Schema
from sci.testing.context import KitContext
from sci_explain.config import PermutationConfig
from sci_explain.permutation import PermutationImportance
from sci_explain.resampled import drawn, values

NUMBER = Feature("number", dtype="float64")


class Doubling:
    """Answers twice the input."""

    def predictions(self, rows):
        x, y = (np.asarray(rows.column(name)) for name in "xy")
        return Predictions.of(rows.ids, {"target": y, "prediction.value": 2 * x}, dict.fromkeys(FEATURES, NUMBER))


FEATURES = ("target", "prediction.value")


class SquaredError:
    """By sums where `fast`, else by calls."""

    higher_is_better = False

    def __call__(self, predictions):
        return float(self._errors(predictions).mean())

    def _errors(self, predictions):
        return np.square(np.asarray(predictions.prediction("value")) - np.asarray(predictions.target()))


class Summed(SquaredError):
    def statistics(self, predictions):
        return self._errors(predictions)[:, None]

    def value(self, sums, n):
        return sums[..., 0] / n


class Counted(SquaredError):
    def weighted(self, predictions):
        errors = self._errors(predictions)
        return lambda counts: counts @ errors / counts.sum(axis=1)


def rows(seed, n=150):
    draw = np.random.default_rng(seed)
    x = draw.normal(size=n)
    schema = Schema({"x": NUMBER, "y": NUMBER}, {"x": "input", "y": "target"}, {"target": "y"})
    return Dataset({"x": x, "y": 2 * x + draw.normal(size=n)}, schema)


def test_the_true_drop_lies_in_most_intervals(tmp_path):
    inside = 0
    for seed in range(60):
        model = SimpleNamespace(pipeline=Doubling(), metrics={"mse": Summed()})
        subject = SimpleNamespace(model=model, context=KitContext(tmp_path, seed=seed))
        analysis = PermutationImportance(PermutationConfig(samples=200))
        value, low, high = analysis._drops(subject, "mse", rows(seed), "x", 10)
        assert low < value < high
        inside += low <= 2 * 2**2 <= high  # 2 b^2 Var(x)
    assert 52 <= inside < 60


@pytest.mark.parametrize("metric", [Summed(), Counted(), SquaredError()], ids=["sums", "counts", "calls"])
def test_every_kind_of_metric_gives_the_same_on_the_same_samples(metric):
    predictions = Doubling().predictions(rows(1))
    counts = drawn(predictions, 20, np.random.default_rng(2))
    errors = SquaredError()._errors(predictions)
    np.testing.assert_allclose(values(metric, predictions, counts), counts @ errors / counts.sum(axis=1))


def test_rows_of_a_group_are_drawn_together():
    predictions = Doubling().predictions(rows(1, n=30))
    table = predictions.table.append_column("group", [[f"g{at // 3}" for at in range(30)]])
    counts = drawn(Predictions(table, predictions.features), 50, np.random.default_rng(2))
    assert (counts.reshape(50, 10, 3) == counts.reshape(50, 10, 3)[:, :, :1]).all()
    assert (counts.sum(axis=1) == 30).all()

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
import pyarrow as pa
import pytest
from sci.api import Feature, Predictions

from {{ module }}.config import KappaConfig
from {{ module }}.kappa import Kappa

Weights = Literal["none", "linear", "quadratic"]
GRADES = ("low", "middle", "high")


def predicted(truth: Sequence[str], label: Sequence[str | None], classes: Sequence[str]) -> Predictions:
    columns = {
        "target": pa.array(truth, type=pa.large_string()),
        "prediction.label": pa.array(label, type=pa.large_string()),
    }
    features = dict.fromkeys(columns, Feature("category", dtype="string"))
    return Predictions.of(np.arange(len(truth)), columns, features, info={"classes": list(classes)})


def drawn(seed: int) -> Predictions:
    random = np.random.default_rng(seed)
    return predicted(random.choice(GRADES, 60).tolist(), random.choice(GRADES, 60).tolist(), GRADES)


def by_definition(predictions: Predictions, weights: Weights) -> float:
    """Sums over all rows, and over all pairs of rows."""
    power = {"none": 0, "linear": 1, "quadratic": 2}[weights]
    truth, label = predictions.codes("target"), predictions.codes("label")
    found = np.mean([abs(t - p) ** power if t != p else 0 for t, p in zip(truth, label, strict=True)])
    chance = np.mean([abs(t - p) ** power if t != p else 0 for t in truth for p in label])
    return float(1 - found / chance)


def test_kappa_of_a_table_worked_out_by_hand() -> None:
    # 20 and 15 of 50 agree: 0.7; the margins give 0.5 by chance; (0.7 - 0.5) / (1 - 0.5) = 0.4
    truth = ["yes"] * 25 + ["no"] * 25
    label = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15

    assert Kappa(KappaConfig())(predicted(truth, label, ("no", "yes"))) == pytest.approx(0.4, abs=1e-12)


@pytest.mark.parametrize("weights", ["none", "linear", "quadratic"])
@pytest.mark.parametrize("seed", range(5))
def test_kappa_is_what_its_definition_says(weights: Weights, seed: int) -> None:
    predictions = drawn(seed)

    assert Kappa(KappaConfig(weights=weights))(predictions) == pytest.approx(by_definition(predictions, weights))


@pytest.mark.parametrize(("label", "expected"), [(GRADES, 1.0), (GRADES[::-1], -1.0)])
def test_kappa_reaches_its_bounds(label: tuple[str, ...], expected: float) -> None:
    predictions = predicted(GRADES, label, GRADES)

    assert Kappa(KappaConfig(weights="quadratic"))(predictions) == pytest.approx(expected)


def test_a_near_miss_costs_less_where_classes_have_an_order() -> None:
    near = predicted([*GRADES, "low"], [*GRADES, "middle"], GRADES)
    far = predicted([*GRADES, "low"], [*GRADES, "high"], GRADES)

    assert Kappa(KappaConfig(weights="linear"))(near) > Kappa(KappaConfig(weights="linear"))(far)
    assert Kappa(KappaConfig())(near) == pytest.approx(Kappa(KappaConfig())(far))


def test_kappa_is_not_defined_where_only_one_class_occurs() -> None:
    assert math.isnan(Kappa(KappaConfig())(predicted(["low", "low"], ["low", "low"], GRADES)))


def test_a_row_without_a_label_counts_as_the_worst_miss() -> None:
    without = predicted([*GRADES, "low"], [*GRADES, None], GRADES)
    worst = predicted([*GRADES, "low"], [*GRADES, "high"], GRADES)

    metric = Kappa(KappaConfig(weights="quadratic"))

    assert metric(without) == metric(worst)


def test_resampled_values_follow_from_the_sums() -> None:
    metric, predictions = Kappa(KappaConfig(weights="linear")), drawn(0)
    draws = np.random.default_rng(1).integers(0, 60, (4, 60))
    counts = np.stack([np.bincount(rows, minlength=60) for rows in draws])

    values = metric.value(counts @ metric.statistics(predictions), 60)

    assert values == pytest.approx([metric(predictions.take(rows)) for rows in draws])

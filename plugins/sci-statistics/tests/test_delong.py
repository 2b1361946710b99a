"""DeLong's test against pROC (fixtures/delong.json, made by fixtures/delong.R) and scikit-learn."""

from __future__ import annotations

import json
import math
import pathlib
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from sci.api import ConfigError, Feature, Predictions
from sci_statistics.areas import areas_and_covariance
from sci_statistics.delong import DeLong

NUMBER = Feature("number", dtype="float64")
CASES = json.loads((pathlib.Path(__file__).parent / "fixtures" / "delong.json").read_text())["cases"]


class Area:
    higher_is_better = True
    bounds = (0.0, 1.0)

    def scores(self, predictions: Predictions) -> tuple[np.ndarray, np.ndarray]:
        return predictions.prediction("value"), predictions.target() == 1

    def __call__(self, predictions: Predictions) -> float:
        return float(roc_auc_score(predictions.target(), predictions.prediction("value")))


class Other(Area):
    def __call__(self, predictions: Predictions) -> float:
        return 0.5


def predictions(target: Any, value: Any) -> Predictions:
    columns = {"target": np.asarray(target, dtype=float), "prediction.value": np.asarray(value, dtype=float)}
    return Predictions.of(np.arange(len(columns["target"])), columns, dict.fromkeys(columns, NUMBER))


def compare(a: Predictions, b: Predictions, metric: Any = None, confidence: float = 0.95) -> Any:
    return DeLong().compare(metric or Area(), a, b, confidence, 0)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{len(case['positive'])} rows")
def test_areas_variances_interval_and_p_are_those_of_proc(case: dict[str, Any]) -> None:
    a, b = (predictions(case["positive"], case[name]) for name in ("a", "b"))

    found = compare(a, b)

    areas, covariance = areas_and_covariance(np.array([case["a"], case["b"]]), np.array(case["positive"]) == 1)
    assert areas == pytest.approx(case["areas"], abs=1e-8)
    assert np.diag(covariance) == pytest.approx(case["variances"], abs=1e-8)
    assert covariance[0, 1] == pytest.approx(case["covariance"], abs=1e-8)
    assert [found.low, found.high] == pytest.approx(case["interval"], abs=1e-8)
    assert found.p == pytest.approx(case["p"], abs=1e-8)
    assert found.value == pytest.approx(case["areas"][0] - case["areas"][1], abs=1e-8)


def test_areas_are_those_of_scikit_learn_where_scores_are_equal() -> None:
    random = np.random.default_rng(0)
    positive = random.random(500) < 0.3
    scored = np.round(random.normal(size=(2, 500)) + positive, 1)

    areas, _ = areas_and_covariance(scored, positive)

    assert areas == pytest.approx([roc_auc_score(positive, one) for one in scored], abs=1e-12)


def test_a_model_against_itself_shows_no_difference() -> None:
    a = predictions([0, 1, 0, 1, 1], [0.1, 0.4, 0.5, 0.9, 0.2])

    found = compare(a, a)

    assert (found.value, found.low, found.high, found.p) == (0.0, 0.0, 0.0, 1.0)


@pytest.mark.parametrize(
    ("target", "value", "reason"),
    [
        ([0, 0, 1], [0.1, 0.2, 0.3], "two rows of either class"),
        ([0, 0, 1, 1], [0.1, math.nan, 0.3, 0.2], "some scores are not finite"),
        ([], [], "n = 0"),
    ],
)
def test_no_difference_says_why(target: list[int], value: list[float], reason: str) -> None:
    a = predictions(target, value)

    found = compare(a, a)

    assert math.isnan(found.p)
    assert reason in found.method


def test_metrics_without_scores_or_with_another_value_are_refused() -> None:
    a = predictions([0, 1, 0, 1], [0.1, 0.4, 0.5, 0.9])

    with pytest.raises(ConfigError, match="`Other` is no area under a ROC curve"):
        compare(a, a, Other())
    with pytest.raises(ConfigError, match="`object` is no area"):
        compare(a, a, object())

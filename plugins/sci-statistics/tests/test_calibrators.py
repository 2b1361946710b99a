"""Calibrators on simulated answers whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError
from scipy.special import softmax
from scipy.stats import binom

from sci.api import ConfigError, DataError
from sci.testing.predictions import classified, measured
from sci_statistics.calibrators.conformal import Conformal
from sci_statistics.calibrators.temperature import Temperature
from sci_statistics.calibrators.threshold import Threshold
from sci_statistics.config import ConformalConfig, ThresholdConfig

NAMES = ("ant", "bee", "cat")


def drawn(seed, n=4000, temperature=1.0, names=NAMES, positive=None):
    """Answers whose logits are `temperature` times those that the truth was drawn by."""
    random = np.random.default_rng(seed)
    logits = random.normal(0, 1.5, (n, len(names)))
    truth = [names[random.choice(len(names), p=p)] for p in softmax(logits, axis=1)]
    return classified(truth, None, softmax(temperature * logits, axis=1), names, positive)


def transformed(calibrator, predictions):
    names = [name.removeprefix("prediction.") for name in predictions.table.column_names if "prediction." in name]
    return calibrator.transform({name: predictions.prediction(name) for name in names}, predictions.info)


@pytest.mark.parametrize("planted", [0.5, 1.0, 2.5])
def test_the_planted_temperature_is_found(planted):
    validation = drawn(1, temperature=planted)
    calibrator = Temperature()
    calibrator.fit(validation)

    assert calibrator.temperature == pytest.approx(planted, rel=0.08)
    found = transformed(calibrator, drawn(2, temperature=planted))["probability"]
    assert found == pytest.approx(drawn(2).prediction("probability"), abs=0.03)


def test_temperature_changes_no_label_and_lowers_the_loss_of_new_rows():
    calibrator = Temperature()
    calibrator.fit(drawn(1, temperature=3.0))
    new = drawn(2, temperature=3.0)
    before, after = new.prediction("probability"), transformed(calibrator, new)["probability"]

    def loss(probability):
        return -np.log(probability[np.arange(len(new)), new.codes("target")]).mean()

    assert (before.argmax(axis=1) == after.argmax(axis=1)).all()
    assert loss(after) < 0.8 * loss(before)


def test_a_model_that_is_always_right_keeps_its_probabilities():
    right = classified(["a", "b"] * 10, None, [[0.8, 0.2], [0.3, 0.7]] * 10)
    calibrator = Temperature()
    calibrator.fit(right)

    assert calibrator.temperature == 1.0


def test_a_probability_of_nothing_stays_a_number():
    sure = classified(["a", "b", "a"], None, [[1.0, 0.0], [1.0, 0.0], [0.6, 0.4]])
    calibrator = Temperature()
    calibrator.fit(sure)
    found = transformed(calibrator, sure)["probability"]

    assert np.isfinite(found).all()
    assert found.sum(axis=1) == pytest.approx(1)


@pytest.mark.parametrize(("fp", "fn"), [(1, 1), (1, 5), (7, 2)])
def test_the_threshold_is_the_cheapest_of_all(fp, fn):
    validation = drawn(3, 400, 2.0, ("no", "yes"), "yes")
    calibrator = Threshold(ThresholdConfig(cost={"false_positive": fp, "false_negative": fn}))
    calibrator.fit(validation)
    chance, truth = validation.prediction("probability")[:, 1], validation.codes("target") == 1

    def cost(threshold):
        said = chance >= threshold
        return fp * (said & ~truth).sum() + fn * (~said & truth).sum()

    assert cost(calibrator.threshold) == min(map(cost, [*chance, 1.1]))
    said = np.asarray(transformed(calibrator, validation)["label"].to_pylist()) == "yes"
    assert (said == (chance >= calibrator.threshold)).all()


@pytest.mark.parametrize(
    ("metric", "function"),
    [
        ("f1", "f1_score"),
        ("balanced-accuracy", "balanced_accuracy_score"),
        ("accuracy", "accuracy_score"),
        ("mcc", "matthews_corrcoef"),
    ],
)
def test_the_threshold_is_the_best_by_a_metric(metric, function):
    score = getattr(pytest.importorskip("sklearn.metrics"), function)
    validation = drawn(4, 150, 1.0, ("no", "yes"), "yes")
    calibrator = Threshold(ThresholdConfig(metric=metric))
    calibrator.fit(validation)
    chance, truth = validation.prediction("probability")[:, 1], validation.codes("target") == 1
    best = max(score(truth, chance >= one) for one in np.unique(chance))

    assert score(truth, chance >= calibrator.threshold) == pytest.approx(best)


def test_a_threshold_asks_for_two_classes_and_for_one_aim():
    with pytest.raises(ConfigError, match="decides between two classes, and there are 3"):
        Threshold(ThresholdConfig()).check({"classes": list(NAMES)})
    with pytest.raises(ValidationError, match="one of them stays"):
        ThresholdConfig(cost={"false_negative": 5}, metric="f1")


@pytest.mark.parametrize("method", ["lac", "aps"])
@pytest.mark.parametrize("coverage", [0.8, 0.95])
def test_sets_hold_the_truth_as_often_as_asked_on_exchangeable_rows(method, coverage):
    calibrator = Conformal(ConformalConfig(coverage=coverage, method=method, empty=True))
    calibrator.fit(drawn(5, 2000, 2.0))
    new = drawn(6, 4000, 2.0)
    inside = transformed(calibrator, new)["set"]
    covered = int(inside[np.arange(len(new)), new.codes("target")].sum())

    # The coverage given 2,000 validation rows is itself a draw: Beta around the target, 4 standard deviations wide.
    slack = 4 * np.sqrt(coverage * (1 - coverage) / 2000)
    low, high = binom.ppf(0.0005, 4000, coverage - slack), binom.ppf(0.9995, 4000, min(coverage + slack, 1))
    assert low <= covered <= high
    assert inside.dtype == bool
    assert inside.shape == (4000, 3)


def test_intervals_hold_the_truth_as_often_as_asked_and_no_more():
    random = np.random.default_rng(7)
    value = random.normal(size=6000)
    truth = value + random.standard_t(3, size=6000)
    calibrator = Conformal(ConformalConfig(coverage=0.9))
    calibrator.fit(measured(truth[:2000], value[:2000]))
    found = transformed(calibrator, measured(truth[2000:], value[2000:]))
    share = np.mean((found["low"] <= truth[2000:]) & (truth[2000:] <= found["high"]))

    assert share == pytest.approx(0.9, abs=4 * np.sqrt(0.09 / 2000) + 3 * np.sqrt(0.09 / 4000))


def test_no_set_is_empty_unless_asked_for():
    validation = classified(["a", "b"] * 50, None, [[0.95, 0.05], [0.05, 0.95]] * 50)
    doubtful = classified(["a"], None, [[0.5, 0.5]], ["a", "b"])
    for empty, size in ((False, 2), (True, 0)):
        calibrator = Conformal(ConformalConfig(empty=empty))
        calibrator.fit(validation)
        assert transformed(calibrator, doubtful)["set"].sum() == size


@pytest.mark.parametrize(("rows", "enough"), [(8, False), (9, True)])
def test_too_few_validation_rows_for_the_coverage_are_refused(rows, enough):
    calibrator = Conformal(ConformalConfig(coverage=0.9))
    validation = measured(np.arange(rows), np.zeros(rows))
    if enough:
        calibrator.fit(validation)
        assert calibrator.limit == 8
    else:
        with pytest.raises(DataError, match=r"needs at least 9 validation rows .* 0.9; there are 8"):
            calibrator.fit(validation)


def test_the_ends_have_the_unit_of_the_value_and_sets_the_shape_of_the_probabilities():
    from sci.api import Feature

    calibrator = Conformal(ConformalConfig())
    ends = calibrator.outputs({"value": Feature("number", dtype="float64", unit="EUR", like="target")}, {})
    sets = calibrator.outputs({"probability": Feature("array", dtype="float64", shape=(3,))}, {})

    assert {name: (one.unit, one.like) for name, one in ends.items()} == {"low": ("EUR", None), "high": ("EUR", None)}
    assert sets["set"].shape == (3,)


def test_a_row_without_probabilities_keeps_its_missing_label_and_leaves_no_class_out():
    validation = drawn(8, 200, 1.0, ("no", "yes"), "yes")
    threshold, conformal = Threshold(ThresholdConfig()), Conformal(ConformalConfig())
    threshold.fit(validation)
    conformal.fit(validation)
    import pyarrow as pa

    broken = {"label": pa.array([None], pa.large_string()), "probability": np.full((1, 2), np.nan)}

    assert threshold.transform(broken, validation.info)["label"].to_pylist() == [None]
    assert conformal.transform(broken, validation.info)["set"].tolist() == [[True, True]]

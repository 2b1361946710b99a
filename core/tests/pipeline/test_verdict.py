from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest

from sci.api import Difference, Feature, Predictions, Score
from sci.pipeline import verdict

NAN = math.nan


def score(value=0.951, low=0.920, high=0.977, n=1116, better=True):
    return Score(value, low, high, 0.95, "bootstrap", n, better)


def difference(value, low, high, detectable=0.04):
    return Difference(value, low, high, 0.95, 0.03, "paired bootstrap", detectable)


def answered(true, classes=("ham", "spam")):
    """Test rows with these true classes."""
    features = {"target": Feature("category", dtype="string", values=tuple(classes))}
    table = pa.table({"id": np.arange(len(true)), "target": pa.array(list(true), pa.string())})
    return Predictions(table, features, {"classes": list(classes)})


def listed(true, classes=("money", "sport")):
    """Test rows with these true lists of classes."""
    features = {"target": Feature("category", dtype="string", ragged=True, values=tuple(classes))}
    table = pa.table({"id": np.arange(len(true)), "target": pa.array(true, pa.large_list(pa.large_string()))})
    return Predictions(table, features, {"classes": list(classes)})


def test_a_label_that_test_rows_hardly_have_makes_a_trial_run():
    rare = [["money"], [], ["sport", "money"], None] * 5
    assert verdict.too_few(listed([*rare, *rare])) == ""
    assert verdict.too_few(listed([*rare, *[["money"]] * 20][2:])) == ""
    assert verdict.too_few(listed([["money", "sport"]] + [["money"]] * 40)) == "With only 1 `sport` in the test rows"
    assert verdict.too_few(listed([["money"]] * 40)) == "Without a test row of `sport`"


def numbers(true):
    """Test rows with these true numbers."""
    table = pa.table({"id": np.arange(len(true)), "target": np.asarray(true)})
    return Predictions(table, {"target": Feature("number", dtype="float64")}, {})


def judged(found=None, baseline="tfidf", margin=None, test=None, more=None):
    differences = {"f1": {"tfidf": found}} if found else {}
    rival = score(0.923, 0.886, 0.954)
    return verdict.judge("f1", score(), baseline, rival, {**differences, **(more or {})}, margin, test)


@pytest.mark.parametrize(
    ("found", "margin", "state", "words"),
    [
        (difference(0.029, 0.003, 0.057), None, "clears", "clears its best baseline on f1, by 0.029 (95 % interval 0.003 to 0.057)"),
        (difference(-0.041, -0.070, -0.012), None, "worse", "does worse than `tfidf` on f1, by 0.041 (0.012 to 0.070). Use the baseline."),
        (difference(0.006, -0.012, 0.024), None, "not-separable", "difference +0.006 (-0.012 to 0.024); 1,116 rows could show about 0.040"),
        (difference(0.006, -0.012, 0.019), 0.02, "equivalent", "within the margin of 0.02 that was declared beforehand"),
        (difference(0.0, 0.0, 0.0), None, "not-separable", "not separable"),
        (difference(NAN, NAN, NAN), None, "undefined", "their difference has no interval"),
    ],
)  # fmt: skip
def test_each_state_has_its_sentence(found, margin, state, words):
    made = judged(found, margin=margin)
    assert made.state == state
    assert words in made.sentence


def test_without_a_baseline_nothing_is_said_about_good_or_bad():
    made = judged(baseline=None)
    assert made.state == "no-baseline"
    assert (
        made.sentence
        == "f1 is 0.951 (95 % interval 0.920 to 0.977). There is no baseline, so this cannot say whether it is good."
    )


def test_a_metric_without_a_value_is_undefined():
    made = verdict.judge("f1", score(NAN, NAN, NAN), "tfidf", score(), {}, None)
    assert made.state == "undefined"
    assert made.sentence == "f1 cannot be computed on these test rows."


@pytest.mark.parametrize(
    ("test", "why"),
    [
        (answered(["ham"] * 40), "the test split has no `spam`."),
        (answered(["a"] * 40, "abcdefg"), "the test split has no `b`, `c`, `d` and 3 more classes."),
        (answered(["ham", "spam"] * 20), None),
        (numbers([2.5] * 40), "all test rows have the same true value."),
        (numbers([1.0, 2.0] * 20), None),
    ],
)
def test_a_metric_without_a_value_says_what_the_test_rows_lack(test, why):
    made = verdict.judge("f1", score(NAN, NAN, NAN), None, None, {}, None, test)
    assert made.sentence.endswith(
        f"f1 cannot be computed: {why}" if why else "f1 cannot be computed on these test rows."
    )


def test_where_the_test_disagrees_with_the_interval_the_more_cautious_word_is_used():
    disputed = Difference(0.029, 0.003, 0.057, 0.95, 0.057, "paired bootstrap", NAN)
    assert judged(disputed).state == "not-separable"
    assert (disputed.word, disputed.disputed) == ("not separable", True)
    assert Difference(0.029, 0.003, 0.057, 0.95, NAN, "", NAN).word == "better"
    assert Difference(NAN, NAN, NAN, 0.95, 0.9, "", NAN).word == "undefined"


def test_other_metrics_on_which_the_model_does_worse_are_named_at_once():
    made = judged(difference(0.029, 0.003, 0.057), more={"roc-auc": {"tfidf": difference(-0.012, -0.02, -0.001)}})
    assert made.sentence.endswith("On roc-auc it does worse.")


@pytest.mark.parametrize(
    ("test", "few"),
    [
        (answered(["ham", "spam"] * 6), "With only 12 test rows"),
        (answered(["ham"]), "With only 1 test row"),
        (answered(["ham"] * 40 + ["spam"] * 4), "With only 4 test rows of `spam`"),
        (answered(["ham"] * 40 + ["spam"]), "With only 1 test row of `spam`"),
        (answered(["ham"] * 40), "Without a test row of `spam`"),
        (answered(["ham"] * 40 + ["spam"] * 5), ""),
        (numbers([1.0, 2.0] * 15), ""),
    ],
)
def test_a_tiny_test_is_called_a_trial_run(test, few):
    made = judged(difference(0.029, 0.003, 0.057), test=test)
    assert made.tiny == bool(few)
    assert made.sentence.startswith(f"{few} this is a trial run, not a result. The model" if few else "The model")


def test_the_primary_metric_is_named_then_watched_then_first():
    metrics = ["accuracy", "f1"]
    assert verdict.primary({"evaluation": {"primary": "f1"}}, metrics) == "f1"
    assert verdict.primary({"training": {"early_stopping": {"monitor": "f1"}}}, metrics) == "f1"
    assert verdict.primary({"training": {"early_stopping": {"monitor": "loss"}}}, metrics) == "accuracy"
    assert verdict.primary({}, metrics) == "accuracy"


def test_the_best_baseline_is_the_best_in_the_direction_of_the_metric():
    low = {
        "a": {"rmse": score(2.0, better=False)},
        "b": {"rmse": score(1.0, better=False)},
        "c": {"rmse": score(NAN, better=False)},
    }
    assert verdict.best_baselines("rmse", low) == ["b"]
    assert verdict.best_baselines("f1", {"a": {"f1": score(0.2)}, "b": {"f1": score(0.3)}}) == ["b"]
    assert verdict.best_baselines("f1", {}) == []


def test_baselines_that_tie_on_the_validation_rows_are_all_the_best():
    tied = {"majority": {"f1": score(0.5)}, "tfidf": {"f1": score(0.5)}, "linear": {"f1": score(0.4)}}
    assert verdict.best_baselines("f1", tied) == ["majority", "tfidf"]


def held_against_all(names=(), **found):
    names = list(names or found)
    name, differences = verdict.hardest("f1", names, {"f1": found})
    return verdict.judge("f1", score(), name, score(), differences, None, None, len(names))


def test_a_model_has_to_clear_every_baseline_that_ties_for_the_best():
    clear, near, open_ = difference(0.1, 0.05, 0.15), difference(0.03, 0.01, 0.05), difference(0.02, -0.01, 0.05)

    made = held_against_all(("majority", "tfidf"), majority=clear, tfidf=near, linear=open_)
    assert (made.state, made.baseline) == ("clears", "tfidf")
    assert made.sentence.startswith("The model clears each of its 2 best baselines on f1, the nearest by 0.030")

    made = held_against_all(("majority", "tfidf"), majority=clear, tfidf=open_)
    assert (made.state, made.baseline) == ("not-separable", "tfidf")


def test_without_validation_rows_the_model_is_held_against_every_baseline():
    made = held_against_all(one=difference(0.1, 0.05, 0.15), other=difference(0.03, 0.01, 0.05))

    assert (made.state, made.baseline) == ("clears", "other")
    assert made.sentence.startswith(
        "The model clears each of its 2 baselines on f1, the nearest by 0.030 (95 % interval"
    )

    assert (
        held_against_all(one=difference(0.1, 0.05, 0.15), other=difference(0.02, -0.01, 0.05)).state == "not-separable"
    )


def test_worse_than_one_of_several_baselines_is_said_only_if_it_holds_for_as_many_comparisons():
    worse = difference(-0.1, -0.19, -0.01)

    assert held_against_all(one=worse).state == "worse"
    assert held_against_all(one=worse, other=difference(0.1, 0.05, 0.15)).state == "not-separable"

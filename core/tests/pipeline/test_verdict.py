from __future__ import annotations

import math

import pytest

from sci.api import AuditFinding, Difference, Score
from sci.pipeline import verdict

NAN = math.nan


def score(value=0.951, low=0.920, high=0.977, n=1116, better=True):
    return Score(value, low, high, 0.95, "bootstrap", n, better)


def difference(value, low, high, detectable=0.04):
    return Difference(value, low, high, 0.95, 0.03, "paired bootstrap", detectable)


def judged(found=None, baseline="tfidf", margin=None, tiny=False, more=None):
    differences = {"f1": {"tfidf": found}} if found else {}
    return verdict.judge(
        "f1", score(), baseline, score(0.923, 0.886, 0.954), {**differences, **(more or {})}, margin, tiny, ()
    )


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
    made = verdict.judge("f1", score(NAN, NAN, NAN), "tfidf", score(), {}, None, False, ())
    assert made.state == "undefined"
    assert made.sentence == "f1 cannot be computed on these test rows."


def test_other_metrics_on_which_the_model_does_worse_are_named_at_once():
    made = judged(difference(0.029, 0.003, 0.057), more={"roc-auc": {"tfidf": difference(-0.012, -0.02, -0.001)}})
    assert made.sentence.endswith("On roc-auc it does worse.")


def test_a_tiny_test_is_called_a_trial_run():
    assert judged(difference(0.029, 0.003, 0.057), tiny=True).sentence.startswith(
        "With only 1,116 test rows this is a trial run"
    )


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
    assert verdict.best_baseline("rmse", low) == "b"
    assert verdict.best_baseline("f1", {"a": {"f1": score(0.2)}, "b": {"f1": score(0.3)}}) == "b"
    assert verdict.best_baseline("f1", {}) is None


def test_waivers_stand_before_the_finding_and_openings_are_counted():
    found = verdict.cautions(
        [
            AuditFinding("duplicates", "warning", "214 test rows also occur in train"),
            AuditFinding("groups", "passed", "fine"),
        ],
        {"duplicates": "warn"},
        4,
    )
    assert found[0] == "A check was waived (audit: {duplicates: warn}): 214 test rows also occur in train."
    assert found[1].startswith("This test set had been opened 3 times before.")
    assert len(found) == 2

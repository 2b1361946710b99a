from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from sci.api import AuditFinding, Difference, Score, Verdict
from sci.api.errors import Place
from sci.pipeline.weakening import Doubts, weighed

NAN = math.nan
CLEARS = Difference(0.05, 0.01, 0.09, 0.95, 0.01, "paired bootstrap", NAN)
VERDICT = Verdict("clears", "The model clears its best baseline.", "f1", "tfidf", CLEARS)
NEAR = AuditFinding("near-duplicates", "warning", "3 test rows have near copies in train", ("text",), (1, 2, 3), 3)


def doubts(audit=(), again=None, **more):
    """Doubts about ten test rows; without some of them nothing changes, where `again` does not say otherwise."""

    def same(kept):
        return Score(0.9, 0.8, 0.95, 0.95, "bootstrap", int(kept.sum()), True), None, CLEARS

    known = {"policy": {}, "place": lambda check: None, "earlier": (), "ids": np.arange(10)}
    return Doubts(audit=audit, again=again or same, **{**known, **more})


def without(difference):
    asked = []

    def again(kept):
        asked.append(np.flatnonzero(~kept).tolist())
        score = Score(0.9, 0.8, 0.95, 0.95, "bootstrap", int(kept.sum()), True)
        return score, score, difference

    return asked, again


def test_nothing_against_it_leaves_a_verdict_as_it_is():
    assert weighed(VERDICT, doubts([AuditFinding("groups", "passed", "fine")])) == VERDICT


def test_the_verdict_is_judged_again_without_the_rows_of_a_warning():
    asked, again = without(Difference(0.035, -0.002, 0.073, 0.95, 0.06, "paired bootstrap", NAN))
    made = weighed(VERDICT, doubts([NEAR], again))
    assert asked == [[1, 2, 3]]
    assert made.weakened_by == ("near-duplicates",)
    assert made.cautions == (
        "3 test rows have near copies in train. Without them the lead over `tfidf`, +0.035 (-0.002 to 0.073), "
        "is no longer separable from zero.",
    )


def test_a_baseline_that_is_not_cleared_beside_the_chosen_one_is_named():
    open_ = Difference(0.02, -0.01, 0.05, 0.95, 0.2, "paired bootstrap", NAN)
    others = {"linear": CLEARS, "forest": open_, "rules": replace(CLEARS, value=-0.05, low=-0.09, high=-0.01)}
    assert weighed(VERDICT, doubts(others=others)).cautions == (
        "The model is not separable from `forest` on f1: +0.020 (-0.010 to 0.050).",
        "The model does worse than `rules` on f1: -0.050 (-0.090 to -0.010).",
    )
    undecided = replace(VERDICT, state="not-separable")
    assert weighed(undecided, doubts(others=others)).cautions == ()


def test_a_verdict_that_stands_without_them_is_not_weakened():
    made = weighed(VERDICT, doubts([NEAR]))
    assert made.cautions[0].endswith("Without them the verdict stands: +0.050 (0.010 to 0.090).")
    assert made.weakened_by == ()


def test_any_other_change_is_said_in_full():
    _, again = without(Difference(-0.05, -0.09, -0.01, 0.95, 0.01, "paired bootstrap", NAN))
    made = weighed(VERDICT, doubts([NEAR], again))
    assert "Without them the verdict changes: The model does worse than `tfidf` on f1, by 0.050" in made.cautions[0]
    assert made.weakened_by == ("near-duplicates",)


def test_without_a_baseline_the_value_is_told_anew():
    alone = Verdict("no-baseline", "f1 is 0.9.", "f1")
    _, again = without(None)
    made = weighed(alone, doubts([NEAR], again))
    assert made.cautions[0].endswith("Without them f1 is 0.90 (0.80 to 0.95).")
    assert made.weakened_by == ()


@pytest.mark.parametrize(
    "finding",
    [
        replace(NEAR, count=58),  # the ids are examples only
        replace(NEAR, rows=(), count=0),
        replace(NEAR, rows=(101, 102, 103)),  # none of them is a test row
    ],
)
def test_rows_that_are_not_all_known_or_not_tested_give_the_caution_alone(finding):
    asked, again = without(CLEARS)
    made = weighed(VERDICT, doubts([finding], again))
    assert (asked, made.cautions, made.weakened_by) == ([], (f"{NEAR.message}.",), ())


def test_only_the_test_rows_of_a_finding_are_taken_out():
    asked, again = without(CLEARS)
    made = weighed(VERDICT, doubts([replace(NEAR, rows=(8, 9, 50), count=3)], again))
    assert asked == [[8, 9]]
    assert "Without the 2 test rows among them the verdict stands" in made.cautions[0]


def test_a_finding_about_every_test_row_leaves_none():
    asked, again = without(CLEARS)
    made = weighed(VERDICT, doubts([replace(NEAR, rows=tuple(range(10)), count=10)], again))
    assert made.cautions[0].endswith("Without them no test row is left.")
    assert (asked, made.weakened_by) == ([], ("near-duplicates",))


def test_what_was_waived_comes_first_with_its_place():
    waived = AuditFinding("duplicates", "warning", "214 test rows also occur in train", waived=True)
    policy = {"duplicates": "warn", "groups": "off"}
    place = {"duplicates": Place("some/where/spam.yaml", 31, 5)}.get
    made = weighed(VERDICT, doubts([NEAR, waived], policy=policy, place=place))
    assert (
        made.cautions[0] == "A check was switched off (`audit: {groups: off}`): what it would have found is not known."
    )
    assert made.cautions[1] == (
        "A check was waived (`audit: {duplicates: warn}`, spam.yaml:31): 214 test rows also occur in train. "
        "These figures may be too good; do not cite them as generalization."
    )
    assert made.cautions[2].startswith("3 test rows")
    assert made.weakened_by == ("waived",)


@pytest.mark.parametrize(
    ("earlier", "said"),
    [
        (["a/20260101-000000-k3f9"], "opened once before (run k3f9). Each look"),
        (["a/1-aaaa", "a/2-bbbb", "b/3-cccc"], "opened 3 times before (runs aaaa, bbbb, cccc)."),
        ([f"a/x-{n:04d}" for n in range(1200)], "opened 1,200 times before (runs 1197, 1198, 1199 and 1,197 more)."),
    ],
)
def test_earlier_looks_at_the_test_set_are_counted_and_named(earlier, said):
    made = weighed(VERDICT, doubts(earlier=earlier))
    assert said in made.cautions[0]
    assert made.weakened_by == ("opened",)

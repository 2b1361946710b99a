"""The page about intervals and tests says what its raw figures say, and a small simulation agrees."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

SCRIPT = runpy.run_path(str(Path(__file__).parent / "simulate.py"))
RAW = json.loads(SCRIPT["RAW"].read_text(encoding="utf-8"))


def rate(found, word):
    return found.get(word, 0) / sum(found.values())


def test_committed_page_is_what_the_committed_figures_give():
    assert SCRIPT["PAGE"].read_text(encoding="utf-8") == SCRIPT["page"](RAW)
    assert set(RAW) == set(SCRIPT["PARTS"])
    assert all(part["simulations"] >= 2000 for part in RAW.values())


def test_committed_figures_meet_their_aims_at_1000_rows():
    [cell] = [cell for cell in RAW["rows"]["cells"] if cell["n"] == 1000]

    for found in cell["coverage"].values():
        assert 0.93 <= rate(found, "inside") <= 0.97
    for found in cell["type_one"].values():
        assert 0.03 <= rate(found, "rejected") <= 0.07


def test_committed_figures_show_what_groups_and_folds_do_to_methods_that_do_not_know_of_them():
    for cell in RAW["groups"]["cells"]:
        for metric in ("accuracy", "rmse"):
            whole, single = (
                rate(cell["coverage"][f"{metric}, {method}"], "inside") for method in ("whole groups", "single rows")
            )
            assert whole >= (0.9 if cell["groups"] >= 50 else 0.88)  # few groups say little about their spread
            assert single < 0.85 or not cell["shared"]
    for cell in RAW["folds"]["cells"]:
        assert rate(cell["type_one"]["corrected t"], "rejected") <= 0.07
    [_, repeated] = RAW["folds"]["cells"]
    assert rate(repeated["type_one"]["t without correction"], "rejected") > 0.2


def test_a_small_simulation_covers_and_errs_as_it_should():
    covered = SCRIPT["counted"]([SCRIPT["covered"]((200, 0.3, seed)) for seed in range(100)])
    rejected = SCRIPT["counted"]([SCRIPT["rejected"]((200, 0.3, seed)) for seed in range(100)])

    assert all(found["inside"] >= 87 for found in covered.values())
    assert all(found.get("rejected", 0) <= 13 for found in rejected.values())


def test_a_small_simulation_tells_groups_and_folds_from_independent_rows():
    whole = SCRIPT["counted"]([SCRIPT["grouped"]((30, 0.3, seed)) for seed in range(60)])
    folds = SCRIPT["counted"]([SCRIPT["over_folds"](("random", 15, 40, seed)) for seed in range(60)])

    assert whole["accuracy, whole groups"]["inside"] >= 50
    assert whole["accuracy, single rows"]["inside"] <= 50
    assert folds["corrected t"].get("rejected", 0) <= 9
    assert folds["t without correction"].get("rejected", 0) >= 10

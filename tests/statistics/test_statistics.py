"""The page about intervals and tests says what its raw figures say, and a small simulation agrees."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

SCRIPT = runpy.run_path(str(Path(__file__).parent / "simulate.py"))


def test_committed_page_is_what_the_committed_figures_give():
    raw = json.loads(SCRIPT["RAW"].read_text(encoding="utf-8"))

    assert SCRIPT["PAGE"].read_text(encoding="utf-8") == SCRIPT["page"](raw)
    assert raw["simulations"] >= 2000


def test_committed_figures_meet_their_aims_at_1000_rows():
    [cell] = [cell for cell in json.loads(SCRIPT["RAW"].read_text(encoding="utf-8"))["cells"] if cell["n"] == 1000]

    for found in cell["coverage"].values():
        assert 0.93 <= found["inside"] / sum(found.values()) <= 0.97
    for found in cell["type_one"].values():
        assert 0.03 <= found["rejected"] / sum(found.values()) <= 0.07


def test_a_small_simulation_covers_and_errs_as_it_should():
    covered = SCRIPT["counted"]([SCRIPT["covered"]((200, 0.3, seed)) for seed in range(100)])
    rejected = SCRIPT["counted"]([SCRIPT["rejected"]((200, 0.3, seed)) for seed in range(100)])

    assert all(found["inside"] >= 87 for found in covered.values())
    assert all(found.get("rejected", 0) <= 13 for found in rejected.values())

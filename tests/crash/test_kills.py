"""Killed runs go on to the same end on every engine, and a full disk costs no run. `make crash` does far more of both."""

from __future__ import annotations

import importlib.util
import json
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
KILLS = runpy.run_path(str(HERE / "kills.py"))
KILLED = {"numpy": 3, "torch": 2, "tensorflow": 2}
"""Kills on each engine here: every process of the last two imports its framework anew."""
LEAST = 100
"""Kills on each engine behind the committed page; `make crash` makes a hundred."""


@pytest.mark.parametrize("engine", KILLED)
def test_killed_runs_end_with_the_same_weights_state_history_and_predictions(engine):
    if importlib.util.find_spec(f"sci_{engine}") is None:
        pytest.skip(f"engine {engine} is not installed")

    figures = KILLS["crashed"](engine, KILLED[engine], seed=7, cases=1, epochs=6, every_steps=5)

    assert [run["wrong"] for run in figures["runs"] if run["wrong"]] == []
    assert len(KILLS["kills_of"](figures)) == KILLED[engine]


def test_a_full_disk_ends_a_run_with_exit_code_7_and_resuming_finishes_it():
    command = [sys.executable, str(HERE / "full.py"), "--cases", "4"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)

    assert [case for case in report["cases"] if case["wrong"]] == []
    assert [case["code"] for case in report["cases"]] == [7, 7, 7, 7]
    assert report["calls"] > 100


def test_committed_page_is_what_the_committed_figures_give():
    raw = json.loads(KILLS["RAW"].read_text(encoding="utf-8"))

    assert KILLS["PAGE"].read_text(encoding="utf-8") == KILLS["page"](raw)
    assert KILLS["good"](raw)
    assert list(raw["engines"]) == ["numpy", "torch", "tensorflow"]
    assert min(len(KILLS["kills_of"](figures)) for figures in raw["engines"].values()) >= LEAST


def test_the_page_tells_of_runs_that_ended_otherwise():
    kills = [{"phase": "validation", "step": 3, "half_written": False, "from": 2}]
    runs = [{"case": "c", "kills": kills, "wrong": ["weights"]}, {"case": "c", "kills": kills, "wrong": []}]
    points = {"unseen": [], "cases": [{"kind": "kill", "wrong": ""}, {"kind": "EIO", "wrong": "left are []"}]}
    full = {
        "calls": 9,
        "cases": [{"code": 7, "status": "failed", "wrong": []}, {"code": 1, "status": None, "wrong": ["ended with 1"]}],
    }
    known = {
        **{"date": "2020-01-01", "python": "3.11.0", "platform": "Linux", "cpus": 2},
        **{"engines": {"numpy": {"version": "2.0", "runs": runs}}, "failpoints": points, "full": full},
    }

    assert not KILLS["good"](known)
    assert "| numpy 2.0 | 2 | 0 | 2 | 0 | 0 | 2 | **1** |" in KILLS["page"](known)
    assert "and is not: **1**." in KILLS["page"](known)
    assert "with exit code 7: 1." in KILLS["page"](known)
    assert "of the other 1, **1** ended as" in KILLS["page"](known)

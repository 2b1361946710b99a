"""`make demo` is the first thing that anybody runs."""

from __future__ import annotations

import json
import pathlib
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def demo():
    """The demo's process and its report; the folder that it made is removed afterwards."""
    process = subprocess.run(
        [sys.executable, "tools/demo.py"], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=240
    )
    report = pathlib.Path(process.stdout.splitlines()[-1]) if process.stdout else ROOT
    yield process, report
    if report.is_relative_to(ROOT / "runs" / "demo"):
        shutil.rmtree(ROOT / "runs" / "demo" / report.relative_to(ROOT / "runs" / "demo").parts[0])


def test_the_last_line_is_the_path_of_a_report(demo):
    process, report = demo

    assert process.returncode == 0, process.stderr
    assert report.name == "report.html"
    assert report.read_text(encoding="utf-8").lstrip().lower().startswith("<!doctype html>")


def test_the_demo_shows_the_commands_that_it_runs(demo):
    process, _ = demo

    shown = [line for line in process.stdout.splitlines() if line.startswith("$ sci ")]

    assert shown == ["$ sci init digits", "$ sci check experiment.yaml", "$ sci run experiment.yaml"]


def test_the_study_of_the_demo_is_a_real_one(demo):
    _, report = demo

    manifest = json.loads((report.parent / "manifest.json").read_text(encoding="utf-8"))
    accuracy = json.loads((report.parent / "metrics.json").read_text(encoding="utf-8"))["test"]["accuracy"]

    assert manifest["status"] == "finished"
    assert accuracy["interval"][0] > 0.95, "a majority baseline has 0.1"
    assert accuracy["n"] > 300

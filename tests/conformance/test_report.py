"""The page about our own plugins says what the raw results say."""

from __future__ import annotations

import importlib
import json
import pathlib
import tomllib

import pytest

from sci.testing.catalogue import checks


@pytest.fixture
def report(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(pathlib.Path(__file__).parent)
    return importlib.import_module("report")


def plugin(**outcomes: int):
    said = [
        {
            "id": "SCI-MET-005",
            "subject": "metric `a`",
            "outcome": outcome,
            "level": level,
            "received": "x",
            "reason": "y",
        }
        for outcome, level in (("failed", "recommended"), ("expected", "required"))
    ]
    return {"plugin": "sci-a", "version": "1.0", "passed": True, "checks": {"SCI-MET-005": outcomes}, "said": said}


def test_committed_page_is_what_the_committed_results_give(report) -> None:
    raw = json.loads(report.RAW.read_text(encoding="utf-8"))

    assert report.PAGE.read_text(encoding="utf-8") == report.page(raw)


def test_every_plugin_is_in_the_report_and_passes(report) -> None:
    raw = json.loads(report.RAW.read_text(encoding="utf-8"))
    names = [
        tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]["name"]
        for folder in report.folders()
    ]

    assert [one["plugin"] for one in raw["plugins"]] == names
    assert all(one["passed"] for one in raw["plugins"])


def test_every_check_that_looks_at_our_plugins_is_in_the_report(report) -> None:
    raw = json.loads(report.RAW.read_text(encoding="utf-8"))

    assert {id for one in raw["plugins"] for id in one["checks"]} <= set(checks())
    assert {"SCI-PKG-007", "SCI-TRK-004", "SCI-CMP-002"} <= {id for one in raw["plugins"] for id in one["checks"]}


def test_a_recommendation_that_is_not_met_counts_as_no_failure(report) -> None:
    raw = {
        "date": "",
        "python": "",
        "platform": "",
        "versions": {},
        "plugins": [plugin(passed=2, failed=1, expected=1)],
    }

    page = report.page(raw)

    assert "| `sci-a` 1.0 | 1 | 2 | 0 | 1 | 1 | 0 |" in page
    assert "- `sci-a`, [`SCI-MET-005`](conformance.md): metric `a`: y" in page

"""The page about start-up says what the raw figures say."""

from __future__ import annotations

import json

import pytest


def figures(**milliseconds: list[float]):
    facts = {"date": "2020-01-01", "python": "3.11.0", "platform": "Linux", "cpus": 2, "load": None}
    return {**facts, "few": 10, "many": 300, "milliseconds": milliseconds}


def test_committed_page_is_what_the_committed_figures_give(script):
    startup = script("startup")
    raw = json.loads(startup.RAW.read_text(encoding="utf-8"))

    assert startup.PAGE.read_text(encoding="utf-8") == startup.page(raw)
    assert {len(samples) >= 15 for samples in raw["milliseconds"].values()} == {True}


def test_ratio_and_cost_of_a_plugin_are_those_of_the_medians(script):
    startup = script("startup")
    known = figures(bare=[90.0, 100.0, 900.0], help=[1.0, 120.0, 130.0], list_few=[200.0] * 3, list_many=[345.0] * 3)

    assert startup.ratio(known) == pytest.approx(1.2)
    assert startup.plugin_cost(known) == pytest.approx(0.5)
    assert "**1.20 times**" in startup.page(known)
    assert "**0.50 ms**" in startup.page(known)

"""The table of what the standard plugins bring."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from sci.plugins import known

TOOL = Path(__file__).parents[3] / "tools" / "known_components.py"


def test_the_table_is_current():
    tool = runpy.run_path(str(TOOL))
    try:
        expected = tool["text"]()
    except SystemExit as missing:
        pytest.skip(f"the table can only be compared where every standard plugin is installed ({missing})")

    assert tool["FILE"].read_text(encoding="utf-8") == expected, "run python tools/known_components.py"


def test_every_distribution_of_the_table_is_one_of_the_repository():
    brought = {
        where
        for names in known._homes().values()
        for one in names.values()
        for where in ([one] if isinstance(one, str) else one.values())
    }

    assert brought <= runpy.run_path(str(TOOL))["distributions"]()


def test_a_native_component_is_at_home_where_its_engine_is(monkeypatch):
    monkeypatch.setattr(known, "_homes", lambda: {"models": {"mlp": {"torch": "sci-torch", "numpy": "sci-numpy"}}})

    assert known.home("models", "mlp", "torch") == "sci-torch"
    assert known.home("models", "mlp", "jax") is None
    assert known.home("models", "mlp") == "sci-torch"
    assert known.home("metrics", "mlp") is None
    assert known.brought_by("sci-numpy") == {("models", "mlp")}

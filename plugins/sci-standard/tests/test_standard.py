"""The bundle of the standard plugins: complete, readable, and without rules."""

from __future__ import annotations

import tomllib
from pathlib import Path

from packaging.requirements import Requirement

from sci.plugins.policyfile import of_bundle

HERE = Path(__file__).parents[1]
PROJECT = tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_it_asks_for_the_core_and_every_plugin_of_the_repository():
    plugins = {path.name for path in HERE.parent.iterdir() if (path / "pyproject.toml").is_file()}

    asked = [Requirement(line) for line in PROJECT["dependencies"]]

    assert {one.name for one in asked} == (plugins - {"sci-standard"}) | {"sci-core"}
    assert {str(one.specifier) for one in asked} == {"<0.2,>=0.1"}


def test_it_has_no_rules():
    policy = of_bundle(HERE / "src/sci_standard/bundle.yaml", "standard", PROJECT["version"])

    assert policy.title == "standard 0.1.0"
    assert not policy.restricts

"""The rules can be read, and every template of the house holds under them. The bundle has to be installed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

EXPERIMENTS = sorted(Path(__file__).parents[1].glob("src/*/experiments/*/experiment.yaml"))


def sci(*arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "SCI_BUNDLE": "{{ name }}"}
    return subprocess.run(
        [sys.executable, "-m", "sci", *arguments], env=environment, capture_output=True, text=True, check=False
    )


def test_every_rule_can_be_read() -> None:
    shown = sci("bundle", "show", "--json")

    assert shown.returncode == 0, shown.stderr
    assert json.loads(shown.stdout)["bundle"]["name"] == "{{ name }}"


@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=lambda path: path.parent.name)
def test_template_holds_under_the_rules(experiment: Path) -> None:
    checked = sci("check", str(experiment))

    assert checked.returncode == 0, checked.stderr

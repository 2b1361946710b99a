"""What the READMEs of the experiment templates say to type can be typed into the experiment beside them."""

from __future__ import annotations

import pathlib
import re

import pytest
import yaml

from sci.api.errors import SciError
from sci.api.kinds import KINDS
from sci.experiment.generic import generic_keys
from sci.experiment.load import load
from sci.experiment.writing import inline
from sci.pipeline.runner import plugins

ROOT = pathlib.Path(__file__).resolve().parents[2]
READMES = sorted(
    [*ROOT.glob("templates/experiments/*/README.md"), *ROOT.glob("plugins/*/src/*/experiments/*/README.md")]
)
PLACES = ("", "data.", "data.columns.x.", "data.source.", "data.split.", "task.", "model.", "training.")
SNIPPET = re.compile(r"`([^`\n]+)`|^ {4}(\S.*)$", re.MULTILINE)
COMMAND = re.compile(r"(sci|pip|python) ")


def settings(readme: pathlib.Path) -> list[dict]:
    """The settings that a README says, each as a mapping."""
    texts = ["".join(found) for found in SNIPPET.findall(readme.read_text(encoding="utf-8"))]
    values = [yaml.safe_load(text) for text in texts if re.search(r": \S", text) and not COMMAND.match(text)]
    return [value for value in values if isinstance(value, dict)]


SAID = [(readme, said) for readme in READMES for said in settings(readme)]


@pytest.fixture(scope="module")
def registry():
    return plugins(ROOT).registry


def tried(readme, override, registry) -> str:
    """What is wrong with the experiment of a template with one more setting; empty where nothing is."""
    try:
        load(readme.with_name("experiment.yaml"), [override], registry)
    except SciError as error:
        return str(error)
    return ""


def component_wrong(said, registry) -> str:
    """Why settings are those of no component of their name; empty where they are."""
    found = [f"nothing is called {said['name']}"]
    for kind in KINDS:
        if said["name"] in registry.names(kind):
            entry = registry.find(kind, said["name"])
            shared = ("name", *generic_keys(kind, entry.config_class()))
            try:
                entry.settings({key: value for key, value in said.items() if key not in shared})
            except ValueError as error:
                found.append(str(error))
            else:
                return ""
    return "\n".join(found)


def wrong(readme, said, registry) -> str:
    """Why a setting that a README says can stand nowhere; empty where it can."""
    if "name" in said:
        return component_wrong(said, registry)
    [(key, value)] = said.items()
    steps = yaml.safe_load(readme.with_name("experiment.yaml").read_text(encoding="utf-8")).get("preprocessing", [])
    places = [*PLACES, *(f"preprocessing.{at}." for at in range(len(steps))), "evaluation.metrics.0."]
    found = [tried(readme, f"{place}{key}={inline(value)}", registry) for place in places]
    return "" if "" in found else "\n".join(found)


@pytest.mark.parametrize(("readme", "said"), SAID, ids=[f"{one.parent.name}-{inline(said)}" for one, said in SAID])
def test_a_setting_that_a_readme_says_is_one(readme, said, registry):
    assert not wrong(readme, said, registry)


def test_settings_are_found_in_readmes():
    assert len(SAID) > 15

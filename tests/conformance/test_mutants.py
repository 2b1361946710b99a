"""Each check finds the plugin that breaks its promise, and no other check does."""

from __future__ import annotations

import pathlib
import runpy
import sys
from collections.abc import Callable

import pytest

from sci.api import PluginError
from sci.testing import run_checks
from sci.testing.catalogue import checks
from sci.testing.run import Plan

HERE = pathlib.Path(__file__).parent
KEPT = runpy.run_path(str(HERE / "houses.py"))
MUTANTS = runpy.run_path(str(HERE / "mutants.py"))["MUTANTS"]

PROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "sci-house"
version = "1.0"
description = "A house of small components"
readme = "README.md"
license = "MIT"
license-files = ["LICENSE"]
requires-python = ">=3.11"
dependencies = ["sci-core>=0.1,<9"]

[project.entry-points."sci.plugins"]
house = "sci_house.plugin"

[tool.hatch.build.targets.wheel]
"""


LIGHT = ("plugin.py", "config.py", "METADATA", "entry_points.txt", "py.typed")
"""What another process looks at when a plugin says what it offers; it is asked once for each house in order."""
SEEN: dict[str, dict[str, object]] = {}


def wrong(house: str, mutant: tuple[str, ...] | None = None) -> dict[str, str]:
    """The checks that do not pass on the house, of both levels, with what they say."""
    plan = Plan.of("sci-house", level="recommended")
    alike = mutant is None or mutant[1] not in LIGHT
    if alike and house in SEEN:
        plan.subject.memory["light"] = SEEN[house]
    found = [result for check, trials in plan.checks() for result in plan.results(check, trials)]
    if alike:
        SEEN[house] = plan.subject.memory["light"]
    return {one.id: "\n".join(one.lines()) for one in found if not one.ok}


@pytest.mark.parametrize("house", KEPT["HOUSES"])
def test_a_house_in_order_passes_every_check(house: str, built: Callable[..., None]) -> None:
    built(house)

    assert wrong(house) == {}


@pytest.mark.parametrize("id", MUTANTS)
def test_a_broken_promise_is_found_by_its_check_alone(id: str, built: Callable[..., None]) -> None:
    built(MUTANTS[id].house, MUTANTS[id])

    found = wrong(MUTANTS[id].house, MUTANTS[id])

    assert list(found) == [id], "\n".join(found.values())


def test_every_check_has_a_mutant() -> None:
    assert set(MUTANTS) | {"SCI-PKG-007"} == set(checks())


def packed(folder: pathlib.Path, packages: str, more: str = "") -> None:
    """Make a folder a project."""
    for name in ("README.md", "LICENSE"):
        (folder / name).write_text("Words.\n", encoding="utf-8")
    (folder / "pyproject.toml").write_text(PROJECT + f'packages = ["{packages}"]\n' + more, encoding="utf-8")


@pytest.mark.parametrize(("more", "expected"), [("", set()), ('exclude = ["metrics.py"]', {"SCI-PKG-007"})])
def test_a_module_that_only_the_wheel_lacks_is_found(
    more: str, expected: set[str], tmp_path: pathlib.Path, built: Callable[..., None]
) -> None:
    built("metrics")
    packed(tmp_path, "site/sci_house", more)

    found = run_checks(tmp_path, level="recommended")

    assert {one.id for one in found if not one.ok} == expected
    assert "SCI-PKG-007" in {one.id for one in found if one.outcome in ("passed", "failed")}


def test_a_folder_that_is_not_installed_is_built_first(tmp_path: pathlib.Path, room: pathlib.Path) -> None:
    package = tmp_path / "sci-house" / "src" / "sci_house"
    package.mkdir(parents=True)
    files = {**KEPT["HOUSES"]["metrics"], "config.py": KEPT["CONFIG"], "__init__.py": "", "py.typed": ""}
    for name, text in files.items():
        (package / name).write_text(text, encoding="utf-8")
    packed(tmp_path / "sci-house", "src/sci_house")

    found = run_checks(tmp_path / "sci-house")

    assert [one.id for one in found if not one.ok] == []
    assert not pathlib.Path(sys.modules["sci_house"].__file__).is_relative_to(tmp_path)


def test_a_folder_that_does_not_build_is_an_error(tmp_path: pathlib.Path, room: pathlib.Path) -> None:
    folder = tmp_path / "sci-house"
    folder.mkdir()
    packed(folder, "src/sci_house")
    (folder / "README.md").unlink()

    with pytest.raises(PluginError, match="the wheel of `sci-house` cannot be built") as caught:
        run_checks(folder)
    assert caught.value.id == "plugin.build"

"""What every distribution of the repository brings with it, and what it declares."""

from __future__ import annotations

import ast
import functools
import hashlib
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from sci.plugins.manager import assemble
from sci.plugins.policy import Policy

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = sorted(ROOT.glob("plugins/*"), key=lambda folder: folder.name)
DISTRIBUTIONS = [ROOT / "core", *PLUGINS]
APACHE = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
"""SHA-256 of https://www.apache.org/licenses/LICENSE-2.0.txt."""
PINNED_BY = {"pydantic-core": "pydantic"}
"""What another distribution asks for in one exact version is part of it."""

plugins = pytest.mark.parametrize("folder", PLUGINS, ids=lambda folder: folder.name)
distributions = pytest.mark.parametrize("folder", DISTRIBUTIONS, ids=lambda folder: folder.name)


def metadata(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))


def required_lines(text: str) -> list[str]:
    """The lines of a pyproject that ask for a distribution, extras included."""
    found, inside = [], False
    section = ""
    for line in text.splitlines():
        if re.match(r"\[(.+)\]", line):
            section = line.strip("[] ")
        if re.match(r"dependencies\s*=\s*\[", line) or (section == "project.optional-dependencies" and "= [" in line):
            inside = True
        if inside and '"' in line:
            found.append(line.strip())
        if inside and line.split("#")[0].rstrip().endswith("]"):
            inside = False
    return found


@functools.cache
def homes() -> dict[str, str]:
    """Top-level module to the distribution that brings it."""
    return {module: canonicalize_name(names[0]) for module, names in packages_distributions().items()}


def imported(folder: Path) -> set[str]:
    """Distributions whose modules the sources import, the core's and the standard library's left out."""
    names = set()
    for file in folder.glob("src/**/*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module.partition(".")[0])
    own = {"sci", *(path.name for path in folder.glob("src/*"))}
    found = {canonicalize_name(homes().get(name, name)) for name in names - own - sys.stdlib_module_names}
    return {PINNED_BY.get(name, name) for name in found}


def declared(folder: Path) -> set[str]:
    return {canonicalize_name(Requirement(line).name) for line in metadata(folder)["project"]["dependencies"]}


def optional(folder: Path) -> set[str]:
    """Distributions that only single components need: their specs or an extra say so, and `sci` names the line to
    type."""
    records = [one for one in assemble(Policy(), environ={}).records if one.distribution == folder.name]
    specs = [spec for record in records for kind in record.specs.values() for spec in kind]
    extras = metadata(folder)["project"].get("optional-dependencies", {}).values()
    lines = [*(line for spec in specs for line in spec.requires), *(line for extra in extras for line in extra)]
    return {canonicalize_name(Requirement(line).name) for line in lines}


def test_license_is_the_apache_license_to_the_letter():
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == APACHE


@distributions
def test_distribution_carries_the_license_of_the_repository(folder):
    assert (folder / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


@distributions
def test_distribution_has_a_readme_tests_and_typed_sources(folder):
    [package] = [path for path in (folder / "src").iterdir() if (path / "__init__.py").is_file()]

    assert len((folder / "README.md").read_text(encoding="utf-8").split()) > 20
    assert (package / "py.typed").is_file()
    assert list((folder / "tests").rglob("test_*.py"))


@plugins
def test_plugin_declares_one_entry_point_named_as_its_folder(folder):
    project = metadata(folder)["project"]
    short = folder.name.removeprefix("sci-")

    assert project["name"] == folder.name
    assert project["entry-points"] == {"sci.plugins": {short: f"sci_{short}.plugin"}}


@plugins
def test_plugin_asks_for_this_generation_of_the_core(folder):
    assert "sci-core>=0.1,<0.2" in metadata(folder)["project"]["dependencies"]


@distributions
def test_distribution_declares_license_python_and_its_own_files(folder):
    project = metadata(folder)["project"]

    assert project["license"] == "Apache-2.0"
    assert project["license-files"] == ["LICENSE"]
    assert project["requires-python"] == ">=3.11"
    assert project["readme"] == "README.md"
    assert project["description"].strip()


@distributions
def test_tools_are_configured_at_the_root_alone(folder):
    assert set(metadata(folder).get("tool", {})) <= {"hatch"}


@distributions
def test_every_dependency_says_why_it_is_there(folder):
    lines = required_lines((folder / "pyproject.toml").read_text(encoding="utf-8"))
    declared_lines = metadata(folder)["project"]["dependencies"]

    assert len(lines) >= len(declared_lines) > 0
    assert [line for line in lines if not re.search(r"#\s*\w+", line)] == []


@distributions
def test_every_import_is_declared(folder):
    known = declared(folder) | optional(folder)

    assert sorted(imported(folder) - known) == []


@distributions
def test_every_declared_dependency_is_imported(folder):
    ours = {one.name for one in PLUGINS} | {"sci-core"}  # another plugin of ours brings components, not modules

    assert sorted(declared(folder) - imported(folder) - ours) == []


def test_all_distributions_have_one_version():
    assert len({metadata(folder)["project"]["version"] for folder in DISTRIBUTIONS}) == 1

"""Every distribution builds a wheel with all that belongs to it, and each plugin installs alone beside the core.

The wheels are tried in fresh environments that see nothing of this one, so that no editable installation helps out.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = sorted(folder.name for folder in ROOT.glob("plugins/*") if (folder / "pyproject.toml").is_file())
FOLDERS = {"sci-core": ROOT / "core", **{name: ROOT / "plugins" / name for name in PLUGINS}}

plugins = pytest.mark.parametrize("name", [name for name in PLUGINS if name != "sci-standard"])
distributions = pytest.mark.parametrize("name", FOLDERS)


@pytest.fixture(scope="session")
def contents(wheels) -> dict[str, dict[str, bytes]]:
    """What each wheel holds, path to bytes."""
    found = {}
    for name, path in wheels.items():
        with zipfile.ZipFile(path) as archive:
            found[name] = {one: archive.read(one) for one in archive.namelist()}
    return found


@pytest.fixture(scope="session")
def core_alone(new_environment, wheels):
    """An environment with the core's wheel and its declared dependencies from the index."""
    environment = new_environment()
    environment.install("--constraint", ROOT / "constraints.txt", wheels["sci-core"])
    return environment


def test_every_distribution_builds_one_pure_wheel(wheels):
    assert sorted(wheels) == sorted(FOLDERS)
    assert {path.name.rpartition("0.1.0")[2] for path in wheels.values()} == {"-py3-none-any.whl"}


def files_under(folder: Path, prefix: str = "") -> dict[str, bytes]:
    """What a folder of sources holds, path to bytes."""
    return {
        prefix + path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }


@distributions
def test_wheel_holds_every_file_of_its_package_and_no_other(contents, name):
    files = files_under(FOLDERS[name] / "src")
    if name == "sci-core":
        files |= files_under(ROOT / "templates", "sci/templates/")

    packed = {path: data for path, data in contents[name].items() if ".dist-info/" not in path}

    assert sorted(packed) == sorted(files)
    assert [path for path, data in files.items() if packed[path] != data] == []
    assert any(path.endswith("/py.typed") for path in packed)


@distributions
def test_wheel_carries_the_license_and_says_what_it_needs(contents, name):
    facts = {path.rpartition(".dist-info/")[2]: data for path, data in contents[name].items() if ".dist-info/" in path}
    metadata = facts["METADATA"].decode()

    assert facts["licenses/LICENSE"] == (ROOT / "LICENSE").read_bytes()
    assert "\nLicense-Expression: Apache-2.0\n" in metadata
    assert "\nRequires-Python: >=3.11\n" in metadata
    assert (name == "sci-core") or "\nRequires-Dist: sci-core<0.2,>=0.1\n" in metadata


@distributions
def test_wheel_holds_no_tests(contents, name):
    own = [path for path in contents[name] if not path.startswith("sci/templates/")]

    assert [path for path in own if "tests/" in path or "/test_" in path or "conftest" in path] == []


def test_core_works_without_any_plugin(core_alone):
    listed = json.loads(core_alone.run("-m", "sci", "plugins", "list", "--json"))

    assert listed == {"plugins": []}
    assert core_alone.run("-m", "sci", "--version").strip() == "sci 0.1.0"


def test_core_brings_the_experiment_templates_of_the_repository(core_alone):
    listed = json.loads(core_alone.run("-m", "sci", "init", "--json"))["templates"]

    assert {one["name"] for one in listed} == {path.parent.name for path in ROOT.glob("templates/*/*/experiment.yaml")}


@plugins
def test_plugin_works_alone_beside_the_core(core_alone, wheels, tmp_path, name):
    with zipfile.ZipFile(wheels[name]) as archive:
        archive.extractall(tmp_path)  # as pip does with a pure wheel without scripts; other tests here install with pip

    listed = json.loads(core_alone.run("-m", "sci", "plugins", "list", "--json", path=tmp_path))["plugins"]
    examined = json.loads(core_alone.run("-m", "sci", "plugins", "doctor", "--json", path=tmp_path))

    assert [(one["distribution"], one["version"], one["status"]) for one in listed] == [(name, "0.1.0", "installed")]
    assert [(one["distribution"], one["status"]) for one in examined["plugins"]] == [(name, "ok")]
    assert examined["attention"] == 0


def test_plugin_brings_all_that_its_code_imports(core_alone, wheels):
    shelf = wheels["sci-metrics"].parent
    own = ("--constraint", ROOT / "constraints.txt", "--find-links", shelf, wheels["sci-metrics"])
    code = (
        "import importlib, pkgutil, sci_metrics\n"
        "for one in pkgutil.iter_modules(sci_metrics.__path__):\n"
        "    print(importlib.import_module(f'sci_metrics.{one.name}').__file__)\n"
    )

    core_alone.install(*own)  # the core's own libraries, and what the plugin declares beyond them
    try:
        imported = core_alone.run("-c", code).splitlines()
        components = core_alone.run("-m", "sci", "components", "--json")
    finally:
        core_alone.uninstall("sci-metrics")

    assert len(imported) == len(list((FOLDERS["sci-metrics"] / "src/sci_metrics").glob("*.py"))) - 1
    assert all(Path(file).is_relative_to(core_alone.folder) for file in imported)
    assert "f1-macro" in components

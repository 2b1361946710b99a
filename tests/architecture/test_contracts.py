"""The import contracts name every plugin, and light modules are light by what they import."""

from __future__ import annotations

import ast
import importlib.util
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sci.plugins.manager import assemble
from sci.plugins.policy import Policy

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = sorted(folder.name for folder in ROOT.glob("plugins/*/src/*") if (folder / "__init__.py").is_file())
BUNDLE = "sci_standard"
LINTER = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]


def contract(name: str) -> dict[str, Any]:
    [found] = [one for one in LINTER["contracts"] if one["name"] == name]
    return found


def imports(file: Path) -> list[str]:
    """Every module that the file imports, wherever in the file; `from a import b` counts as a."""
    return named(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))


def named(nodes: Iterable[ast.AST]) -> list[str]:
    names = []
    for node in nodes:
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names.append("." * node.level + (node.module or ""))
    return names


def loaded_with(module: str) -> dict[str, list[str]]:
    """What a module and those of its package that it imports import when they are loaded, not when they are called."""
    found: dict[str, list[str]] = {}
    waiting = [module]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found[one] = named(ast.parse(source(one).read_text(encoding="utf-8")).body)
            waiting += [name for name in found[one] if name.partition(".")[0] == module.partition(".")[0]]
    return found


def settings_modules() -> set[str]:
    """The modules that hold settings, by what the plugins' own specs say."""
    records = assemble(Policy(), environ={}).records
    specs = [spec for record in records for kind in record.specs.values() for spec in kind]
    modules = {spec.config.partition(":")[0] for spec in specs if spec.config}
    return {module for module in modules if module.partition(".")[0] in PACKAGES}


def source(module: str) -> Path:
    spec = importlib.util.find_spec(module)
    assert spec is not None
    assert spec.origin is not None, module
    return Path(spec.origin)


def strangers(modules: list[str], allowed: Iterator[str] | set[str]) -> list[str]:
    return sorted(set(modules) - {"__future__", *allowed})


def test_every_folder_of_plugins_holds_one_package():
    assert len(PACKAGES) == len(list(ROOT.glob("plugins/*/pyproject.toml"))) > 0


def test_import_linter_reads_the_core_and_exactly_the_plugins_of_the_repository():
    assert sorted(LINTER["root_packages"]) == ["sci", *PACKAGES]


def test_core_is_forbidden_every_plugin():
    listed = contract("The core knows no plugin and no framework")["forbidden_modules"]

    assert sorted(name for name in listed if name.startswith("sci_")) == PACKAGES


def test_every_plugin_is_held_to_the_published_face_of_the_core():
    assert sorted(contract("Plugins see the published face of the core only")["source_modules"]) == PACKAGES


def test_plugins_are_independent_of_every_other_plugin():
    assert sorted(contract("Plugins do not know one another")["modules"]) == PACKAGES


def test_every_part_of_the_core_but_its_face_is_closed_to_plugins():
    parts = {path.stem for path in (ROOT / "core/src/sci").iterdir() if path.suffix == ".py" or path.is_dir()}
    hidden = parts - {"api", "testing", "templates", "__init__", "__main__", "__pycache__"}

    listed = contract("Plugins see the published face of the core only")["forbidden_modules"]

    assert {f"sci.{part}" for part in hidden} == set(listed)


def test_a_bundle_holds_no_code():
    assert [path.name for path in source(BUNDLE).parent.glob("**/*.py")] == ["__init__.py"]


@pytest.mark.parametrize("package", [one for one in PACKAGES if one != BUNDLE])
def test_light_module_imports_the_plugin_api_and_nothing_else(package):
    cases = f"{package}.conformance"  # imported when the conformance kit asks for cases

    assert strangers(imports(source(f"{package}.plugin")), {"sci.api", cases}) == []


def test_settings_import_the_plugin_api_pydantic_and_the_standard_library_only():
    modules = settings_modules()
    loaded = {name: imported for module in modules for name, imported in loaded_with(module).items()}

    strange = {name: strangers(imported, {"sci.api", "pydantic", *loaded}) for name, imported in loaded.items()}
    found = {
        module: [name for name in names if name.partition(".")[0] not in sys.stdlib_module_names]
        for module, names in strange.items()
    }

    assert len(modules) >= len(PACKAGES) // 2
    assert {module: names for module, names in found.items() if names} == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_first_module_is_empty_or_says_it_in_one_line(package):
    text = source(package).read_text(encoding="utf-8")
    body = ast.parse(text).body

    assert body == [] or (len(body) == 1 and len(text.splitlines()) == 1 and ast.get_docstring(ast.parse(text)))

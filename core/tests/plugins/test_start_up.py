"""Start-up does not grow with what is installed: three hundred plugins beside ours."""

from __future__ import annotations

import json
import sys

import pytest

from sci.plugins.discovery import Discovery
from sci.plugins.manager import assemble
from sci.plugins.policy import Policy
from sci.plugins.selection import scan

MANY = 300
PLUGIN = """
from sci.api import ComponentSpec, hookimpl

@hookimpl
def sci_metrics():
    return [ComponentSpec("metric-{0}", "many_{0}.metric:Metric")]
"""
README = "A README as long as they are.\n" * 200

WATCHED = """
import json, runpy, sys
opened = []
sys.addaudithook(lambda event, arguments: opened.append(str(arguments[0])) if event == "open" else None)
code = 0
try:
    from sci.cli.main import main
    code = main(sys.argv[1:])
finally:
    found = {"modules": sorted(sys.modules), "opened": opened, "code": code}
    sys.stderr.write("WATCHED" + json.dumps(found) + "\\n")
"""


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Three hundred installed plugins."""
    folder = tmp_path_factory.mktemp("many")
    for number in range(MANY):
        info = folder / f"many_{number}-1.0.dist-info"
        info.mkdir()
        headers = f"Metadata-Version: 2.1\nName: many-{number}\nVersion: 1.0\nSummary: Number {number}\n"
        (info / "METADATA").write_text(f"{headers}Requires-Dist: sci-core>=0.1\nRequires-Dist: numpy\n\n{README}")
        (info / "entry_points.txt").write_text(f"[sci.plugins]\nmany-{number} = many_{number}.plugin\n")
        package = folder / f"many_{number}"
        package.mkdir()
        (package / "__init__.py").touch()
        (package / "plugin.py").write_text(PLUGIN.format(number))
    return folder


@pytest.fixture
def watched(sci, many):
    """Runs the program among the many and returns its modules, the files that it opened, and its output."""

    def run(*arguments: str) -> dict:
        done = sci(*arguments, path=[many], code=WATCHED)
        [line] = [line for line in done.stderr.splitlines() if line.startswith("WATCHED")]
        return {**json.loads(line.removeprefix("WATCHED")), "stdout": done.stdout}

    return run


@pytest.mark.parametrize("arguments", [(), ("--help",), ("--version",), ("-h",)])
def test_help_scans_nothing_and_imports_next_to_nothing(watched, arguments):
    found = watched(*arguments)

    heavy = {
        "numpy",
        "pyarrow",
        "pydantic",
        "rich",
        "stevedore",
        "pluggy",
        "yaml",
        "importlib.metadata",
        "sci.plugins.manager",
    }
    assert heavy.isdisjoint(found["modules"])
    assert [name for name in found["modules"] if name.startswith(("many_", "sci_"))] == []
    assert [file for file in found["opened"] if ".dist-info" in file or "policy" in file] == []


def test_listing_imports_no_plugin(watched):
    found = watched("plugins", "list")

    assert found["code"] == 0
    assert f"many-{MANY - 1} 1.0" in found["stdout"]
    assert [name for name in found["modules"] if name.startswith(("many_", "sci_"))] == []
    assert {"numpy", "pyarrow", "torch", "sklearn"}.isdisjoint(found["modules"])


def test_listing_components_imports_light_modules_only(watched):
    found = watched("components", "--json")

    assert len([name for name in found["modules"] if name.endswith(".plugin") and name.startswith("many_")]) == MANY
    assert {"numpy", "pyarrow", "torch", "sklearn", "scipy"}.isdisjoint(found["modules"])
    assert [
        name for name in found["modules"] if name.startswith("sci_") and not name.endswith((".plugin",)) and "." in name
    ] == []


def test_enumerating_imports_nothing_and_finds_every_plugin(many):
    discovery = Discovery([str(many)])

    assert len(scan(Policy(), discovery=discovery, environ={})) == MANY
    assert [name for name in sys.modules if name.startswith("many_")] == []


def test_three_hundred_light_modules_are_loaded(many, monkeypatch):
    monkeypatch.syspath_prepend(str(many))

    system = assemble(Policy(), discovery=Discovery([str(many)]), environ={})

    assert {record.status for record in system.records} == {"ok"}
    assert system.registry.find("metrics", "metric-7").record.distribution == "many-7"
    for name in [name for name in sys.modules if name.startswith("many_")]:
        del sys.modules[name]

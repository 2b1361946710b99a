"""The reference of hooks and of the plugin API is made from the code, and leaves nothing out."""

from __future__ import annotations

import dataclasses
import inspect
import re
import runpy
from pathlib import Path

import sci.api
from sci.api.kinds import KINDS
from sci.hookspecs import GROUPS

DOCS = Path(__file__).parents[2] / "docs"


def test_every_group_of_hooks_is_on_the_page_of_hooks():
    page = (DOCS / "reference" / "hooks.md").read_text(encoding="utf-8")

    assert re.findall(r"^::: (\S+)$", page, re.MULTILINE) == [f"sci.hookspecs.{group.__name__}" for group in GROUPS]
    assert "<!-- table: kinds -->" in page


def test_the_table_of_kinds_has_every_hook_with_what_its_target_follows():
    table = runpy.run_path(str(DOCS / "hooks.py"))["kinds"]()

    rows = {row.split("`")[1]: row for row in table.splitlines()[2:]}
    assert list(rows) == [kind.hook for kind in KINDS.values()]
    for kind in KINDS.values():
        assert kind.experimental or f"(api.md#sci.api.{kind.owes})" in rows[kind.hook]


def test_every_export_is_on_the_page_of_the_plugin_api():
    page = (DOCS / "reference" / "api.md").read_text(encoding="utf-8")

    shown = set(re.findall(r"^::: sci\.api\.(\w+)$", page, re.MULTILINE))
    homes = {f"{module}" for module, names in sci.api._HOMES.items() if names}
    assert homes <= shown


def test_every_field_of_the_records_that_plugins_hand_over_is_explained():
    unsaid = [f"{name}.{field}" for name in sci.api.__all__ for field in fields(getattr(sci.api, name))]

    assert unsaid == []


def fields(record: object) -> list[str]:
    """The fields of a named tuple or a dataclass of which its docstring does not speak; pages show no others."""
    if not isinstance(record, type) or not (hasattr(record, "_fields") or dataclasses.is_dataclass(record)):
        return []
    names = record._fields if hasattr(record, "_fields") else [one.name for one in dataclasses.fields(record)]
    said = inspect.getdoc(record) or ""
    return [name for name in names if not re.search(rf"^    (\w+, )*{name}(, \w+)*: ", said, re.MULTILINE)]


def test_the_page_about_extending_speaks_of_everything_that_it_installs():
    page = (DOCS / "how-to" / "extend-sci.md").read_text(encoding="utf-8")

    packages = set(re.findall(r'^```python title="(sci_\w+)/', page, re.MULTILINE))
    tests = "\n".join(path.read_text(encoding="utf-8") for path in Path(__file__).parents[1].glob("extensions/*.py"))
    assert len(packages) == 7
    assert {one for one in packages if not re.search(rf'"{one.removeprefix("sci_")}"', tests)} == set()

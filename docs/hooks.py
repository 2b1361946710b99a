"""What MkDocs does while it builds: fills tables from the program itself, and lists the decisions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sci.api.kinds import KINDS
from sci.experiment import reference
from sci.plugins.manager import load
from sci.testing import catalogue


def on_config(config: Any) -> Any:
    """Put every page of adr/ under Decisions, so that a new one needs no line in mkdocs.yml."""
    pages = [f"adr/{page.name}" for page in sorted(Path(config.docs_dir, "adr").glob("*.md"))]
    decisions = next(part for part in config.nav if "Decisions" in part)
    decisions["Decisions"] = pages
    return config


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Replace each line ``<!-- table: name -->`` by the table of that name."""
    for name, table in TABLES.items():
        mark = f"<!-- table: {name} -->"
        if mark in markdown:
            markdown = markdown.replace(mark, table())
    return markdown


def components() -> str:
    """The installed components, one section for each kind."""
    registry = load().registry
    parts = []
    for kind in KINDS.values():
        entries = {(one.spec.name, one.record.distribution): one for one in registry.entries(kind.name)}
        if not entries:
            continue
        rows = [
            (f"`{entry.spec.name}`", entry.spec.summary, ", ".join(entry.spec.tasks) or "any", f"`{owner}`")
            for (_, owner), entry in sorted(entries.items())
        ]
        parts.append(f"## {kind.name.capitalize()}\n\nThey {kind.purpose}.\n")
        parts.append(_table(("name", "in one line", "tasks", "from"), rows))
    return "\n".join(parts)


def kinds() -> str:
    """The catalogue hooks, one for each kind of component."""
    rows = [
        (f"`{kind.hook}`", f"components that {kind.purpose}", _owed(kind), "yes" if kind.native else "", _state(kind))
        for kind in KINDS.values()
    ]
    return _table(("hook", "returns specs of", "their target follows", "code for each engine", ""), rows)


def _owed(kind: Any) -> str:
    """A link to what a target of this kind has to offer."""
    return f"[`{kind.owes.rpartition('.')[2]}`](api.md#sci.api.{kind.owes})" if kind.owes else ""


def checks() -> str:
    """The conformance checks, one section for each family."""
    parts = []
    for name, title in catalogue.FAMILIES.items():
        found = [one for one in catalogue.checks().values() if catalogue.family(one.id) == name]
        rows = [(f"`{one.id}`", one.level, one.since, one.expects, one.mend) for one in found]
        parts.append(f"## {title}\n\n{_table(('id', 'level', 'since', 'what has to hold', 'how to mend it'), rows)}")
    return "\n".join(parts)


def _state(kind: Any) -> str:
    return "experimental" if kind.experimental else ""


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines) + "\n"


TABLES: dict[str, Callable[[], str]] = {
    "keys": reference.table,
    "components": components,
    "kinds": kinds,
    "checks": checks,
}

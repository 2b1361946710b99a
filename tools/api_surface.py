"""Write core/tests/api/surface.json: what plugins may rely on, name by name.

    python tools/api_surface.py            # write the file; refused while a change is not announced
    python tools/api_surface.py --check    # exit 1 when something differs, and say what to do
    python tools/api_surface.py --release  # at a release: what is in the file is what was released
    python tools/api_surface.py --anew     # before the first release: begin with what there is

The file holds every export of `sci.api` with its signature, fields and methods, and every hook with its arguments. Each
entry says since which version of the plugin API it is as it is. The rule is on docs/explanation/compatibility.md.
"""

from __future__ import annotations

import argparse
import dataclasses
import enum
import inspect
import json
import re
import sys
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import sci.api
from sci.api.deprecation import EXPORTS
from sci.hookspecs import GROUPS

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "core/tests/api/surface.json"
CHANGELOG = ROOT / "CHANGELOG.md"
PAGE = "docs/explanation/compatibility.md"

GIVEN = ("RunContext", "Pipeline", "Feed")
"""Protocols that the core implements and plugins are handed: a method more is an addition. Of the others, which
plugins implement, it is a demand."""

SPECIAL = ("__call__", "__len__", "__getitem__", "__iter__", "__init__")

Entry = dict[str, Any]
"""``{"kind": ..., "signature": ..., "members": {name: signature}}``; what does not apply is left out."""


class Change(enum.Enum):
    """What a difference asks of API_VERSION."""

    ADDITION = "minor"
    BREAK = "major"


def surface() -> dict[str, Entry]:
    """Every export and every hook as it is."""
    exports = {f"sci.api.{name}": described(getattr(sci.api, name)) for name in sci.api.__all__}
    hooks = {
        name: {"kind": "hook", "signature": signature(getattr(group, name))}
        for group in GROUPS
        for name in vars(group)
        if name.startswith("sci_")
    }
    return {**exports, **hooks, **{f"sci.api.{name}": {"kind": "deprecated"} for name in EXPORTS}}


def described(value: Any) -> Entry:
    """One export."""
    if inspect.isclass(value):
        return {"kind": kind_of(value), **called(value), "members": dict(sorted(members(value)))}
    if inspect.isroutine(value):
        return {"kind": "function", "signature": signature(value)}
    if isinstance(value, str):
        return {"kind": "constant"}  # API_VERSION changes with every announcement
    options = typing.get_args(value)
    return {"kind": "type", "signature": " | ".join(map(str, options))} if options else {"kind": "object"}


def kind_of(cls: type) -> str:
    if getattr(cls, "_is_protocol", False):
        return "protocol"
    if issubclass(cls, Exception):
        return "error"
    return "class"


def called(cls: type) -> Entry:
    """How a class is called, where that is its own affair."""
    if getattr(cls, "_is_protocol", False):
        return {}
    own = "__init__" in vars(cls) or dataclasses.is_dataclass(cls) or hasattr(cls, "_fields")
    return {"signature": signature(cls)} if own else {}


def members(cls: type) -> Iterator[tuple[str, str]]:
    """What a class and its bases in `sci.api` offer: methods with their signatures, properties, attributes."""
    for base in reversed(cls.__mro__):
        if not base.__module__.startswith("sci.api"):
            continue
        for name, annotation in vars(base).get("__annotations__", {}).items():
            if not name.startswith("_"):
                yield name, f"attribute: {annotation}"
        for name, value in vars(base).items():
            function = inspect.unwrap(getattr(value, "__func__", value))
            if isinstance(value, property):
                yield name, "property"
            elif inspect.isfunction(function) and (not name.startswith("_") or name in SPECIAL[:-1]):
                yield name, signature(function)


def signature(function: Any) -> str:
    """Names, kinds and defaults of the arguments; types are left to the type checker."""
    found = inspect.signature(function)
    plain = [
        one.replace(annotation=inspect.Parameter.empty)
        for name, one in found.parameters.items()
        if name not in ("self", "cls")
    ]
    return str(found.replace(parameters=plain, return_annotation=inspect.Signature.empty))


def change(name: str, before: Entry | None, after: Entry | None) -> Change | None:
    """What became of one entry; None where nothing did."""
    before, after = plain(before), plain(after)
    if before == after:
        return None
    if before is None or (after is not None and after["kind"] == "deprecated"):
        return Change.ADDITION
    if after is None or before["kind"] != after["kind"]:
        return Change.BREAK
    given = after["kind"] != "protocol" or name.rpartition(".")[2] in GIVEN
    old, new = before.get("members", {}), after.get("members", {})
    kept = all(member in new and compatible(text, new[member], before["kind"]) for member, text in old.items())
    whole = compatible(before.get("signature", ""), after.get("signature", ""), before["kind"])
    return Change.ADDITION if whole and kept and (given or set(old) == set(new)) else Change.BREAK


def compatible(old: str, new: str, kind: str) -> bool:
    """Whether whatever suited the old signature suits the new one.

    A hook may get arguments anywhere, because plugins take those that they want by name. Everything else may get
    optional arguments at its end.
    """
    if old == new:
        return True
    if kind == "type":
        return set(old.split(" | ")) <= set(new.split(" | "))
    if not (old.startswith("(") and new.startswith("(")):
        return False
    before, after = arguments(old), arguments(new)
    if kind == "hook":
        return set(before) <= set(after)
    if kind == "protocol":
        return False  # whoever implements it would be called with what it does not take
    return after[: len(before)] == before and all("=" in one or one.startswith("*") for one in after[len(before) :])


def arguments(text: str) -> list[str]:
    """The arguments in a signature; commas inside brackets and texts belong to defaults."""
    return re.findall(r"(?:\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}|'[^']*'|[^,()\[\]{}'])+", text[1:-1].replace(", ", ","))


def plain(entry: Entry | None) -> Entry | None:
    return None if entry is None else {key: value for key, value in entry.items() if key != "since"}


def announced(
    committed: Mapping[str, Any], found: Mapping[str, Entry], version: str, changelog: str
) -> tuple[dict[str, Any], list[str]]:
    """The file as it should be, and what keeps it from being so.

    Args:
        committed: the file as it is.
        found: the surface of the code.
        version: `API_VERSION`.
        changelog: the whole changelog; the part before the first release counts.
    """
    released = committed["released"]
    entries: dict[str, Entry] = {}
    problems: list[str] = []
    for name in sorted({*committed["entries"], *found}):
        before, after = committed["entries"].get(name), found.get(name)
        what = change(name, before, after)
        fresh = before is not None and number(before["since"]) > number(released)
        since = before["since"] if before is not None and what is None else version
        if what is not None and not fresh and not raised(what, released, version):
            problems.append(
                f"{name} is {word(before, after)}: raise API_VERSION from {released} to at least "
                f"{wanted(what, released)}"
            )
        if after is not None:
            entries[name] = {"since": since, **plain(after)}  # type: ignore[dict-item]
        changed = what is not None or number(since) > number(released)
        if changed and f"`{name.rpartition('.')[2]}`" not in unreleased(changelog):
            problems.append(f"{name} is {word(before, after)}: name `{name.rpartition('.')[2]}` in CHANGELOG.md")
    return {"released": released, "entries": entries}, problems


def word(before: Entry | None, after: Entry | None) -> str:
    return "new" if before is None else "gone" if after is None else "changed"


def raised(what: Change, released: str, version: str) -> bool:
    return number(version) >= number(wanted(what, released))


def wanted(what: Change, released: str) -> str:
    major, minor = number(released)
    return f"{major}.{minor + 1}" if what is Change.ADDITION else f"{major + 1}.0"


def number(version: str) -> tuple[int, int]:
    major, minor = version.split(".")
    return int(major), int(minor)


def unreleased(changelog: str) -> str:
    """The part of the changelog that is about the next release."""
    parts = re.split(r"^## ", changelog, flags=re.MULTILINE)
    return next((part for part in parts if part.startswith("Unreleased")), "")


def advice(problems: list[str]) -> str:
    """What to do about it, for whoever reads a failed test."""
    return "\n".join(
        [
            "What plugins rely on differs from core/tests/api/surface.json.",
            *problems,
            f"The rule is in {PAGE}. Then: python tools/api_surface.py",
        ]
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--release", action="store_true")
    parser.add_argument("--anew", action="store_true")
    options = parser.parse_args()
    changelog = CHANGELOG.read_text(encoding="utf-8")
    if options.anew:
        return begun(changelog)
    committed = json.loads(FILE.read_text(encoding="utf-8"))
    file, problems = announced(committed, surface(), sci.api.API_VERSION, changelog)
    if problems or (options.check and file != committed):
        print(advice(problems), file=sys.stderr)
        return 1
    if options.release:
        file["released"] = sci.api.API_VERSION
    if not options.check:
        write(file)
    return 0


def begun(changelog: str) -> int:
    """Write the list as it is, where nobody can rely on another one yet."""
    if re.search(r"^## \d", changelog, re.MULTILINE):
        print("a version was released, and what it offered is not forgotten", file=sys.stderr)
        return 1
    version = sci.api.API_VERSION
    entries = {name: {"since": version, **entry} for name, entry in sorted(surface().items())}
    write({"released": version, "entries": entries})
    return 0


def write(file: Mapping[str, Any]) -> None:
    FILE.write_text(json.dumps(file, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())

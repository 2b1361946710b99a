"""Numbers in a notation that was not declared, and what to type for them."""

from __future__ import annotations

import re

CANDIDATE = r"^\s*[+-]?[0-9]+(?:[.,' ][0-9]+)+\s*$"
"""What every such number looks like; dates and versions do too."""

_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([.,' ])\d{3})(?:\1\d{3})*(?:([.,])\d+)?", re.ASCII)
_MISSING = frozenset(
    [
        "",
        "n/a",
        "na",
        "#n/a",
        "null",
        "none",
        "nil",
        "nan",
        "-",
        "--",
        ".",
        "?",
        "*",
        "missing",
        "unknown",
        "inf",
        "-inf",
    ]
)


def other_notation(text: str, decimal: str) -> str:
    """The setting that makes a number of this text, where `decimal` is the declared one; empty when none does."""
    plain = text.strip()
    other = "," if decimal == "." else "."
    comma = f'decimal: "{other}"'
    with_decimals = re.fullmatch(rf"[+-]?\d+{re.escape(other)}\d+", plain, re.ASCII)
    grouped = _GROUPED.fullmatch(plain)
    if grouped is None:
        return comma if with_decimals else ""
    mark, point = grouped[1], grouped[2]
    if point == mark or (point is None and mark == decimal):
        return ""
    thousands = f'thousands: "{mark}"'
    if point == other:
        return f"{comma}, {thousands}"
    return f"{thousands}   or {comma}" if with_decimals else thousands


def means_missing(text: str) -> bool:
    """Whether a text usually says that there is no value."""
    return text.strip().lower() in _MISSING


def shown(text: str) -> str:
    """A cell for a message: at most 60 characters, control characters escaped."""
    cut = text if len(text) <= 60 else text[:59] + "…"
    return cut if cut.isprintable() else cut.encode("unicode_escape").decode("ascii")


def quoted(text: str) -> str:
    """A cell as one types it in YAML."""
    return '"' + shown(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def name_typed(name: str) -> str:
    """The name of a column as one types it in YAML."""
    return name if re.fullmatch(r"[^\W\d][\w.-]*( [\w.-]+)*", name) else quoted(name)

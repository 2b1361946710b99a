"""Counts and names in sentences."""

from __future__ import annotations

from collections.abc import Sequence

NAMED = 3
"""Columns that a sentence names."""


def rows(count: int, part: str = "") -> str:
    """``1 test row``, ``1,204 rows``."""
    return f"{count:,} {part + ' ' if part else ''}row{'' if count == 1 else 's'}"


def occur(count: int) -> str:
    """The verb that goes with so many rows."""
    return "occurs" if count == 1 else "occur"


def named(noun: str, columns: Sequence[str]) -> str:
    """``input `a```, ``inputs `a`, `b`, `c` and 2 more``."""
    more = f" and {len(columns) - NAMED:,} more" if columns[NAMED:] else ""
    return f"{noun}{'' if len(columns) == 1 else 's'} {', '.join(f'`{name}`' for name in columns[:NAMED])}{more}"

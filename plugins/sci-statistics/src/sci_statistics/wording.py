"""Counts in sentences."""

from __future__ import annotations

SHOWN = 20
"""Row ids that a finding lists."""


def rows(count: int, part: str = "") -> str:
    """``1 test row``, ``1,204 rows``."""
    return f"{count:,} {part + ' ' if part else ''}row{'' if count == 1 else 's'}"


def occur(count: int) -> str:
    """The verb that goes with so many rows."""
    return "occurs" if count == 1 else "occur"

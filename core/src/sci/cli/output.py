"""Results on standard output: plain lines, never wrapped, and tables aligned by cells."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from sci.cli.errors import printable
from sci.cli.paint import cells, pad


def say(line: str = "") -> None:
    """One line of results; what a terminal would obey is shown instead, because plugins may write anything."""
    print(printable(line))


def note(line: str) -> None:
    """One line on standard error: progress and warnings."""
    print(printable(line), file=sys.stderr)


def document(value: Any) -> None:
    """The one document of ``--json``."""
    print(json.dumps(value, ensure_ascii=False, allow_nan=False))


def table(rows: Iterable[Sequence[str]]) -> None:
    """Columns aligned by spaces; the last one is not padded."""
    shown = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(cells, column)) for column in zip(*shown, strict=True)]
    for row in shown:
        print("   ".join(pad(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip())


def some(words: Sequence[str], most: int = 8) -> str:
    """The first few of a list, and how many more there are."""
    first = ", ".join(words[:most])
    return f"{first} and {len(words) - most} more" if len(words) > most else first

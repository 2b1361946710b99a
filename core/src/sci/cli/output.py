"""Results on standard output: plain lines, folded on a terminal alone, and tables aligned by cells."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sci.cli.errors import printable
from sci.cli.paint import cells, hanging, mark, pad, paint, room, wrapped

GAP = "   "
"""Between columns of words; numbers stand closer."""

NARROW = 16
"""Cells that prose needs to be folded into."""


def say(line: str = "", more: int = 2) -> None:
    """One line of results; what a terminal would obey is shown instead, because plugins may write anything.

    Args:
        line: as it is printed; a terminal that is too narrow shows it on several.
        more: cells before the second line and those after it, beyond what the first begins with.
    """
    for one in hanging(printable(line), more):
        print(one)


def done(line: str, word: str = "", state: str = "ok") -> None:
    """One line of results that says what was made, behind the mark of success; the colour of the mark is ours."""
    sign = mark(state)
    head = f"{sign} {word:<11} " if word else f"{sign} "
    first, *others = hanging(head + printable(line), cells(head))
    print(first.replace(sign, paint(sign, "green" if state == "ok" else "red", sys.stdout), 1))
    for one in others:
        print(one)


def note(line: str) -> None:
    """One line on standard error: progress and warnings."""
    print(printable(line), file=sys.stderr)


def told(warnings: Iterable[Mapping[str, str]]) -> None:
    """Warnings as the documents of ``--json`` have them, each a line on standard error."""
    for warning in warnings:
        note(f"warning: {warning['message']} [{warning['id']}]")


def document(value: Any) -> None:
    """The one document of ``--json``."""
    print(json.dumps(value, ensure_ascii=False, allow_nan=False))


def table(rows: Iterable[Sequence[str]]) -> None:
    """Columns aligned by spaces; the last one is not padded. On a terminal they keep within its width."""
    shown = [[printable(cell) for cell in row] for row in rows]
    columns = room()
    for line in aligned(shown, GAP) if columns is None else fitted(shown, columns):
        print(line)


def fits(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a table of words can be shown with all of its columns."""
    columns = room()
    return columns is None or sum(widths_of(rows)) + len(GAP) * (len(rows[0]) - 1) <= columns


def widest(forms: Iterable[list[str]]) -> tuple[int, list[str]]:
    """The first of several forms of a table that a terminal has room for, else the last; and which one that is."""
    columns = room()
    chosen: tuple[int, list[str]] = (0, [])
    for chosen in enumerate(forms):
        if columns is None or max(map(cells, chosen[1]), default=0) <= columns:
            break
    return chosen


def aligned(rows: Sequence[Sequence[str]], gap: str = "  ") -> list[str]:
    """Every row on one line, its columns aligned by spaces."""
    widths = widths_of(rows)
    return [gap.join(pad(cell, room) for cell, room in zip(row, widths, strict=True)).rstrip() for row in rows]


def fitted(rows: Sequence[Sequence[str]], room: int) -> list[str]:
    """Rows in so many cells: the last column is folded where it has room, else it is left out."""
    *others, last = widths_of(rows)
    left = sum(others) + len(GAP) * len(others)
    if left + last <= room:
        return aligned(rows, GAP)
    if room - left < NARROW:
        return fitted([row[:-1] for row in rows], room) if others else [row[0] for row in rows]
    lines = []
    for *cells_of_row, prose in rows:
        head = "".join(pad(cell, wide) + GAP for cell, wide in zip(cells_of_row, others, strict=True))
        first, *more = wrapped(prose, room - left)
        lines += [(head + first).rstrip(), *(" " * left + line for line in more)]
    return lines


def widths_of(rows: Sequence[Sequence[str]]) -> list[int]:
    """Cells of the widest entry of each column."""
    return [max(map(cells, column)) for column in zip(*rows, strict=True)]


def some(words: Sequence[str], most: int = 8) -> str:
    """The first few of a list, and how many more there are."""
    first = ", ".join(words[:most])
    return f"{first} and {len(words) - most} more" if len(words) > most else first

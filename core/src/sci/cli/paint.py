"""What a terminal can show: colour, marks, width, cells."""

from __future__ import annotations

import os
import re
import shutil
import sys
import unicodedata
from typing import TextIO

COLOURS = {"cyan": "36", "yellow": "33", "red": "31", "green": "32", "dim": "2", "bold": "1"}
MARKS = {"ok": "✓", "warn": "⚠", "fail": "✗", "now": ">", "wait": ".", "none": "-"}
ASCII_MARKS = {"ok": "ok", "warn": "warn", "fail": "FAIL", "now": ">", "wait": ".", "none": "-"}
EAST_ASIAN = ("zh", "ja", "ko")


def colourful(stream: TextIO) -> bool:
    """Whether colour may be written: a terminal, not dumb, and NO_COLOR is not set."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "") != "dumb"


def paint(text: str, colour: str, stream: TextIO) -> str:
    """Coloured text where the stream shows colour."""
    return f"\x1b[{COLOURS[colour]}m{text}\x1b[0m" if colourful(stream) else text


def plain_ascii() -> bool:
    """Whether only ASCII can be shown: SCI_ASCII is set, or the stream is not UTF-8."""
    encoding = (getattr(sys.stderr, "encoding", "") or "").lower().replace("-", "")
    return os.environ.get("SCI_ASCII", "") not in ("", "0") or encoding not in ("utf8", "utf8sig")


def mark(name: str) -> str:
    """The mark of a state: ok, warn, fail, now, wait, none."""
    return (ASCII_MARKS if plain_ascii() else MARKS)[name]


def bar(share: float, cells: int) -> str:
    """A progress bar; plain signs where terminals disagree about the width of box-drawing characters."""
    full = round(min(max(share, 0.0), 1.0) * cells)
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_CTYPE") or os.environ.get("LANG") or ""
    on, off = ("#", "-") if plain_ascii() or locale.startswith(EAST_ASIAN) else ("━", "─")
    return on * full + off * (cells - full)


def width(default: int = 80) -> int:
    """Columns of the terminal."""
    return shutil.get_terminal_size((default, 24)).columns


def room() -> int | None:
    """Cells of a line on standard output; None where it is not a terminal that shows it."""
    return width() if sys.stdout.isatty() else None


def hanging(text: str, more: int = 2) -> list[str]:
    """A text in the width of a terminal, its later lines indented; elsewhere on one line. No word is broken."""
    columns = room()
    if columns is None:
        return [text]
    return wrapped(text, columns, " " * (len(text) - len(text.lstrip(" ")) + more))


def wrapped(text: str, columns: int, indent: str = "") -> list[str]:
    """A text folded between words, by cells: `textwrap` counts letters, and a Chinese one takes two cells."""
    lines, line = [], ""
    for word in re.findall(" *[^ ]+", text):
        if line and cells(line + word) > columns:
            lines.append(line)
            line = indent + word.lstrip(" ")
        else:
            line += word
    return [*lines, line]


def cells(text: str) -> int:
    """Terminal cells of a text: wide characters take two, combining marks none."""
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )


def pad(text: str, to: int) -> str:
    """The text filled up to so many cells."""
    return text + " " * max(to - cells(text), 0)


def duration(seconds: float) -> str:
    """``0.4 s``, ``3 min 12 s``, ``2 h 05 min``."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min"


def about(seconds: float) -> str:
    """Time left in steps that do not pretend: 10 s, 30 s, then minutes."""
    if seconds <= 10:
        return "about 10 s left"
    if seconds <= 30:
        return "about 30 s left"
    minutes = seconds / 60
    step = 1 if minutes < 3 else 2 if minutes < 10 else 5
    rounded = max(step, round(minutes / step) * step)
    return f"about {rounded} min left" if rounded < 120 else f"about {rounded // 60} h left"

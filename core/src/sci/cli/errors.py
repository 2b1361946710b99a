"""Errors as a terminal shows them: what is wrong on one line, where it stands, what is there instead, what to type."""

from __future__ import annotations

import shlex
import stat
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from sci.api.errors import Interrupted, Place, SciError, SeveralErrors
from sci.cli.paint import cells, mark, paint, width, wrapped

READ = 4 << 20
"""Bytes of a file that are looked through for the line of an error."""

MOST = 50
"""Mistakes of one file that are shown; who has more has begun with the wrong file."""

_GUTTER = 5
_TAB = "    "
_BIDI = {0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}


def show(error: SciError, stream: TextIO | None = None) -> None:
    """Write an error to a stream, by default standard error."""
    stream = sys.stderr if stream is None else stream
    text = stopped(error, stream) if isinstance(error, Interrupted) else render(error, stream, width())
    encoding = getattr(stream, "encoding", None) or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")


def stopped(error: Interrupted, stream: TextIO) -> str:
    """A stop is no mistake: what was kept, and how to go on."""
    line = f"{paint(mark('warn'), 'yellow', stream)} {printable(error.message)}"
    return f"{line}\nnext: {printable(error.hint)}" if error.hint else line


def render(error: SciError, stream: TextIO, columns: int = 80) -> str:
    """The text of an error, coloured as the stream can show it; only the first line of each mistake is never folded.

    Args:
        error: one error, or several.
        stream: where the text will go.
        columns: width of the terminal.
    """
    if not isinstance(error, SeveralErrors):
        return "\n".join(_block(error, stream, columns))
    blocks = ["\n".join(_block(one, stream, columns)) for one in error.errors[:MOST]]
    return "\n\n".join(blocks) + "\n" + _closing(error.errors)


def _block(error: SciError, stream: TextIO, columns: int) -> list[str]:
    lines = [_headline(error, stream)]
    source = _source(error.where) if error.where else None
    if error.where and error.where.line and source is not None:
        lines += _quoted(error.where, source, printable(error.note), stream, columns)
    elif error.note:
        lines += _folded(printable(error.note), columns, " " * _GUTTER)
    if error.hint:
        lines.append(f"{' ' * _GUTTER}{paint('type:', 'dim', stream)} {printable(error.hint)}")
    return lines


def _headline(error: SciError, stream: TextIO) -> str:
    place = f"{paint(printable(str(error.where)), 'bold', stream)}: " if error.where and error.where.file else ""
    id_ = f" [{error.id}]" if error.id else ""
    return f"{place}{paint('error:', 'red', stream)} {printable(error.message)}{id_}"


def _quoted(where: Place, source: str, note: str, stream: TextIO, columns: int) -> list[str]:
    """The line of the file with its number, and the caret under the cells of the place."""
    number = f"{where.line:>{_GUTTER - 1}}"
    bar = f"{' ' * len(number)} | "
    room = max(columns - len(bar), 20)
    start = min((where.column or 1) - 1, len(source))
    before = printable(source[:start])
    marked = printable(source[start : start + where.width])
    after = printable(source[start + where.width :])
    before, marked, after = _cut(before, marked, after, room)
    quoted = f"{paint(f'{number} |', 'dim', stream)} {before}{marked}{after}".rstrip()
    if where.column is None:
        return [quoted, *_folded(note, columns, bar)]
    caret = " " * cells(before) + paint("^" * max(cells(marked), 1), "red", stream)
    taken = cells(before) + max(cells(marked), 1) + 1
    if taken + cells(note) <= room:
        return [quoted, f"{bar}{caret} {note}".rstrip()]
    return [quoted, f"{bar}{caret}", *_folded(note, columns, bar)]


def _cut(before: str, marked: str, after: str, room: int) -> tuple[str, str, str]:
    """The line around the mark when all of it does not fit."""
    if cells(before) + cells(marked) + cells(after) <= room:
        return before, marked, after
    marked = _fitting(marked, max(room // 2, 1))
    spare = room - cells(marked)
    if cells(before) > spare // 2:
        kept = _fitting(before[::-1], max(spare // 2 - 4, 0))[::-1]
        before = f" .. {kept}"
    if cells(after) > spare - cells(before):
        after = f"{_fitting(after, max(spare - cells(before) - 4, 0))} .. "
    return before, marked, after


def _fitting(text: str, room: int) -> str:
    kept, taken = [], 0
    for letter in text:
        taken += cells(letter)
        if taken > room:
            break
        kept.append(letter)
    return "".join(kept)


def _folded(text: str, columns: int, indent: str) -> list[str]:
    if not text:
        return []
    room = max(columns, len(indent) + 20)
    return wrapped(indent + text, room, indent)


def _closing(errors: Sequence[SciError]) -> str:
    files = list(dict.fromkeys(error.where.file for error in errors if error.where and error.where.line))
    count = f"{len(errors):,} mistakes"
    if len(errors) > MOST:
        count += f" (the first {MOST} are shown)"
    if len(files) != 1:
        return f"{count}; nothing was run."
    file = printable(files[0])
    return f"{count} in {file}; nothing was run.   next: mend them, then sci check {shlex.quote(file)}"


def _source(place: Place) -> str | None:
    """The line that a place names, when its file is a plain one and the line is near its beginning."""
    if place.line is None:
        return None
    path = Path(place.file)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return None
        with path.open("rb") as file:
            text = file.read(READ).decode("utf-8-sig", "replace")
    except (OSError, ValueError):
        return None
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines[place.line - 1] if place.line <= len(lines) else None


def printable(text: str) -> str:
    """Text that can do nothing to a terminal: controls as pictures, tabs as spaces, marks of direction as dots."""
    return "".join(_letter(letter) for letter in text)


def _letter(letter: str) -> str:
    code = ord(letter)
    if letter == "\t":
        return _TAB
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F or 0x80 <= code < 0xA0 or code in _BIDI or 0xD800 <= code < 0xE000:
        return "·"
    return letter

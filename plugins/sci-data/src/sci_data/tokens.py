"""Cells of delimited text, one line after the other: exact about quotes and about where a mistake is."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator

from sci.api import DataError
from sci.api.errors import Place

FIELD = 16 * 2**20
"""No cell may have more characters than this; an unbalanced quote would otherwise swallow the file."""


LIKELY = (";", "\t", ",", "|")
"""What usually stands between cells."""


class Tokens:
    """Splits lines into records of cells.

    A cell that begins with ``"`` ends with the next single ``"`` (RFC 4180), which only a delimiter or the end of the
    line may follow, and may hold line ends. A quote inside a cell that began without one is a character.

    Args:
        delimiter: one character.
        quoted: whether quotes mean anything.
        path: the file, for messages.
        line: number of the first line.
    """

    def __init__(self, delimiter: str, quoted: bool, path: pathlib.Path, line: int = 1) -> None:
        self.delimiter = delimiter
        self.quoted = quoted
        self.path = path
        self.line = line
        self._begun = line
        self._cells: list[str] = []
        self._open: list[str] | None = None
        self._held = 0

    @property
    def inside(self) -> bool:
        """Whether the next line continues a quoted cell."""
        return self._open is not None

    def feed(self, lines: list[str]) -> Iterator[tuple[int, list[str]]]:
        """The line where each record begins, and its cells; a record that is not over waits for more lines."""
        for line in lines:
            if self._open is None:
                self._begun = self.line
                self._cells = []
                if not self.quoted or '"' not in line:
                    self._cells = line.split(self.delimiter)
                    over = True
                else:
                    over = self._split(line, 0)
            else:
                over = self._resume(line)
            self.line += 1
            if over:
                yield self._begun, self._cells

    def close(self) -> None:
        """Raise `DataError` when the text ends inside a quoted cell."""
        if self._open is not None:
            raise self._unbalanced("is never closed")

    def _split(self, line: str, at: int) -> bool:
        """Cells of a line from a position where a cell begins; False when the last one is still open."""
        while True:
            if line.startswith('"', at):
                self._open = []
                self._held = 0
                found = self._quoted(line, at + 1)
                if found is None:
                    return False
                at = found
            else:
                end = line.find(self.delimiter, at)
                self._cells.append(line[at:] if end < 0 else line[at:end])
                at = len(line) if end < 0 else end
            if at == len(line):
                return True
            at += 1

    def _resume(self, line: str) -> bool:
        found = self._quoted(line, 0)
        if found is None:
            return False
        return found == len(line) or self._split(line, found + 1)

    def _quoted(self, line: str, at: int) -> int | None:
        """Position after the closing quote of the open cell; None when it continues on the next line."""
        assert self._open is not None
        while True:
            end = line.find('"', at)
            if end < 0:
                self._hold(line[at:] + "\n")
                return None
            if line.startswith('"', end + 1):
                self._hold(line[at : end + 1])
                at = end + 2
                continue
            self._hold(line[at:end])
            after = line[end + 1 : end + 2]
            if after in LIKELY and after != self.delimiter and not self._cells:
                raise other_delimiter(self.path, self.line, f"has {after!r} behind its first quoted cell", after)
            if after not in ("", self.delimiter):
                raise DataError(
                    f"`{after}` follows the closing quote of a cell in line {self.line} of `{self.path.name}`",
                    id="data.quote",
                    where=Place(str(self.path), self.line, end + 2),
                    note="after a quoted cell comes the delimiter or the end of the line",
                    hint="quoting: none, if a quote is a character in this file",
                )
            self._cells.append("".join(self._open))
            self._open = None
            return end + 1

    def _hold(self, piece: str) -> None:
        assert self._open is not None
        self._open.append(piece)
        self._held += len(piece)
        if self._held > FIELD:
            raise self._unbalanced(f"is not closed within {FIELD // 2**20} MiB")

    def _unbalanced(self, fault: str) -> DataError:
        return DataError(
            f"a quote that opens in line {self._begun} of `{self.path.name}` {fault}",
            id="data.quote",
            where=Place(str(self.path), self._begun),
            hint="quoting: none, if a quote is a character in this file",
        )


def other_delimiter(path: pathlib.Path, line: int, fault: str, other: str) -> DataError:
    """What a line says that is written with another delimiter than the declared one."""
    return DataError(
        f"line {line} of `{path.name}` {fault}",
        id="data.delimiter",
        where=Place(str(path), line),
        hint="delimiter: " + ('"\\t"' if other == "\t" else f'"{other}"'),
    )

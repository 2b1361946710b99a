"""Sources `csv` and `tsv`."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from sci.api import DataError, Dataset, RunContext, dataset
from sci.api.errors import Place
from sci.api.spill import Spill
from sci_data.cells import Cells
from sci_data.config import CsvConfig
from sci_data.files import located
from sci_data.names import check_names
from sci_data.pieces import pieces, regular, single_blanks
from sci_data.text import Text, too_long
from sci_data.tokens import FIELD, LIKELY, Tokens, other_delimiter

WIDE = 10_000
"""Columns above which Arrow, which keeps 9 kB for each while it reads, would need more memory than the file."""


class Delimited:
    """Reads a file of cells and delimiters.

    Every cell is first text, exactly as it stands in the file; what a column becomes is decided by `Cells`. Arrow
    splits the text where its reading is certain, `Tokens` where quotes are irregular or something is wrong.

    Args:
        config: how the file is written.
    """

    def __init__(self, config: CsvConfig) -> None:
        self.config = config

    def read(self, context: RunContext) -> Dataset:
        """All rows; `DataError` names the line that cannot be read."""
        source = "tsv" if type(self.config).__name__ == "TsvConfig" else "csv"
        path = located(self.config.path, source, context)
        reading = _Reading(path, self.config)
        spill = Spill.of(context)
        table, mapped = spill.table(reading.tables(context))
        if table is None:
            raise DataError(
                f"`{path.name}` has a line of names and no rows" if reading.names else f"`{path.name}` is empty",
                id="data.empty",
                where=Place(str(path)),
            )
        cells = Cells(path, self.config, reading.first_line, context)
        typed = cells.table(table.rename_columns(reading.names), spill if mapped else None)
        return dataset(typed, spill=spill if mapped else None)


class _Reading:
    """One pass over one file."""

    def __init__(self, path: pathlib.Path, config: CsvConfig) -> None:
        self.path = path
        self.config = config
        self.quoted = config.quoting == "double"
        self.delimiter = " " if config.delimiter == "whitespace" else config.delimiter
        self.names: list[str] = list(config.columns or ())
        self.first_line = 1
        self._tokens = Tokens(self.delimiter, self.quoted, path)
        self._line = 1

    def tables(self, context: RunContext) -> Iterator[pa.Table]:
        """The rows as tables of text, piece by piece."""
        blank = self.config.delimiter == "whitespace"
        for piece in pieces(Text(self.path, self.config).blocks(), self.quoted, self.path):
            rest = single_blanks(piece) if blank else piece
            if not self.names:
                rest = self._header(rest, context)
            if self._line == 1 and self.config.columns:
                self._repeated_names(rest)
            if rest:
                yield self._table(rest)
                self._line += rest.count(b"\n")
        self._tokens.close()

    def _header(self, piece: bytes, context: RunContext) -> bytes:
        """Takes the names from the first record; what follows it."""
        start = 0
        while start < len(piece):
            end = piece.index(b"\n", start) + 1
            line = piece[start : end - 1].decode()
            start = end
            for _, cells in self._tokens.feed([line]):
                self._named(cells, line, context)
                self.first_line = self._line = self._tokens.line
                return piece[start:]
        return b""

    def _named(self, cells: list[str], line: str, context: RunContext) -> None:
        where = Place(str(self.path), 1)
        if len(cells) == 1 and not line.startswith('"'):
            self._other_delimiter(line, 1)
        if len(cells) > 1 and all(_is_number(cell) for cell in cells):
            if any("." in cell for cell in cells):
                raise DataError(
                    f"the first line of `{self.path.name}` holds only numbers, no names of columns",
                    id="data.header",
                    where=where,
                    hint=f"source: {{columns: [x1, x2, ...]}}   with {len(cells):,} names",
                )
            context.warn(
                "data.header",
                f"the names of the columns of {self.path.name} are numbers; if line 1 is a row, it is lost",
            )
        check_names(cells, where, "source: {columns: [...]}   for a file that has no line of names")
        self.names = cells

    def _repeated_names(self, piece: bytes) -> None:
        first = piece[: piece.index(b"\n")].decode().split(self.delimiter)
        if [cell.strip('"') for cell in first] == self.names:
            raise DataError(
                f"line 1 of `{self.path.name}` holds the names that `columns` gives, so it is no row",
                id="data.header",
                where=Place(str(self.path), 1),
                hint="leave `columns` out",
            )

    def _table(self, piece: bytes) -> pa.Table:
        """A piece as columns of text, called 0, 1, ...; certain pieces by Arrow, all others line by line."""
        columns = len(self.names)
        empty_line = columns > 1 and (b"\n\n" in piece or piece.startswith(b"\n"))
        simple = columns <= WIDE and b"\r" not in piece and not empty_line
        if simple and not self._tokens.inside and (not self.quoted or regular(piece, self.delimiter)):
            try:
                table = self._arrow(piece)
            except pa.ArrowInvalid:
                table = None  # some line is ragged: say which
            if table is not None:
                return self._short_enough(piece, table)
        self._tokens.line = self._line
        rows = [self._row(line, cells) for line, cells in self._tokens.feed(piece[:-1].decode().split("\n"))]
        cells = zip(*rows, strict=True) if rows else [()] * columns
        arrays = [pa.array(column, type=pa.large_string()) for column in cells]
        return self._short_enough(piece, pa.Table.from_arrays(arrays, names=self._numbered()))

    def _arrow(self, piece: bytes) -> pa.Table:
        names = self._numbered()
        return pyarrow.csv.read_csv(
            pa.BufferReader(piece),
            read_options=pyarrow.csv.ReadOptions(column_names=names, block_size=len(piece) + 1, use_threads=False),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=self.delimiter,
                quote_char='"' if self.quoted else False,
                newlines_in_values=self.quoted,
                ignore_empty_lines=False,
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()), strings_can_be_null=False, check_utf8=False
            ),
        )

    def _numbered(self) -> list[str]:
        return [str(number) for number in range(len(self.names))]

    def _short_enough(self, piece: bytes, table: pa.Table) -> pa.Table:
        if len(piece) > FIELD and len(table):
            longest = max(pc.max(pc.binary_length(column)).as_py() for column in table.columns)
            if longest > FIELD:
                raise too_long(self.path, self._line, FIELD)
        return table

    def _row(self, line: int, cells: list[str]) -> list[str]:
        if len(cells) == len(self.names):
            return cells
        where = Place(str(self.path), line)
        if self.config.columns and len(cells) == 1:
            self._other_delimiter(cells[0], line, len(self.names))
        names = "`columns` names" if self.config.columns else "the line of names has"
        found = "is empty" if cells == [""] else f"has {_cells(len(cells))}"
        raise DataError(
            f"line {line} of `{self.path.name}` {found}; {names} {len(self.names):,}",
            id="data.ragged",
            where=where,
            note=f"the delimiter is {self.config.delimiter!r}" if cells != [""] else "",
            hint="delimiter: the one that stands in the file; or quotes around a cell that holds it"
            if cells != [""]
            else "",
        )

    def _other_delimiter(self, line: str, number: int, width: int = 0) -> None:
        """Raise `DataError` when a line that is one cell holds a character that usually stands between cells."""
        for other in LIKELY:
            if other != self.delimiter and other in line and width in (0, line.count(other) + 1):
                fault = f"is one cell, but holds {other!r} {_times(line, other)}"
                raise other_delimiter(self.path, number, fault, other)


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count:,} cells"


def _times(line: str, character: str) -> str:
    count = line.count(character)
    return {1: "once", 2: "twice"}.get(count, f"{count:,} times")


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True

"""What a column of cells becomes: whole numbers, numbers, or the text that stands in the file."""

from __future__ import annotations

import pathlib
import re
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sci.api import DataError, RunContext
from sci.api.errors import Place
from sci.api.gathering import ArrowColumns
from sci.api.rows import TEXT_LIST
from sci.api.sizes import text_pieces
from sci.api.spill import Spill
from sci_data.config import CsvConfig
from sci_data.names import require_columns
from sci_data.notation import CANDIDATE, means_missing, name_typed, other_notation, quoted, shown

DIGITS = 16
"""Every whole number with fewer digits than this has a float64 of its own."""

LONG = rf"^[+-]?[0-9]{{{DIGITS},}}(?:\.|$)"

LABELS = 50
"""A target with more different numbers than this is no set of classes."""

ROWS = 65536
"""Cells at most that are cut into lists together."""

FEW = 64
"""Cells that are looked at first, because most columns tell there what they are not."""

WHOLE = "^-?(?:0|[1-9][0-9]{0,17})$"
"""Whole numbers as most files have them, which fit in 64 bits."""


class Cells:
    """Gives the columns of a file their types.

    Missing are the empty cell and the texts of the setting `missing`. A column that the experiment declares as text, or
    the setting `strings` names, is what the file says. Another one is numbers when all other cells are; it
    stays text, with a warning, where its numbers would lose digits. A column that is numbers for the most part, or
    numbers in a foreign notation, is an error, because reading it as text would hide a mistake.

    Args:
        path: the file, for messages.
        config: what is missing, and how numbers are written.
        first_line: line of the first row.
        context: receives the warnings.
    """

    def __init__(self, path: pathlib.Path, config: CsvConfig, first_line: int, context: RunContext) -> None:
        self.path = path
        self.config = config
        self.first_line = first_line
        self.context = context
        self._codes = pa.array(sorted({"", *config.missing}), type=pa.large_string())
        self._targets = _target_columns(context)
        self._strings = {*config.strings, *_declared_texts(context)} - {*config.numbers}
        self._simple = not any(re.search(WHOLE, code) for code in config.missing)
        decimal = re.escape(config.decimal)
        digits = "[0-9]+"
        if config.thousands:
            digits = rf"(?:[0-9]+|[0-9]{{1,3}}(?:{re.escape(config.thousands)}[0-9]{{3}})+)"
        self._number = rf"^\s*[+-]?(?:{digits}(?:{decimal}[0-9]*)?|{decimal}[0-9]+)(?:[eE][+-]?[0-9]+)?\s*$"

    def table(self, text: pa.Table, spill: Spill | None = None) -> pa.Table:
        """The table with typed columns; all of its columns come as `large_string`. With a `spill` it is mapped."""
        lists = self.config.lists
        if self.context.purpose == "predict":  # rows to be predicted have no target
            lists = tuple(name for name in lists if name in text.column_names)
        for setting, names in (("strings", self.config.strings), ("numbers", self.config.numbers), ("lists", lists)):
            require_columns(names, text.column_names, setting, Place(str(self.path), 1))
        typed = ((name, *self._read_as(name, text)) for name in text.column_names)
        if spill is None:
            return pa.table({name: pa.chunked_array(list(chunks), type=type_) for name, type_, chunks in typed})
        written = ArrowColumns(spill)
        for name, type_, chunks in typed:
            written.add(name, type_, chunks)
        return pa.table(written.columns())

    def _read_as(self, name: str, text: pa.Table) -> tuple[pa.DataType, Iterable[pa.Array]]:
        if name in self.config.lists:
            return TEXT_LIST, self._lists(text.column(name))
        column = self._typed(name, text.column(name), text)
        return column.type, column.chunks

    def _lists(self, column: pa.ChunkedArray) -> Iterator[pa.Array]:
        empty = set(self._codes.to_pylist())
        for start, stop in text_pieces(column, ROWS):
            for chunk in column.slice(start, stop - start).chunks:
                cells = ["" if cell in empty else cell for cell in chunk.to_pylist()]
                yield pa.array([cell.split() for cell in cells], TEXT_LIST)

    def _typed(self, name: str, column: pa.ChunkedArray, text: pa.Table) -> pa.ChunkedArray:
        if self._simple and name not in self._strings and _all(column, WHOLE):
            return column.cast(pa.int64())
        column = self._without_missing(column)
        present = column.drop_null()
        if name in self._strings:
            return column
        if not len(present):
            return column.cast(pa.float64())
        values = self._read(column)
        if values is not None:
            return self._numbers(name, column, column, values, text)
        matches = pc.match_substring_regex(present, self._number)
        count = pc.sum(matches).as_py()
        if count == len(present):
            plain = self._plain(column)
            return self._numbers(name, column, plain, pc.cast(plain, pa.float64()), text)
        if name in self.config.numbers or 2 * count > len(present):
            raise self._not_a_number(name, column, self._number, text)
        if not _all(present.slice(0, FEW).filter(pc.invert(matches.slice(0, FEW))), CANDIDATE):
            return column  # long texts are not copied to be looked at
        others = present.filter(pc.invert(matches))
        if _all(others, CANDIDATE) and self._in_other_notation(others):
            raise self._not_a_number(name, column, self._number, text)
        return column

    def _without_missing(self, column: pa.ChunkedArray) -> pa.ChunkedArray:
        missing = pc.is_in(column, value_set=self._codes)
        if not pc.any(missing).as_py():
            return column
        return pc.if_else(missing, pa.scalar(None, pa.large_string()), column)

    def _read(self, column: pa.ChunkedArray) -> pa.ChunkedArray | None:
        """The numbers, where Arrow reads every cell as one; None where the slower, exact look is needed."""
        if self.config.decimal != "." or self.config.thousands:
            return None
        try:
            values = pc.cast(column, pa.float64())
        except pa.ArrowInvalid:
            return None
        return values if pc.all(pc.is_finite(values)).as_py() else None

    def _plain(self, column: pa.ChunkedArray) -> pa.ChunkedArray:
        """Numbers in the notation that Arrow reads."""
        column = pc.ascii_ltrim(pc.ascii_trim_whitespace(column), characters="+")
        if self.config.thousands:
            column = pc.replace_substring(column, self.config.thousands, "")
        if self.config.decimal != ".":
            column = pc.replace_substring(column, self.config.decimal, ".")
        return column

    def _numbers(
        self, name: str, column: pa.ChunkedArray, plain: pa.ChunkedArray, values: pa.ChunkedArray, text: pa.Table
    ) -> pa.ChunkedArray:
        if _all(plain.drop_null(), r"^[+-]?[0-9]+$"):
            return self._whole_numbers(name, column, self._plain(column))
        if pc.any(pc.is_inf(values)).as_py():
            raise self._too_large(name, column, values, text)
        long = np.flatnonzero(pc.fill_null(pc.match_substring_regex(plain, LONG), False)) if _any_long(plain) else ()
        rounded = (row for row in long if int(values[row].as_py()) != int(plain[row].as_py().split(".")[0]))
        row = None if name in self.config.numbers else next(rounded, None)
        if row is not None:
            return self._kept(name, column, int(row))
        return column if name in self._targets and _spelled_differently(column, values) else values

    def _whole_numbers(self, name: str, column: pa.ChunkedArray, plain: pa.ChunkedArray) -> pa.ChunkedArray:
        padded = pc.fill_null(pc.match_substring_regex(plain, "^-?0[0-9]"), False)
        wanted = name in self.config.numbers
        if pc.any(padded).as_py() and not wanted:
            return self._kept(name, column, pc.index(padded, True).as_py())
        try:
            values = pc.cast(pc.replace_substring_regex(plain, "^(-?)0+([0-9])", r"\1\2"), pa.int64())
            return column if name in self._targets and _spelled_differently(column, values) else values
        except pa.ArrowInvalid:
            if wanted:
                return pc.cast(plain, pa.float64())
            longest = int(np.argmax(pc.fill_null(pc.utf8_length(plain), 0).to_numpy()))
            return self._kept(name, column, longest)

    def _kept(self, name: str, column: pa.ChunkedArray, row: int) -> pa.ChunkedArray:
        self.context.warn(
            "data.kept-as-text",
            f"column {name} stays text, because `{shown(column[row].as_py())}` would lose digits as a number; "
            f"strings: [{name}] says that this is meant, numbers: [{name}] that it is not",
        )
        return column

    def _in_other_notation(self, others: pa.ChunkedArray) -> bool:
        return all(other_notation(text, self.config.decimal) for text in pc.unique(others).to_pylist())

    def _not_a_number(self, name: str, column: pa.ChunkedArray, number: str, text: pa.Table) -> DataError:
        bad = pc.fill_null(pc.invert(pc.match_substring_regex(column, number)), False)
        kinds = pc.value_counts(column.filter(bad)).to_pylist()
        count = sum(kind["counts"] for kind in kinds)
        row = pc.index(bad, True).as_py()
        found = column[row].as_py()
        alike = "no other cell looks like this" if count == 1 else f"{count:,} cells look like this"
        different = "" if len(kinds) == 1 else f"{len(kinds):,} different texts that are no numbers: {_some(kinds)}"
        return DataError(
            f"`{shown(found)}` in column {name} is not a number; {alike}",
            id="data.number",
            where=Place(str(self.path), self._line(row, text)),
            note=different,
            hint=self._hint(name, [kind["values"] for kind in kinds], self._has_decimals(column)),
        )

    def _has_decimals(self, column: pa.ChunkedArray) -> bool:
        """Whether numbers of the declared notation have decimals, so that the other cells are a second notation."""
        return bool(pc.any(pc.match_substring_regex(column, rf"^[+-]?\d+{re.escape(self.config.decimal)}\d+$")).as_py())

    def _hint(self, name: str, found: list[str], has_decimals: bool) -> str:
        as_text = f"strings: [{name_typed(name)}]"
        notation = [other_notation(text, self.config.decimal) for text in found]
        if all(notation) and has_decimals:
            return f"one notation in the file, or {as_text}"
        if all(notation):
            return f"{notation[0]}   or {as_text}"
        if len(found) <= 8:
            codes = f"missing: [{', '.join(quoted(text) for text in found)}]"
            if all(map(means_missing, found)):
                return f"{codes}   or {as_text}"
            return f"{as_text}   or {codes}"
        return as_text

    def _too_large(self, name: str, column: pa.ChunkedArray, values: pa.ChunkedArray, text: pa.Table) -> DataError:
        row = pc.index(pc.fill_null(pc.is_inf(values), False), True).as_py()
        return DataError(
            f"`{shown(column[row].as_py())}` in column {name} is larger than a number can be (1.8e308)",
            id="data.number",
            where=Place(str(self.path), self._line(row, text)),
            hint=f"missing: [{quoted(column[row].as_py())}]   or strings: [{name_typed(name)}]",
        )

    def _line(self, row: int, text: pa.Table) -> int:
        """The line where a row begins: cells of the rows before it may hold line ends."""
        before = (pc.sum(pc.count_substring(column.slice(0, row), "\n")).as_py() or 0 for column in text.columns)
        return self.first_line + row + sum(before)


def _all(column: pa.ChunkedArray, pattern: str) -> bool:
    """Whether all cells match; the first few are asked first, because most columns fail there."""
    return all(pc.all(pc.match_substring_regex(some, pattern)).as_py() for some in (column.slice(0, FEW), column))


def _any_long(column: pa.ChunkedArray) -> bool:
    return bool(pc.max(pc.binary_length(column)).as_py() >= DIGITS)


def _target_columns(context: RunContext) -> tuple[str, ...]:
    target = (context.experiment.get("data") or {}).get("target") or ()
    return (target,) if isinstance(target, str) else tuple(target.values() if isinstance(target, dict) else target)


def _declared_texts(context: RunContext) -> list[str]:
    columns = (context.experiment.get("data") or {}).get("columns") or {}
    return [name for name, declared in columns.items() if (declared or {}).get("kind") == "text"]


def _spelled_differently(column: pa.ChunkedArray, values: pa.ChunkedArray) -> bool:
    """Whether few numbers are written in several ways, as `1`, `1.0` and ` 1`: the task then shows the variants."""
    distinct = pc.count_distinct(values, mode="only_valid").as_py()
    return bool(distinct <= LABELS and pc.count_distinct(column, mode="only_valid").as_py() > distinct)


def _some(kinds: list[dict[str, Any]]) -> str:
    frequent = sorted(kinds, key=lambda kind: -kind["counts"])[:5]
    return ", ".join(f"`{shown(kind['values'])}`" for kind in frequent)

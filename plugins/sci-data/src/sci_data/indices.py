"""Files of row numbers."""

from __future__ import annotations

import re

import numpy as np

from sci.api import DataError, RunContext
from sci.api.errors import Place
from sci_data.config import TextConfig
from sci_data.notation import shown
from sci_data.text import Text

LONGEST = 2**20
_NUMBER = re.compile(r"\d{1,18}(\.0*)?([eE][+]?\d{1,2})?|\d(\.\d{1,17})?[eE][+]?\d{1,2}", re.ASCII)


def row_numbers(path: str, rows: int, context: RunContext) -> np.ndarray:
    """The row numbers in a file, one a line, counted from 0: int64, ascending.

    A number may have decimals that are zero, as NumPy writes them. Raises `DataError` for anything else, for a row that
    does not exist, and for one that is named twice."""
    file = context.resolve(path)
    found: dict[int, int] = {}
    for line, text in Text(file, TextConfig(path=path)).lines(LONGEST):
        row = _row(text.strip())
        if row is None or row >= rows:
            fault = "is no row number" if row is None else "is beyond the last row"
            raise DataError(
                f"`{shown(text)}` in line {line} of `{file.name}` {fault}",
                id="data.row-number",
                where=Place(str(file), line),
                note=f"rows count from 0; the last of {rows:,} is {rows - 1}",
            )
        if row in found:
            raise DataError(
                f"line {line} of `{file.name}` names row {row} again",
                id="data.row-number",
                where=Place(str(file), line),
                note=f"line {found[row]} names it first",
            )
        found[row] = line
    return np.sort(np.fromiter(found, dtype=np.int64, count=len(found)))


def _row(text: str) -> int | None:
    if not _NUMBER.fullmatch(text):
        return None
    if text.isdigit():
        return int(text)
    value = float(text)
    return int(value) if value.is_integer() else None

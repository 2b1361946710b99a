"""Text files whose columns have a fixed width."""

from __future__ import annotations

import pathlib
import re

import pyarrow as pa
from sci.api import DataError, Dataset, Place, RunContext, dataset

from {{ module }}.config import FixedWidthConfig

WHOLE = re.compile(r"[+-]?\d+", re.ASCII)
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
LARGEST = 2**63


class FixedWidth:
    """Reads a file in which every column has its place in the line.

    A column whose values are all whole numbers, or all numbers, becomes one; any other becomes text, without the blanks
    around it. A line that ends before a column has no value there.

    Args:
        config: the file, and where its columns stand.
    """

    def __init__(self, config: FixedWidthConfig) -> None:
        self.config = config

    def read(self, context: RunContext) -> Dataset:
        """All rows.

        Raises:
            DataError: the file is missing, has no rows, or is in another encoding.
        """
        path = context.resolve(self.config.path)
        lines = [line for line in self._lines(path)[self.config.skip :] if line.strip()]
        if not lines:
            raise DataError(f"`{path.name}` has no rows", id="data.empty", where=Place(str(path)))
        columns = {
            name: [self._value(line[first - 1 : last]) for line in lines]
            for name, (first, last) in self.config.columns.items()
        }
        return dataset(pa.table({name: typed(values) for name, values in columns.items()}))

    def _lines(self, path: pathlib.Path) -> list[str]:
        data = path.read_bytes()
        try:
            return re.split(r"\r\n|\r|\n", data.decode(self.config.encoding))
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise DataError(
                f"line {line} of `{path.name}` is not {self.config.encoding}",
                id="data.encoding",
                where=Place(str(path), line),
                hint="encoding: latin-1",
            ) from None

    def _value(self, cell: str) -> str | None:
        text = cell.strip()
        return None if text in self.config.missing else text


def typed(values: list[str | None]) -> pa.Array:
    """Values as int64, else as float64, else as text; what is missing is null. A column without values is float64."""
    present = [value for value in values if value is not None]
    if present and all(WHOLE.fullmatch(value) and abs(int(value)) < LARGEST for value in present):
        return pa.array([None if value is None else int(value) for value in values], type=pa.int64())
    if all(NUMBER.fullmatch(value) for value in present):
        return pa.array([None if value is None else float(value) for value in values], type=pa.float64())
    return pa.array(values, type=pa.large_string())

"""Source `parallel-text`: files of one sentence a line that translate each other."""

from __future__ import annotations

import pathlib

import pyarrow as pa

from sci.api import DataError, Dataset, RunContext, dataset
from sci.api.errors import Place
from sci_data.config import ParallelConfig
from sci_data.files import located
from sci_data.starred import STAR
from sci_data.text import Text
from sci_data.tokens import FIELD


class Parallel:
    """Reads one file for each column; row i holds line i of each. An empty line is an empty text.

    Lines end as `Text` says: other marks that Unicode calls line ends are characters of a sentence.

    Args:
        config: the files and their columns.
    """

    def __init__(self, config: ParallelConfig) -> None:
        self.config = config

    def read(self, context: RunContext) -> Dataset:
        """All rows; `DataError` where the files have different numbers of lines."""
        files = self._files(context)
        columns = {name: self._column(path) for name, path in files.items()}
        counts = {name: len(column) for name, column in columns.items()}
        (first, path), *others = files.items()
        if not counts[first]:
            raise DataError(f"`{path.name}` is empty", id="data.empty", where=Place(str(path)))
        for name, other in others:
            if counts[name] != counts[first]:
                raise DataError(
                    f"`{path.name}` has {counts[first]:,} lines and `{other.name}` {counts[name]:,}, so they do not"
                    " translate each other line by line",
                    id="data.parallel",
                    where=Place(str(other)),
                )
        return dataset(pa.table(columns))

    def _files(self, context: RunContext) -> dict[str, pathlib.Path]:
        """The file of each column."""
        named = self.config.path
        if STAR not in named and named:
            path = located(named, "parallel-text", context)
            column = self._column_of(path)
            if context.purpose in ("run", "check"):
                self._require_target(column, path, context)
            return {column: path}
        return {name: located(named.replace(STAR, name), "parallel-text", context) for name in self.config.columns}

    def _require_target(self, column: str, path: pathlib.Path, context: RunContext) -> None:
        """Raise `DataError` where a single file is named, and the target is the column of another one."""
        target = (context.experiment.get("data") or {}).get("target")
        if target in self.config.columns and target != column:
            starred = ".".join(STAR if part == column else part for part in self.config.path.split("."))
            raise DataError(
                f"`{path.name}` is column `{column}` alone, and the target is `{target}`",
                id="data.parallel",
                where=Place(str(path)),
                hint=f"{starred}   with `{STAR}` for the files of all columns",
            )

    def _column_of(self, path: pathlib.Path) -> str:
        """The column that a single file holds."""
        found = [name for name in self.config.columns if name in path.name.split(".")]
        if len(found) == 1:
            return found[0]
        wanted = " or ".join(f"`NAME.{name}`" for name in self.config.columns)
        raise DataError(
            f"the name of `{path.name}` does not say which of the columns {', '.join(self.config.columns)} it holds",
            id="data.parallel",
            where=Place(str(path)),
            hint=f"a name such as {wanted}, or one with `*` for files of all columns",
        )

    def _column(self, path: pathlib.Path) -> pa.Array:
        return pa.array([line for _, line in Text(path, self.config).every_line(FIELD)], type=pa.large_string())

"""Source `conll`: one word a line with its tags beside it, sentences separated by empty lines."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator, Sequence

import pyarrow as pa

from sci.api import DataError, Dataset, RunContext, dataset
from sci.api.errors import Place
from sci_data.config import ConllConfig
from sci_data.files import located
from sci_data.text import Text
from sci_data.tokens import FIELD

DOCUMENT = "-DOCSTART-"
LISTS = pa.large_list(pa.large_string())


class Conll:
    """Reads a file in the column format of the CoNLL shared tasks: a row for each sentence, and in each column of the
    result a list with one text for each of its words.

    A line that begins with ``-DOCSTART-`` is no word: it ends a sentence and begins a document.

    Args:
        config: the file, and which of its columns are read.
    """

    def __init__(self, config: ConllConfig) -> None:
        self.config = config

    def read(self, context: RunContext) -> Dataset:
        """All sentences; `DataError` names the line that lacks a column."""
        path = located(self.config.path, "conll", context)
        lists: dict[str, list[list[str]]] = {name: [] for name in self.config.columns}
        documents: list[int] = []
        for document, words in self._sentences(path):
            documents.append(document)
            for name, column in zip(lists, zip(*words, strict=True), strict=True):
                lists[name].append(list(column))
        if not documents:
            raise DataError(f"`{path.name}` is empty", id="data.empty", where=Place(str(path)))
        columns = {name: pa.array(rows, type=LISTS) for name, rows in lists.items()}
        if self.config.document is not None:
            columns[self.config.document] = pa.array([f"document {number}" for number in documents])
        return dataset(pa.table(columns))

    def _sentences(self, path: pathlib.Path) -> Iterator[tuple[int, list[tuple[str, ...]]]]:
        """The number of its document, from 0, and the wanted cells of each word, for each sentence."""
        document, begun, words = 0, False, list[tuple[str, ...]]()
        for number, line in Text(path, self.config).lines(FIELD):
            if self.config.comment is not None and line.startswith(self.config.comment):
                continue
            cells = self._cells(line)
            if cells and cells[0] != DOCUMENT:
                words.append(self._wanted(path, number, cells))
                continue
            if words:
                yield document, words
                begun, words = True, []
            if cells and begun:
                document, begun = document + 1, False
        if words:
            yield document, words

    def _cells(self, line: str) -> list[str]:
        if not line.strip():
            return []
        return line.split() if self.config.delimiter == "whitespace" else line.split(self.config.delimiter)

    def _wanted(self, path: pathlib.Path, number: int, cells: Sequence[str]) -> tuple[str, ...]:
        try:
            found = tuple(cells[place - 1 if place > 0 else place] for place in self.config.columns.values())
        except IndexError:
            farthest = max(self.config.columns.items(), key=lambda one: abs(one[1]))
            raise DataError(
                f"line {number} of `{path.name}` has {len(cells)} column{'s' * (len(cells) != 1)}, and `{farthest[0]}`"
                f" is column {farthest[1]}",
                id="data.conll",
                where=Place(str(path), number),
                hint="source: {columns: {words: 1, tags: -1}, delimiter: whitespace}",
            ) from None
        blank = next((name for name, cell in zip(self.config.columns, found, strict=True) if not cell.strip()), None)
        if blank is not None:
            raise DataError(
                f"line {number} of `{path.name}` has nothing in column `{blank}`",
                id="data.conll",
                where=Place(str(path), number),
            )
        return found

"""Source `conll`: one word a line with its tags beside it, sentences separated by empty lines."""

from __future__ import annotations

import pathlib
import re
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
BLANKS = re.compile("[ \t]+")


class Conll:
    """Reads a file in the column format of the CoNLL shared tasks: a row for each sentence, and in each column of the
    result a list with one text for each of its words.

    A line that begins with ``-DOCSTART-`` is no word: it ends a sentence and begins a document. All lines with words
    have the same number of columns.

    Args:
        config: the file, and which of its columns are read.
    """

    def __init__(self, config: ConllConfig) -> None:
        self.config = config

    def read(self, context: RunContext) -> Dataset:
        """All sentences; `DataError` names the line that lacks a column, or has one too many."""
        path = located(self.config.path, "conll", context)
        words = _Words(path, self.config, tagged=context.purpose in ("run", "check"))
        rows: list[list[tuple[str, ...]]] = []
        documents: list[int] = []
        for document, sentence in self._sentences(path, words):
            documents.append(document)
            rows.append(list(zip(*sentence, strict=True)))
        if not documents:
            raise DataError(f"`{path.name}` is empty", id="data.empty", where=Place(str(path)))
        columns = {
            name: pa.array(lists, type=LISTS) for name, lists in zip(words.places, zip(*rows, strict=True), strict=True)
        }
        if self.config.document is not None:
            columns[self.config.document] = pa.array([f"document {number}" for number in documents])
        return dataset(pa.table(columns))

    def _sentences(self, path: pathlib.Path, words: _Words) -> Iterator[tuple[int, list[tuple[str, ...]]]]:
        """The number of its document, from 0, and the wanted cells of each word, for each sentence."""
        document, begun, sentence = 0, False, list[tuple[str, ...]]()
        for number, line in Text(path, self.config).lines(FIELD):
            if self.config.comment is not None and line.startswith(self.config.comment):
                continue
            cells = self._cells(line)
            if cells and cells[0] != DOCUMENT:
                sentence.append(words(number, line, cells))
                continue
            if sentence:
                yield document, sentence
                begun, sentence = True, []
            if cells and begun:
                document, begun = document + 1, False
        if sentence:
            yield document, sentence

    def _cells(self, line: str) -> list[str]:
        if not line.strip():
            return []
        if self.config.delimiter == "whitespace":
            return BLANKS.split(line.strip(" \t"))
        return line.split(self.config.delimiter)


class _Words:
    """Takes the wanted cells out of the line of a word; the first such line says how many columns the file has.

    Args:
        path: the file, for messages.
        config: which columns are wanted.
        tagged: whether all of them must be there; rows to be predicted may have words alone.
    """

    def __init__(self, path: pathlib.Path, config: ConllConfig, tagged: bool) -> None:
        self.path = path
        self.config = config
        self.tagged = tagged
        self.places: dict[str, int] = {}
        self._first = self._width = 0

    def __call__(self, number: int, line: str, cells: Sequence[str]) -> tuple[str, ...]:
        """The cells of this line, in the order of `places`."""
        if not self._first:
            self._first, self._width = number, len(cells)
            self.places = self._found(number, len(cells))
        if len(cells) != self._width:
            raise self._error(
                number, f"has {_columns(len(cells))}, and line {self._first} has {self._width:,}", self._hint(line)
            )
        found = tuple(cells[place] for place in self.places.values())
        blank = next((name for name, cell in zip(self.places, found, strict=True) if not cell.strip()), None)
        if blank is not None:
            raise self._error(number, f"has nothing in column `{blank}`")
        return found

    def _found(self, number: int, width: int) -> dict[str, int]:
        """Where each wanted column stands, from 0. One that is counted from the end is not one counted from the front:
        a file of words alone has no tags."""
        counted = {place - 1 for place in self.config.columns.values() if place > 0}
        found = {}
        for name, place in self.config.columns.items():
            at = place - 1 if place > 0 else width + place
            if 0 <= at < width and not (place < 0 and at in counted):
                found[name] = at
            elif self.tagged:
                raise self._error(
                    number,
                    f"has {_columns(width)}, and `{name}` is column {place}",
                    "source: {columns: {words: 1, tags: -1}, delimiter: whitespace}",
                )
        if not found:
            raise self._error(number, f"has {_columns(width)}, and none of them is one that the run reads")
        return found

    def _hint(self, line: str) -> str:
        """The setting under which a line would not differ from the others."""
        if self.config.comment is None and line.startswith("#"):
            return 'source: {comment: "#"}   if this line is a comment'
        if self.config.delimiter == "whitespace" and "\t" in line:
            return 'source: {delimiter: "\\t"}   if words hold blanks'
        return "one word a line, each with the same columns; an empty line between sentences"

    def _error(self, number: int, fault: str, hint: str = "") -> DataError:
        return DataError(
            f"line {number} of `{self.path.name}` {fault}",
            id="data.conll",
            where=Place(str(self.path), number),
            hint=hint,
        )


def _columns(count: int) -> str:
    return "1 column" if count == 1 else f"{count:,} columns"

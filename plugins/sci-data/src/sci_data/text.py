"""The text of a data file: decoded, without byte order mark, with line ends that are all alike."""

from __future__ import annotations

import codecs
import pathlib
from collections.abc import Iterator
from typing import NoReturn

from sci.api import DataError
from sci.api.errors import Place
from sci_data.config import TextConfig
from sci_data.encoding import WESTERN, guessed, is_damaged
from sci_data.files import blocks
from sci_data.notation import shown

MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32", "utf-32"),
    (codecs.BOM_UTF32_BE, "UTF-32", "utf-32"),
    (codecs.BOM_UTF16_LE, "UTF-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "UTF-16", "utf-16"),
)
FOREIGN = (
    (b"\x1f\x8b", "a gzip file", "a name that ends in .gz"),
    (b"PAR1", "a Parquet file", "source: {name: parquet, ...}"),
    (b"PK\x03\x04", "a zip archive or a workbook", "a CSV file saved from it"),
    (b"\x89HDF", "an HDF5 file", "a CSV or Parquet file written from it"),
    (b"\x93NUMPY", "a NumPy file", "a CSV or Parquet file written from it"),
    (b"SQLite format 3", "an SQLite database", "a CSV file written from it"),
    *(
        (bytes([0x80, protocol]), "a Python pickle, which can hold code", "a CSV file written from it")
        for protocol in range(2, 6)
    ),
)


class Text:
    """The text of one file.

    Lines end with LF or CR LF; a lone CR ends a line only in a file without any LF, and is a character elsewhere.

    Args:
        path: the file.
        config: its encoding and how large it may be.
    """

    def __init__(self, path: pathlib.Path, config: TextConfig) -> None:
        self.path = path
        self.config = config
        self._lines = 0
        self._is_utf8 = False

    def blocks(self) -> Iterator[str]:
        """The text in pieces with ``\\n`` at the end of each line; `DataError` names the line that is no text."""
        carriage_returns = None
        held = ""
        for text in self._decoded():
            text = held + text
            held = ""
            if carriage_returns is None:
                carriage_returns = "\r" in text and "\n" not in text
            if carriage_returns:
                text = text.replace("\r", "\n")
            else:
                if text.endswith("\r"):
                    text, held = text[:-1], "\r"
                text = text.replace("\r\n", "\n")
            if text:
                self._lines += text.count("\n")
                yield text
        if held:
            yield held

    def lines(self, longest: int) -> Iterator[tuple[int, str]]:
        """Numbers from 1 and lines, without their ends; empty lines at the end of the file are left out."""
        empty = 0
        for number, line in self.every_line(longest):
            if line:
                yield from ((number - back, "") for back in range(empty, 0, -1))
                empty = 0
                yield number, line
            else:
                empty += 1

    def every_line(self, longest: int) -> Iterator[tuple[int, str]]:
        """Numbers from 1 and lines, without their ends, those that are empty among them."""
        number, rest = 0, ""
        for text in self.blocks():
            *whole, rest = (rest + text).split("\n")
            for line in whole:
                number += 1
                yield number, line
            if len(rest) > longest:
                raise too_long(self.path, number + 1, longest)
        if rest:
            yield number + 1, rest

    def _decoded(self) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder(self.config.encoding)("strict")
        first = True
        for block in blocks(self.path, self.config.max_bytes):
            if first:
                block = self._beginning(block)
                first = False
            text = self._decode(decoder, block, final=False)
            self._is_utf8 |= not text.isascii()
            yield self._checked(text)
        yield self._checked(self._decode(decoder, b"", final=True))

    def _beginning(self, block: bytes) -> bytes:
        for mark, kind, hint in FOREIGN:
            if block.startswith(mark):
                raise DataError(
                    f"`{self.path.name}` is {kind}, not text",
                    id="data.not-text",
                    where=Place(str(self.path)),
                    hint=hint,
                )
        declared = self.config.encoding
        if declared == "utf-8":
            self._is_utf8 = block.startswith(codecs.BOM_UTF8)
            block = block.removeprefix(codecs.BOM_UTF8)
        elif block.startswith(codecs.BOM_UTF8) and not declared.startswith("utf-8"):
            self._encoded_otherwise("UTF-8", "utf-8")
        if not declared.startswith(("utf-16", "utf-32")):
            for mark, name, encoding in MARKS:
                if block.startswith(mark):
                    self._encoded_otherwise(name, encoding)
            head = block[:4096]
            for parity, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
                half, other = head[parity::2], head[1 - parity :: 2]
                if len(half) > 4 and half.count(0) > 0.6 * len(half) and not other.count(0):
                    self._encoded_otherwise("UTF-16", encoding)
        return block

    def _encoded_otherwise(self, name: str, encoding: str) -> NoReturn:
        raise DataError(
            f"`{self.path.name}` is {name}, not {_title(self.config.encoding)}",
            id="data.encoding",
            where=Place(str(self.path), 1),
            hint=f"encoding: {encoding}",
        )

    def _decode(self, decoder: codecs.IncrementalDecoder, block: bytes, final: bool) -> str:
        try:
            return decoder.decode(block, final)
        except UnicodeDecodeError as error:
            before = error.object[: error.start].decode(self.config.encoding, "ignore")
            raise self._undecodable(error, self._lines + _line_ends(before) + 1) from None

    def _undecodable(self, error: UnicodeDecodeError, line: int) -> DataError:
        block, at = bytes(error.object), error.start
        fault = f"is not {_title(self.config.encoding)}: byte 0x{block[at]:02x}"
        note, hint = error.reason, "encoding: the one that the file was written in"
        if self.config.encoding == "utf-8":
            guess = guessed(block, at)
            if self._is_utf8 or is_damaged(block):
                note, hint = "the rest is UTF-8, so this line is damaged", "this line as it was, or the file without it"
            elif guess:
                text = block[at:].split(b"\n")[0].decode(guess, "replace")
                note = f"in {_title(guess)} it is `{shown(text[:1] if guess in WESTERN else text)}`"
                hint = f"encoding: {guess}"
            else:
                note, hint = "", f"{hint}, such as gb18030, big5, shift_jis or cp1251"
        return DataError(
            f"line {line} of `{self.path.name}` {fault}",
            id="data.encoding",
            where=Place(str(self.path), line),
            note=note,
            hint=hint,
        )

    def _checked(self, text: str) -> str:
        at = text.find("\0")
        if at >= 0:
            line = self._lines + _line_ends(text[:at]) + 1
            raise DataError(
                f"line {line} of `{self.path.name}` holds a NUL byte, so this is not text",
                id="data.not-text",
                where=Place(str(self.path), line),
            )
        return text


def too_long(path: pathlib.Path, line: int, longest: int) -> DataError:
    """A line or a cell that no table holds."""
    return DataError(
        f"line {line} of `{path.name}` is longer than {longest // 2**20} MiB",
        id="data.field-size",
        where=Place(str(path), line),
        hint="quoting: none, if a quote is a character in this file; or the file's real line ends",
    )


def _line_ends(text: str) -> int:
    return text.count("\n") or text.count("\r")


def _title(encoding: str) -> str:
    return {"utf-8": "UTF-8", "iso8859-1": "Latin-1", "latin-1": "Latin-1", "cp1252": "Windows-1252"}.get(
        encoding, encoding
    )

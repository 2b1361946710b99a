"""A delimited text in pieces that end where a record ends."""

from __future__ import annotations

import pathlib
import re
from collections.abc import Iterable, Iterator

import numpy as np

from sci_data.text import too_long
from sci_data.tokens import FIELD

RECORD = 4 * FIELD
"""No line may have more bytes than this."""

QUOTE, LINE_END = ord('"'), ord("\n")
_BLANKS = re.compile(rb'("[^"]*")|[ \t]+')
_EDGES = re.compile(rb"^ | $", re.MULTILINE)


def pieces(texts: Iterable[str], quoted: bool, path: pathlib.Path) -> Iterator[bytes]:
    """UTF-8 in pieces of whole lines, each cut where the number of quotes so far is even if there is such a place.

    Empty lines at the end of the text are left out.
    """
    pending, line = b"", 1
    for text in texts:
        pending += text.encode()
        end = _end(pending, quoted)
        if not end and len(pending) > FIELD:
            end = pending.rfind(b"\n") + 1  # an open quote: the next reader says whether the cell is too long
        whole = pending[:end].rstrip(b"\n")
        if whole:
            piece, pending = pending[: len(whole) + 1], pending[len(whole) + 1 :]
            line += piece.count(b"\n")
            yield piece
        elif len(pending) > RECORD:
            raise too_long(path, line, RECORD)
    rest = pending.rstrip(b"\n")
    if rest:
        yield rest + b"\n"


def _end(pending: bytes, quoted: bool) -> int:
    """Position after the last line end with an even number of quotes before it; 0 if there is none."""
    if not quoted or b'"' not in pending:
        return pending.rfind(b"\n") + 1
    data = np.frombuffer(pending, dtype=np.uint8)
    ends = np.flatnonzero(data == LINE_END)
    outside = ends[np.searchsorted(np.flatnonzero(data == QUOTE), ends) % 2 == 0]
    return int(outside[-1]) + 1 if len(outside) else 0


def regular(piece: bytes, delimiter: str) -> bool:
    """Whether quotes stand only where a quoted cell begins, ends, or holds a doubled quote, and each is closed.

    With every second quote opening a cell, what stands before it is a delimiter, a line end or the quote just closed.
    """
    if b'"' not in piece:
        return True
    data = np.frombuffer(piece, dtype=np.uint8)
    quotes = np.flatnonzero(data == QUOTE)
    if len(quotes) % 2:
        return False
    opening, closing = quotes[::2], quotes[1::2]
    around = np.array([ord(delimiter), LINE_END, QUOTE], dtype=np.uint8)
    before = data[opening[opening > 0] - 1]
    return bool(np.isin(before, around).all() and np.isin(data[closing + 1], around).all())


def single_blanks(piece: bytes) -> bytes:
    """Runs of spaces and tabs outside quotes as one space, none at the ends of lines."""
    return _EDGES.sub(b"", _BLANKS.sub(lambda found: found[1] or b" ", piece))

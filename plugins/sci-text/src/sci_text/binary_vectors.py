"""The binary format of word2vec: a line with how many vectors of which length, then each word, a space, and its float32
numbers, little-endian (Mikolov et al. 2013); some files have a line feed behind each vector."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import BinaryIO

import numpy as np

CHUNK = 2**20
"""Bytes that are read at a time; no word is longer."""


def sizes(stream: BinaryIO) -> tuple[int, int]:
    """How many vectors follow, and their length.

    Raises:
        ValueError: the file does not begin so.
    """
    fields = stream.readline(100).split()
    if len(fields) != 2 or not all(field.isdigit() for field in fields) or int(fields[1]) == 0:
        raise ValueError("it does not begin with how many vectors of which length there are, as word2vec writes it")
    return int(fields[0]), int(fields[1])


def vectors(stream: BinaryIO, wanted: Container[bytes]) -> Iterator[tuple[bytes, np.ndarray]]:
    """Word and vector, float32 [width], of the words that are wanted.

    Args:
        stream: the file from its beginning.
        wanted: words in UTF-8.

    Raises:
        ValueError: the file is no such file, or not whole.
    """
    number, width = sizes(stream)
    size = 4 * width
    held, at = b"", 0
    for row in range(number):
        end = held.find(b" ", at)
        if end < 0 or len(held) < end + 1 + size:
            held, at = held[at:] + stream.read(CHUNK + size), 0
            end = held.find(b" ")
        if end < 0 or len(held) < end + 1 + size:
            raise ValueError(f"it ends behind {row:,} of {number:,} vectors")
        word = held[at:end].lstrip(b"\n")
        at = end + 1 + size
        if word in wanted:
            vector = np.frombuffer(held, "<f4", width, end + 1)
            if not np.isfinite(vector).all():
                raise ValueError(f"the vector of `{word.decode(errors='replace')}` holds a number that is not finite")
            yield word, vector

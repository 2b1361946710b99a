"""Draws for each word of each row."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sci.api import SampleRandom

ROOM = 2**18
"""Draws that are made at once, of which those behind the end of a row go to waste."""


def of_each(random: SampleRandom, stream: str, lengths: np.ndarray) -> np.ndarray:
    """Uniform in [0, 1) for each element of rows of different lengths, row after row: float64 [sum of lengths].

    A draw follows from seed, epoch, row, step, stream and the place in the row, whatever the other rows are.

    Args:
        random: draws for each row.
        stream: name of these draws.
        lengths: elements of each row, int64 [rows].
    """
    parts = [np.zeros(0)]
    for rows in _blocks(lengths):
        longest = int(lengths[rows].max())
        drawn = SampleRandom(random.seed, random.epoch, random.ids[rows], random.step).uniform(stream, (longest,))
        parts.append(drawn[np.arange(longest)[None, :] < lengths[rows, None]])
    return np.concatenate(parts)


def _blocks(lengths: np.ndarray) -> Iterator[slice]:
    """Neighbouring rows that may be drawn for together."""
    start, longest = 0, 0
    for row, length in enumerate(lengths.tolist()):
        if row > start and max(longest, length) * (row + 1 - start) > ROOM:
            yield slice(start, row)
            start, longest = row, 0
        longest = max(longest, length)
    if start < len(lengths):
        yield slice(start, len(lengths))

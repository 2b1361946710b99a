"""Sets that nearly agree, found without comparing all pairs."""

from __future__ import annotations

import numpy as np

from sci.api.columns import Ragged

BANDS, WIDTH = 16, 3
"""Two sets meet where they agree in the `WIDTH` smallest hashes of one of `BANDS` bands: with likeness J this happens
with probability 1 - (1 - J^3)^16, which is 0.99999 at 0.8, 0.996 at 2/3 and 0.12 at 0.2."""
TOGETHER = 4096
"""Rows that are looked for together, which bounds the memory that their meetings take."""
MEETINGS = 8
"""Sets of a band's bucket that a set is compared with."""
SEED = 0x6D696E68
ELEMENT = 44
"""Bits of an element: two of 200 are taken for one with probability 1e-9."""
_MASK = np.uint64(2**ELEMENT - 1)


class Likeness:
    """Sets by their MinHash signatures, banded (Broder 1997, doi:10.1109/SEQUEN.1997.666900; Leskovec, Rajaraman and
    Ullman, Mining of Massive Datasets, chapter 3). Who meets in a band is compared exactly, so that nothing is found
    that is not there.

    Args:
        sets: distinct elements of each row, as `as_sets` gives them.
        least: Jaccard index from which on two sets are alike, 0 to 1. An empty set is like no other.
    """

    def __init__(self, sets: Ragged, least: float) -> None:
        self.sets = sets
        self.least = least
        self._bands = _bands(sets)

    def known(self, part: np.ndarray, other: np.ndarray) -> np.ndarray:
        """Of the rows `part` those that have their like among the rows `other`: positions, int64, ascending."""
        part, other = (rows[self.sets.lengths[rows] > 0] for rows in (part, other))
        found = np.zeros(len(part), dtype=bool)
        for keys in self._bands:
            open_ = np.flatnonzero(~found)
            asked, met = _met(keys[part[open_]], keys[other])
            pairs = np.stack([part[open_[asked]], other[met]])
            found[open_[asked[self._alike(pairs)]]] = True
        return np.sort(part[found])

    def repeated(self) -> np.ndarray:
        """The rows that have their like among the rows before them: positions, int64, ascending.

        The first row of those that are alike is never among them.
        """
        full = np.flatnonzero(self.sets.lengths)
        found = np.zeros(len(self.sets.lengths), dtype=bool)
        for keys in self._bands:
            for start in range(0, len(full), TOGETHER):
                asking = full[start : start + TOGETHER]
                asking = asking[~found[asking]]
                asked, met = _met(keys[asking], keys[full])  # the first rows of a bucket are met first
                pairs = np.stack([asking[asked], full[met]])
                pairs = pairs[:, pairs[1] < pairs[0]]
                found[pairs[0, self._alike(pairs)]] = True
        return np.flatnonzero(found)

    def _alike(self, pairs: np.ndarray) -> np.ndarray:
        """Which of these pairs [2, n] are alike, bool [n]."""
        lengths = self.sets.lengths[pairs]
        shorter, longer = lengths.min(axis=0), lengths.max(axis=0)
        near = shorter >= self.least * longer
        common = np.zeros(pairs.shape[1])
        chosen = np.flatnonzero(near)
        taken = [self.sets.take(rows) for rows in pairs[:, chosen]]
        keys = np.sort(
            np.concatenate([_keys(np.repeat(np.arange(len(chosen)), one.lengths), one.values) for one in taken])
        )
        twice = keys[1:][keys[1:] == keys[:-1]]
        common[chosen] = np.bincount(_owners(twice), minlength=len(chosen))
        return near & (common >= self.least * (lengths.sum(axis=0) - common))


def _bands(sets: Ragged) -> np.ndarray:
    """One key for each band and row, uint64 [bands, n]; of no meaning for empty sets."""
    full = np.flatnonzero(sets.lengths)
    starts = sets.offsets[:-1][full]
    random = np.random.default_rng(SEED)
    keys = np.zeros((BANDS, len(sets.lengths)), dtype=np.uint64)
    for band in range(BANDS):
        for _ in range(WIDTH):
            factor, shift = random.integers(1, 2**63, 2, dtype=np.uint64) | np.uint64(1)
            if len(full):
                smallest = np.minimum.reduceat((sets.values * factor + shift) >> np.uint64(24), starts)
                keys[band, full] = (keys[band, full] ^ smallest) * np.uint64(0x9E3779B97F4A7C15)
    return keys


def _met(asked: np.ndarray, others: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of positions with equal keys, at most `MEETINGS` for each of those that ask."""
    order = np.argsort(others, kind="stable")
    left = np.searchsorted(others[order], asked, side="left")
    met = np.minimum(np.searchsorted(others[order], asked, side="right") - left, MEETINGS)
    pairs = Ragged(np.zeros(0), np.concatenate([[0], np.cumsum(met)]))
    within = np.arange(pairs.offsets[-1]) - np.repeat(pairs.offsets[:-1], met)
    return np.repeat(np.arange(len(asked)), met), order[np.repeat(left, met) + within]


def as_sets(owners: np.ndarray, elements: np.ndarray, rows: int) -> Ragged:
    """The set of each row; what is there twice counts once.

    Args:
        owners: the row of each element, int64, below 2^20.
        elements: uint64, of which the upper 44 bits count.
        rows: how many there are.
    """
    keys = np.sort(_keys(owners, elements >> np.uint64(64 - ELEMENT)))
    keys = keys[np.diff(keys, prepend=~keys[:1]) != 0]
    counts = np.bincount(_owners(keys), minlength=rows)
    return Ragged(keys & _MASK, np.concatenate([[0], np.cumsum(counts)]).astype(np.int64))


def _keys(owners: np.ndarray, elements: np.ndarray) -> np.ndarray:
    return (owners.astype(np.uint64) << np.uint64(ELEMENT)) | elements


def _owners(keys: np.ndarray) -> np.ndarray:
    return (keys >> np.uint64(ELEMENT)).astype(np.int64)

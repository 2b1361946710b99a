"""Rows drawn for parts, those that belong together for the same part."""

from __future__ import annotations

import numpy as np

SWEEPS = 10
"""So often at most is each group looked at again, to see whether it fits better elsewhere."""


def assign(quotas: np.ndarray, classes: np.ndarray, kin: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """The part of each row, int64 [n].

    Rows that are on their own fill the quotas exactly. Groups come first: each is drawn for a part with a probability
    proportional to the room that the part has for it, and moved where that makes parts less overfull.

    Args:
        quotas: wanted rows of each class in each part, int64 [parts, classes]; the columns add up to the class sizes.
        classes: class of each row, int64 [n].
        kin: rows with equal numbers go to one part together, int64 [n].
        random: draws.
    """
    kin = np.unique(kin, return_inverse=True)[1]
    sizes = np.bincount(kin)
    part = np.full(len(kin), -1, dtype=np.int64)
    room = quotas.astype(np.int64)
    several = np.flatnonzero(sizes[kin] > 1)
    if len(several):
        groups = _Groups(room, classes[several], kin[several])
        groups.draw(random)
        groups.mend(random)
        part[several] = groups.part[np.unique(kin[several], return_inverse=True)[1]]
        np.subtract.at(room, (part[several], classes[several]), 1)
    single = random.permutation(np.flatnonzero(part < 0))
    single = single[np.argsort(classes[single], kind="stable")]
    counts = np.bincount(classes[single], minlength=room.shape[1])
    part[single] = np.concatenate([np.zeros(0, dtype=np.int64), *map(_filled, room.T, counts)])
    return _none_empty(part, quotas, kin, sizes)


class _Groups:
    """Groups of two rows and more, and the room that they leave in each part.

    Room is kept for the rows of each class and, in a last column, for rows of any class; a column counts in
    proportion to
    its rows.
    """

    def __init__(self, room: np.ndarray, classes: np.ndarray, kin: np.ndarray) -> None:
        width = room.shape[1]
        pairs, counts = np.unique(kin * width + classes, return_counts=True)
        owners, kinds = np.divmod(pairs, width)
        borders = np.flatnonzero(np.diff(owners, prepend=-1))[1:]
        self.kinds = [np.append(one, width) for one in np.split(kinds, borders)]
        self.counts = [np.append(one, one.sum()) for one in np.split(counts, borders)]
        self.part = np.zeros(len(self.kinds), dtype=np.int64)
        self.left = np.hstack([room, room.sum(axis=1, keepdims=True)]).astype(np.float64)
        self.scale = 1.0 / np.maximum(self.left.sum(axis=0), 1)
        self.unwanted = self.left[:, -1] == 0

    def draw(self, random: np.random.Generator) -> None:
        """A part for each group, the largest first, among those that it brings nearer to their quotas."""
        order = random.permutation(len(self.part))
        order = order[np.argsort([-self.counts[one][-1] for one in order], kind="stable")]
        for one, draw in zip(order, random.random(len(order)), strict=True):
            count, there = self.counts[one][:-1], self.left[:, self.kinds[one][:-1]]
            farther = ((count * count - 2 * count * there) * self.scale[self.kinds[one][:-1]]).sum(axis=1)
            farther[self.unwanted] = np.inf
            weights = np.cumsum(np.where(farther <= 0, (np.maximum(there, 0) * count).sum(axis=1), 0.0))
            drawn = int(np.searchsorted(weights, draw * weights[-1], side="right"))
            self.part[one] = drawn if weights[-1] > 0 else int(np.argmin(farther))
            self.left[self.part[one], self.kinds[one]] -= self.counts[one]

    def mend(self, random: np.random.Generator) -> None:
        """Move groups while that makes parts less overfull; nothing moves where all quotas are kept."""
        for _ in range(SWEEPS):
            moved = False
            for one in random.permutation(len(self.part)) if (self.left < 0).any() else ():
                moved |= self._move(int(one))
            if not moved:
                return

    def _move(self, one: int) -> bool:
        kinds, count, home = self.kinds[one], self.counts[one], self.part[one]
        there, scale = self.left[:, kinds], self.scale[kinds]
        entering = ((_overfull(there - count) - _overfull(there)) * scale).sum(axis=1)
        leaving = ((_overfull(there[home] + count) - _overfull(there[home])) * scale).sum()
        entering[self.unwanted] = np.inf
        entering[home] = -leaving
        best = int(np.argmin(entering))
        if entering[best] + leaving > -1e-12:
            return False
        self.left[home, kinds] += count
        self.left[best, kinds] -= count
        self.part[one] = best
        return True


def _overfull(room: np.ndarray) -> np.ndarray:
    return np.minimum(room, 0) ** 2


def _filled(room: np.ndarray, count: int) -> np.ndarray:
    """Parts for so many rows of one class; groups may have left a part with less room than none."""
    room = np.maximum(room, 0)
    wanted = int(room.sum())
    if wanted > count:
        fewer = room * count // wanted
        short = count - int(fewer.sum())
        fewer[np.argsort(fewer - room, kind="stable")[:short]] += 1
        room = fewer
    return np.repeat(np.arange(len(room)), room)


def _none_empty(part: np.ndarray, quotas: np.ndarray, kin: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """A part that should have rows and got none takes the smallest group of the largest part."""
    for empty in np.flatnonzero((quotas.sum(axis=1) > 0) & (np.bincount(part, minlength=len(quotas)) == 0)):
        largest = int(np.argmax(np.bincount(part, minlength=len(quotas))))
        groups = np.unique(kin[part == largest])
        if len(groups) > 1:
            part[kin == groups[np.argmin(sizes[groups])]] = empty
    return part

"""All ways to cut words into pieces at once, and how probable each piece is over them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from sci_text.substrings import Substrings


class _Step(NamedTuple):
    """Edges that end (or begin) at the same depth, sorted by the place there.

    Args:
        edges: their numbers.
        first: where the edges of each place begin among them.
        places: the places.
    """

    edges: np.ndarray
    first: np.ndarray
    places: np.ndarray


class Lattice:
    """The words of `Substrings`, with an edge for each piece that occurs in them.

    Sums over all ways are taken by depth, for all words at once: as many steps as the longest word has letters.

    Args:
        found: the words and their substrings.
        alive: which of the substrings are pieces, bool [n]; single letters always are.
    """

    def __init__(self, found: Substrings, alive: np.ndarray) -> None:
        lengths, self.starts = np.nonzero((found.at >= 0) & alive[found.at])
        self.pieces = found.at[lengths, self.starts]
        self.ends = self.starts + lengths + 1
        self.weights = found.weights[self.starts].astype(np.float64)
        gaps = np.flatnonzero(found.at[0] < 0)
        self.closing = gaps[np.searchsorted(gaps, np.arange(found.at.shape[1]))]
        opening = np.concatenate([[0], gaps + 1])
        depth = np.arange(found.at.shape[1]) - opening[np.searchsorted(gaps, np.arange(found.at.shape[1]))]
        self.ahead = list(_steps(self.ends, depth[self.ends]))
        self.back = list(_steps(self.starts, -depth[self.starts]))

    def expected(self, scores: np.ndarray) -> np.ndarray:
        """How often each piece is expected, float64 [n], over all ways to cut every word, by the probability of each
        way: the forward-backward algorithm.

        Args:
            scores: natural logarithm of the probability of each substring, float64 [n].
        """
        edges = scores[self.pieces]
        forward = self._summed(edges, self.starts, self.ahead)
        backward = self._summed(edges, self.ends, self.back)
        share = np.exp(forward[self.starts] + edges + backward[self.ends] - forward[self.closing[self.starts]])
        return np.bincount(self.pieces, weights=share * self.weights, minlength=len(scores))

    def _summed(self, edges: np.ndarray, before: np.ndarray, steps: Sequence[_Step]) -> np.ndarray:
        """Logarithm of the sum over all ways from the end of a word where they begin, float64 [places]."""
        sums = np.zeros(len(self.closing))
        for step in steps:
            reached = sums[before[step.edges]] + edges[step.edges]
            largest = np.maximum.reduceat(reached, step.first)
            spread = np.exp(reached - np.repeat(largest, np.diff(step.first, append=len(reached))))
            sums[step.places] = largest + np.log(np.add.reduceat(spread, step.first))
        return sums


def _steps(places: np.ndarray, depth: np.ndarray) -> Iterator[_Step]:
    """The edges that reach these places, those of a smaller depth first."""
    order = np.lexsort((places, depth))
    bounds = np.flatnonzero(np.diff(depth[order])) + 1
    for edges in np.split(order, bounds):
        reached, first = np.unique(places[edges], return_index=True)
        yield _Step(edges, first, reached)


def otherwise(found: Substrings, scores: np.ndarray) -> np.ndarray:
    """The score of the best way to cut each substring into two or more pieces, float64 [n]; -inf for single letters.

    Args:
        found: the substrings.
        scores: of each; -inf for those that are no pieces.
    """
    best = np.full(len(scores), -np.inf)
    with_none = np.concatenate([scores, [-np.inf]])
    for length in np.unique(found.lengths[found.lengths > 1]):
        chosen = np.flatnonzero(found.lengths == length)
        score = _edges(found, chosen, with_none)
        reached = [np.zeros(len(chosen))]
        for end in range(1, length + 1):
            ways = [reached[start] + score(start, end) for start in range(end) if end - start < length]
            reached.append(np.max(ways, axis=0))
        best[chosen] = reached[-1]
    return best


def _edges(found: Substrings, chosen: np.ndarray, scores: np.ndarray) -> Callable[[int, int], np.ndarray]:
    def score(start: int, end: int) -> np.ndarray:
        part: np.ndarray = scores[found.at[end - start - 1, found.starts[chosen] + start]]
        return part

    return score

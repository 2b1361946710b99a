"""N-grams of tokens in buckets, and what they weigh in the training rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from sci.api import Feed

PRIME = 2**31 - 1
FACTOR = 1_000_003
"""Products of numbers below `PRIME` with this stay below 2^63, so that every engine counts the same."""

ROWS = 4096
TINY = 1e-12
"""Least squared length of a row, so that an empty one can be divided by it."""


def hashed(tokens: Any, length: Any, orders: Sequence[int], buckets: int) -> list[Any]:
    """The bucket of the n-gram that begins at each position, for each order n: [n, L] each, from 0 to `buckets` - 1.

    Args:
        tokens: int64 [n, L + longest order - 1], a NumPy array or a tensor of any engine.
        length: L.
        orders: lengths of the n-grams.
        buckets: how many there are.
    """
    return [_rolled(tokens, order, length) % buckets for order in orders]


def _rolled(tokens: Any, order: int, length: Any) -> Any:
    """A number below `PRIME` for each n-gram, by a polynomial in its codes; orders begin apart."""
    found = (tokens[:, :length] + order * FACTOR) % PRIME
    for place in range(1, order):
        found = (found * FACTOR + tokens[:, place : length + place] + 1) % PRIME
    return found


def bags(tokens: np.ndarray, lengths: np.ndarray, orders: Sequence[int], buckets: int) -> np.ndarray:
    """The different buckets of each row in ascending order, int64 [n, K]; what fills a row up is `buckets`."""
    padded = np.pad(tokens, ((0, 0), (0, max(orders) - 1)))
    longest = tokens.shape[1]
    place = np.arange(longest)
    found = [
        np.where(place < lengths[:, None] - (order - 1), codes, buckets)
        for order, codes in zip(orders, hashed(padded, longest, orders, buckets), strict=True)
    ]
    ordered = np.sort(np.concatenate(found, axis=1), axis=1)
    again = np.zeros_like(ordered, dtype=bool)
    again[:, 1:] = ordered[:, 1:] == ordered[:, :-1]
    return np.where(again, buckets, ordered)


def counted(feed: Feed, name: str, orders: Sequence[int], buckets: int, classes: int) -> tuple[np.ndarray, int]:
    """In how many training rows of each class each bucket occurs, float64 [classes, buckets], and the number of rows.

    Args:
        feed: the training rows.
        name: the column of tokens.
        orders: lengths of the n-grams.
        buckets: how many there are.
        classes: number of classes; 0 where rows are counted whatever their target, as if of one class.
    """
    counts = np.zeros((max(classes, 1), buckets + 1))
    rows = 0
    for batch in _batches(feed):
        tokens = batch[name]
        lengths = batch.get(f"{name}.length", np.full(len(tokens), tokens.shape[1]))
        found = bags(tokens, lengths, orders, buckets)
        for number, belongs in enumerate(_members(batch, classes)):
            counts[number] += np.bincount(found[belongs].reshape(-1), minlength=buckets + 1)
        rows += len(tokens)
    return counts[:, :buckets], rows


def _batches(feed: Feed) -> Iterator[Mapping[str, np.ndarray]]:
    for start in range(0, len(feed), ROWS):
        yield feed.batch(np.arange(start, min(start + ROWS, len(feed)), dtype=np.int64), 0)


def _members(batch: Mapping[str, np.ndarray], classes: int) -> Iterator[np.ndarray]:
    """Which rows are of each class; a target may be a code, or say of each class whether a row is of it."""
    if not classes:
        yield np.ones(len(next(iter(batch.values()))), dtype=bool)
        return
    target = batch["target"]
    for number in range(classes):
        yield target[:, number] > 0 if target.ndim == 2 else target == number


def naive_bayes(counts: np.ndarray) -> np.ndarray:
    """Log-count ratio of each bucket for each class against the others, float64 [buckets, classes].

    ``log((p / |p|) / (q / |q|))`` with p and q one more than the rows of the class, and of the others, in which the
    bucket occurs (Wang and Manning 2012, section 2.1).

    Args:
        counts: rows of each class with each bucket [classes, buckets].
    """
    inside = counts + 1.0
    outside = counts.sum(axis=0) - counts + 1.0
    inside /= inside.sum(axis=1, keepdims=True)
    outside /= outside.sum(axis=1, keepdims=True)
    return np.log(inside / outside).T


def inverse_frequency(counts: np.ndarray, rows: int) -> np.ndarray:
    """``ln((1 + n) / (1 + df)) + 1`` of each bucket, as in `bag-of-words`: float64 [buckets, 1]."""
    return (np.log((1.0 + rows) / (1.0 + counts.sum(axis=0))) + 1.0)[:, None]

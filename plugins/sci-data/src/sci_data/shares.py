"""How many rows of each class go to each part."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

TRAIN, VALIDATION, TEST = range(3)


def rounded(share: float, rows: int) -> int:
    """So many of the rows, half a row rounded up; 0.15 means 15 hundredths, not the nearest binary fraction."""
    return int(Fraction(str(share)) * rows + Fraction(1, 2))


def quotas(classes: np.ndarray, validation: float, test: float, small: int = 0) -> np.ndarray:
    """Rows of each class for each part, int64 [3, classes]: train, validation, test.

    Totals are the rounded shares of all rows, and within a class validation and test are less than one row from their
    share of it (largest remainders). Train, which gets the rest, is so too as far as the totals allow, and keeps a row
    of each class.

    Args:
        classes: rows of each class, int64 [classes].
        validation: share of the rows.
        test: share of the rows.
        small: a class with fewer rows than this goes to train as a whole.
    """
    sizes = np.where(classes < small, 0, classes).tolist()
    rows = sum(sizes)
    testing = _largest_remainders([Fraction(str(test)) * size for size in sizes], rounded(test, rows))
    wished = [Fraction(str(validation)) * size for size in sizes]
    training = [size - taken for size, taken in zip(sizes, testing, strict=True)]
    validating = _largest_remainders(
        wished,
        rounded(validation, rows),
        [
            _preference(left, wish, (1 - Fraction(str(validation)) - Fraction(str(test))) * size)
            for left, wish, size in zip(training, wished, sizes, strict=True)
        ],
    )
    found = np.array([[0] * len(sizes), validating, testing], dtype=np.int64)
    for position in np.flatnonzero((found.sum(axis=0) >= classes) & (classes > 0)):
        excess = [
            found[VALIDATION, position] - wished[position],
            found[TEST, position] - Fraction(str(test)) * sizes[position],
        ]
        found[VALIDATION if excess[0] > excess[1] else TEST, position] -= 1
    found[TRAIN] = classes - found.sum(axis=0)
    return found


def equal_quotas(classes: np.ndarray, parts: int) -> np.ndarray:
    """Rows of each class for each of so many equal parts, int64 [parts, classes].

    Rows sorted by class are dealt out in turn, so that parts differ by one row at most, in total and within each class.
    """
    ends = np.cumsum(classes)
    deals = np.arange(parts)[:, None]
    return (ends + parts - 1 - deals) // parts - (ends - classes + parts - 1 - deals) // parts


def _preference(left: int, wish: Fraction, train: Fraction) -> int:
    """1 where validation must be rounded up to keep train within one row of its share, -1 where it must not, else 0."""
    up, down = left - (int(wish) + 1), left - int(wish)
    return int(abs(up - train) < 1) - int(abs(down - train) < 1)


def _largest_remainders(wished: list[Fraction], total: int, preferences: list[int] | None = None) -> list[int]:
    found = [int(wish) for wish in wished]
    preferences = preferences or [0] * len(wished)
    order = sorted(range(len(wished)), key=lambda one: (preferences[one], wished[one] - found[one]), reverse=True)
    candidates = [one for one in order if wished[one] > found[one]]
    for one in candidates[: max(0, total - sum(found))]:
        found[one] += 1
    return found

"""How well one column alone tells a target, judged on rows that it was not fitted on."""

from __future__ import annotations

import numpy as np

from sci_statistics.areas import average_ranks

FOLDS = 5


def skill(codes: np.ndarray, classes: np.ndarray) -> float:
    """The share of the errors of guessing the most frequent class that is avoided by guessing from the code.

    1 is perfect, 0 no better than the guess. A code's guess is its most frequent class among the other four fifths.

    Args:
        codes: int64 [n], at least 0.
        classes: int64 [n], at least 0.
    """
    width, depth = int(classes.max()) + 1, int(codes.max()) + 1
    fold = np.arange(len(codes)) % FOLDS
    counts = np.zeros((FOLDS, depth, width))
    np.add.at(counts, (fold, codes, classes), 1.0)
    totals = counts.sum(axis=(0, 1))
    others = counts.sum(axis=0) - counts + totals / (totals.sum() + 1.0) * 1e-3
    right = np.count_nonzero(others.argmax(axis=2)[fold, codes] == classes)
    errors = len(codes) - totals.max()
    return 1.0 - (len(codes) - right) / errors if errors else 0.0


def explained(codes: np.ndarray, target: np.ndarray) -> float:
    """R2 of the mean of each code's targets among the other four fifths of the rows.

    Args:
        codes: int64 [n], at least 0.
        target: float64 [n], without NaN.
    """
    depth, fold = int(codes.max()) + 1, np.arange(len(codes)) % FOLDS
    sums, counts = np.zeros((FOLDS, depth)), np.zeros((FOLDS, depth))
    np.add.at(sums, (fold, codes), target - target.mean())
    np.add.at(counts, (fold, codes), 1.0)
    guesses = (sums.sum(axis=0) - sums) / np.maximum(counts.sum(axis=0) - counts, 1.0)
    spread = float(np.sum((target - target.mean()) ** 2))
    return 1.0 - float(np.sum((target - target.mean() - guesses[fold, codes]) ** 2)) / spread if spread else 0.0


def straight(values: np.ndarray, target: np.ndarray) -> float:
    """Squared correlation of two columns of numbers, over rows where both are finite; 0 where one is constant."""
    known = np.isfinite(values) & np.isfinite(target)
    if known.sum() < FOLDS or not np.ptp(values[known]) or not np.ptp(target[known]):
        return 0.0
    return float(np.corrcoef(values[known], target[known])[0, 1] ** 2)


def area(values: np.ndarray, positive: np.ndarray) -> float:
    """Area under the ROC curve of numbers for one class, at least 0.5; 0.5 where fewer than ten rows have either class.

    Args:
        values: float64 [n]; NaN counts as the smallest.
        positive: bool [n].
    """
    m, n = int(positive.sum()), int((~positive).sum())
    if min(m, n) < 10:
        return 0.5
    ranks = average_ranks(np.nan_to_num(values, nan=-np.inf, posinf=np.inf, neginf=-np.inf))
    found = (ranks[positive].sum() - m * (m + 1) / 2) / (m * n)
    return float(max(found, 1.0 - found))


def decides(codes: np.ndarray, classes: np.ndarray, rare: float, fewest: int) -> bool:
    """Whether a column of two values has one that occurs almost only with one class, and that class is rare.

    Args:
        codes: int64 [n].
        classes: int64 [n], at least 0.
        rare: the largest share of such a class.
        fewest: rows that such a value has at least.
    """
    different, counts = np.unique(codes, return_counts=True)
    if len(different) != 2:
        return False
    rows = classes[codes == different[np.argmin(counts)]]
    totals, inside = np.bincount(classes), np.bincount(rows)
    top = int(inside.argmax())
    return bool(len(rows) >= fewest and totals[top] <= rare * len(classes) and inside[top] >= 0.98 * len(rows))

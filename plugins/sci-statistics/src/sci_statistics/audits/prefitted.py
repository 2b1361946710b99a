"""Inputs that were scaled or filled in before the split."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from sci.api import AuditFinding, Dataset, Fold, RunContext
from sci_statistics.audits.parts import rows_of
from sci_statistics.audits.values import bounded
from sci_statistics.audits.wording import named

CHECK = "fitted-outside-train"
FEWEST, MOST = 20, 1_000_000
"""Rows below which exact figures may be chance, and above which nothing is asked."""
EXACT = 1e-3
"""How near to 0 and 1 a mean and a deviation lie that were made so, times the root of the rows: with four decimals they
are off by a thirtieth of this, and those of normal numbers hardly ever come so near."""
FILLED = 5
"""Rows that have the same filled-in number at least."""


class FittedOutsideTrain:
    """Audit `fitted-outside-train`: numbers that were standardized, brought to 0 to 1, or filled in with a mean over
    all rows before the split (leakage L1.2 of Kapoor and Narayanan 2023).

    The steps of an experiment see training rows alone; a file may have been through others. A mean of 0 and a deviation
    of 1 (or a length of 1) over all rows, but not over the training rows, show it; so do a smallest value of 0 and a
    largest of 1 that one row each has, in several columns and not all among the training rows; and a number with a
    fraction that several rows share and that is the mean of all others. Nothing is asked of more than a million rows.

    Args:
        config: no settings.
    """

    def __init__(self, config: Any = None) -> None:
        self.config = config

    def audit(self, dataset: Dataset, folds: Sequence[Fold], context: RunContext) -> Sequence[AuditFinding]:
        """A warning for each of the three; `passed` where there is none, nothing without numbers or a held-out row."""
        train = np.zeros(len(dataset), dtype=bool)
        train[rows_of(folds[0], "train")] = True
        asked: list[str] = []
        found: dict[str, list[str]] = {how: [] for how in LOOKS}
        if FEWEST <= train.sum() < len(dataset) <= MOST:
            for name, values in _numbers(dataset):
                asked.append(name)
                for how, look in LOOKS.items():
                    found[how] += [name] if look(values, train) else []
        if len(found[RANGED]) == 1:
            found[RANGED] = []
        findings = [_finding(how, columns) for how, columns in found.items() if columns]
        passed = AuditFinding(CHECK, "passed", "no input shows a step that was fitted on all rows", tuple(asked))
        return findings or ([passed] if asked else [])


def _finding(how: str, columns: list[str]) -> AuditFinding:
    was = "was" if len(columns) == 1 else "were"
    message = f"{named('input', columns)} {was} {how} over all rows before the split, so training has seen the test"
    hint = "data.source: the numbers as they were measured, and such steps under `preprocessing`"
    return AuditFinding(CHECK, "warning", message, tuple(columns), (), 0, hint)


def _numbers(dataset: Dataset) -> Iterator[tuple[str, np.ndarray]]:
    """Inputs of different numbers, float64 [n] each, one in memory at a time."""
    for name in dataset.schema.by("input"):
        if dataset.schema.columns[name].kind == "number":
            column = dataset.column(name)
            if isinstance(column, np.ndarray) and column.ndim == 1 and len(np.unique(column[:1000])) > FEWEST:
                yield name, bounded(column)


def _standardized(values: np.ndarray, train: np.ndarray) -> bool:
    """Whether all rows together have a mean of 0 and a deviation or length of 1, and the training rows have not."""
    return bool(np.isfinite(values).all() and _standard(values) and not _standard(values[train]))


def _standard(values: np.ndarray) -> bool:
    deviation = float(values.std())
    ones = (deviation, float(values.std(ddof=1)), deviation * len(values) ** 0.5)
    near = EXACT / len(values) ** 0.5
    return abs(values.mean()) < near * deviation and min(abs(one - 1) for one in ones) < near


def _ranged(values: np.ndarray, train: np.ndarray) -> bool:
    low, high = np.nanmin(values), np.nanmax(values)
    if low != 0 or high != 1 or np.count_nonzero(values == 0) > 1 or np.count_nonzero(values == 1) > 1:
        return False
    return bool(np.nanmin(values[train]) > 0 or np.nanmax(values[train]) < 1)


def _filled(values: np.ndarray, train: np.ndarray) -> bool:
    known = values[np.isfinite(values)]
    different, counts = np.unique(known, return_counts=True)
    if not len(different) or counts.max() < max(FILLED, len(values) / 200):
        return False
    fill = different[counts.argmax()]
    others = np.isfinite(values) & (values != fill)
    if float(fill).is_integer() or others.sum() < FEWEST or not (others & train).any():
        return False
    near = 1e-6 * float(values[others].std())
    return bool(abs(values[others].mean() - fill) <= near < abs(values[others & train].mean() - fill))


RANGED = "brought to 0 to 1"
LOOKS: Mapping[str, Callable[[np.ndarray, np.ndarray], bool]] = {
    "standardized": _standardized,
    RANGED: _ranged,
    "filled in with a mean": _filled,
}
"""What may have been done to all rows, and what shows it in the values of a column."""

"""The rows that the runs of a comparison answer differently."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from sci.api import Predictions


class Agreement(NamedTuple):
    """On how many rows one of two runs is right, or nearer to the truth, and the other is not.

    Args:
        a: label of the one run.
        b: label of the other.
        only_a: rows on which a alone is right, or nearer.
        only_b: rows on which b alone is.
        neither: rows on which both are wrong; None where answers are numbers.
    """

    a: str
    b: str
    only_a: int
    only_b: int
    neither: int | None

    @property
    def sentence(self) -> str:
        """``Only a right: 7 rows.  Only b right: 5.  Both wrong: 9.``"""
        if self.neither is None:
            return f"{self.a} nearer: {self.only_a:,} rows.  {self.b} nearer: {self.only_b:,}."
        return (
            f"Only {self.a} right: {self.only_a:,} rows.  Only {self.b} right: {self.only_b:,}."
            f"  Both wrong: {self.neither:,}."
        )


def agreements(sets: Mapping[str, Predictions]) -> list[Agreement]:
    """One for every pair; none where answers are neither classes nor single numbers."""
    first = next(iter(sets.values()))
    if "target" not in first.table.column_names:
        return []
    pairs = list(combinations(sets, 2))
    if _classifies(sets):
        right = {label: _right(one) for label, one in sets.items()}
        return [
            Agreement(a, b, _count(right[a] & ~right[b]), _count(right[b] & ~right[a]), _count(~right[a] & ~right[b]))
            for a, b in pairs
        ]
    if _measures(sets):
        away = {label: np.abs(_values(one) - np.asarray(one.target(), dtype=float)) for label, one in sets.items()}
        return [Agreement(a, b, _count(away[a] < away[b]), _count(away[b] < away[a]), None) for a, b in pairs]
    return []


def disagreements(sets: Mapping[str, Predictions]) -> pa.Table | None:
    """``id``, ``target`` and the answer of each run, where answers differ; numbers that differ most come first."""
    first = next(iter(sets.values()))
    if "target" not in first.table.column_names or not (_classifies(sets) or _measures(sets)):
        return None
    output = "label" if _classifies(sets) else "value"
    answers = {label: one.table.column(f"prediction.{output}") for label, one in sets.items()}
    if output == "label":
        words = np.stack(
            [np.asarray(one.cast(pa.large_string()).to_pylist(), dtype=object) for one in answers.values()]
        )
        rows = np.flatnonzero((words != words[0]).any(axis=0))
    else:
        spread = np.ptp(np.stack([_values(one) for one in sets.values()]), axis=0)
        rows = np.argsort(-spread, kind="stable")[: _count(spread > 0)]
    table = pa.table({"id": first.table.column("id"), "target": first.table.column("target"), **answers})
    return table.take(pa.array(rows, type=pa.int64()))


def _classifies(sets: Mapping[str, Predictions]) -> bool:
    return all("classes" in one.info and one.has("label") for one in sets.values())


def _measures(sets: Mapping[str, Predictions]) -> bool:
    return all(one.has("value") and np.ndim(one.prediction("value")) == 1 for one in sets.values())


def _right(predictions: Predictions) -> np.ndarray:
    truth = predictions.codes("target")
    return np.asarray((truth == predictions.codes("label")) & (truth >= 0))


def _values(predictions: Predictions) -> np.ndarray:
    return np.asarray(predictions.prediction("value"), dtype=np.float64)


def _count(rows: Any) -> int:
    return int(np.count_nonzero(rows))

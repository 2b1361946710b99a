"""How a run stands beside its baselines, in words: a row for each metric, as a terminal and a notebook show it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sci.api import Difference, Score, numbers
from sci.pipeline.opened import cells, places_of

if TYPE_CHECKING:
    from sci.pipeline.opened import Run


class Standing:
    """The results of a run on its test rows.

    Args:
        run: a finished one.
    """

    def __init__(self, run: Run) -> None:
        self.rows = run.rows()
        self.differences: Mapping[str, Any] = run.metrics.get("differences", {})
        names = list(dict.fromkeys(name for _, scores in self.rows for name in scores))
        best = run.verdict.get("baseline")
        self.near = ["model", *([best] if best in names else [])]
        """The model and the baseline of the verdict."""
        self.names = [*self.near, *(name for name in names if name not in self.near)]
        """All, in the order of the columns."""

    def table(self, names: Sequence[str], difference: bool = True, interval: bool = True) -> list[list[str]]:
        """A head and a row for each metric, with the values of these.

        Args:
            names: the columns.
            difference: with the paired difference from the verdict's baseline as the last column.
            interval: with the interval of that difference.
        """
        n = self.rows[0][1]["model"].n if self.rows else 0
        paired = difference and len(self.near) > 1
        head = [f"test {n:,}", *names, *(["difference, paired"] if paired else [])]
        return [head, *(self._row(metric, scores, names, paired, interval) for metric, scores in self.rows)]

    def _row(
        self, metric: str, scores: Mapping[str, Score], names: Sequence[str], paired: bool, interval: bool
    ) -> list[str]:
        """One metric, all of its figures with the same decimals."""
        found = self.differences.get(metric, {}).get(self.near[-1]) or {}
        more = [found["high"] - found["low"]] if found.get("low") is not None else []
        places = places_of(scores, names, more)
        return [metric, *cells(scores, names, places), *([against(found, places, interval)] if paired else [])]

    def beside(self, name: str) -> str:
        """One baseline on one line, its values alone."""
        values = [
            f"{metric} {numbers.scored(one, minus='-').value}"
            for metric, scores in self.rows
            if (one := scores.get(name)) is not None
        ]
        return f"{name}: {', '.join(values)}"


def against(found: Mapping[str, Any], places: int, interval: bool = True) -> str:
    """The paired difference with its word: better, worse, not separable."""
    if found.get("low") is None:
        return ""
    shown = numbers.difference(found["value"], found["low"], found["high"], digits=places, minus="-")
    facts: dict[str, Any] = {key: math.nan if value is None else value for key, value in found.items()}
    word = Difference(**facts).word
    return f"{shown.value} [{shown.low}, {shown.high}] {word}" if interval else f"{shown.value} {word}"

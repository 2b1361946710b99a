"""Tables as they are shown: every cell is text, numbers stand to the right."""

from __future__ import annotations

import math
import numbers
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sci.api import Prose, Table
from sci.api.numbers import UNDEFINED, count, fixed, p_value, row_decimals, significant
from sci_report.words import Name, Text, phrase, sentence

SHOWN = 20
"""Rows that are shown at once; the others are folded away, up to `MOST`."""
MOST = 500
_SPAN = 1000
"""A column whose values span more than this gets significant digits instead of equal decimals."""


@dataclass(frozen=True)
class Grid:
    """A table. `numeric` are the places of the columns of numbers."""

    caption: Text
    columns: Sequence[Text]
    rows: Sequence[Sequence[Text]]
    numeric: frozenset[int] = field(default_factory=frozenset)
    hidden: int = 0
    """Rows that are not in the report at all."""

    @property
    def first(self) -> Sequence[Sequence[Text]]:
        """The rows that are shown at once."""
        return self.rows[:SHOWN]

    @property
    def rest(self) -> Sequence[Sequence[Text]]:
        return self.rows[SHOWN:]


def grid(caption: Text, columns: Sequence[Text], rows: Sequence[Sequence[Text]], numeric: Sequence[int] = ()) -> Grid:
    """A table of texts, cut at `MOST` rows."""
    return Grid(caption, columns, rows[:MOST], frozenset(numeric), max(len(rows) - MOST, 0))


def of_table(table: Table, caption: Text) -> Grid:
    """A table of values: each column of numbers gets decimals that suit it."""
    rows = [list(row) for row in table.rows[:MOST]]
    width = len(table.columns)
    columns = [[row[at] if at < len(row) else None for row in rows] for at in range(width)]
    shown = [_column(str(name), values) for name, values in zip(table.columns, columns, strict=True)]
    numeric = frozenset(at for at, values in enumerate(columns) if _is_numeric(values))
    texts = [[column[at] for column in shown] for at in range(len(rows))]
    return Grid(caption, [_head(name) for name in table.columns], texts, numeric, max(len(table.rows) - MOST, 0))


def _head(name: Prose) -> Text:
    """The words of our own tables are in the catalogue, and a plugin may say its own in both languages; any other name
    is data."""
    if not isinstance(name, str):
        return sentence(name)
    return phrase(f"column.{name}") if name in _OURS else Name(name)


_OURS = frozenset(
    [
        "epoch",
        "loss",
        "validation_loss",
        "name",
        "low",
        "high",
        "n",
        "p",
        "difference",
        "true",
        "predicted",
        "from",
        "to",
        "observed",
        "mean predicted",
        "class",
        "quantile",
        "most often called",
        "false positive rate",
        "true positive rate",
        "recall",
        "precision",
        "slice",
        "answered",
        "wrong",
        "part",
        "coverage",
        "threshold",
        "row",
        "probability",
        "test",
        "validation",
        "n of the rarer class",
    ]
)


def _is_numeric(values: Sequence[Any]) -> bool:
    found = [value for value in values if value is not None]
    return bool(found) and all(isinstance(value, numbers.Real) and not isinstance(value, bool) for value in found)


def _column(name: str, values: Sequence[Any]) -> list[Text]:
    reals = [float(v) for v in values if isinstance(v, numbers.Real) and not isinstance(v, numbers.Integral)]
    sizes = [abs(v) for v in reals if math.isfinite(v) and v != 0]
    equal = bool(sizes) and max(sizes) <= _SPAN * min(sizes)
    places = _fewest(reals, row_decimals(reals, [])) if equal else None
    return [_cell(value, places, is_p=name in ("p", "p-value")) for value in values]


def _fewest(values: Sequence[float], places: int) -> int:
    """Fewer decimals where they lose nothing: 0.1, 0.2, not 0.100, 0.200."""
    exact = (d for d in range(max(places, 0)) if all(abs(v - round(v, d)) < 1e-12 for v in values))
    return next(exact, places)


def _cell(value: Any, places: int | None, is_p: bool) -> Text:
    if value is None:
        return UNDEFINED
    if isinstance(value, bool):
        return phrase("yes" if value else "no")
    if isinstance(value, numbers.Integral):
        return count(int(value))
    if isinstance(value, numbers.Real):
        number = float(value)
        if is_p:
            return p_value(number)
        return significant(number) if places is None else fixed(number, places)
    return Name(str(value))

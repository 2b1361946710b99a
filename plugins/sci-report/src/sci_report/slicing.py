"""The test rows of a study divided by what is known of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sci.api import Evaluation, Feature, Study
from sci.api.numbers import MINUS
from sci_report import facts

MOST_VALUES = 50
"""A column of names with more of them than this describes single rows, not slices."""
MISSING = "missing"


@dataclass(frozen=True)
class Slice:
    """Rows that have something in common.

    Args:
        column: what they are divided by.
        value: what they have there: a name, a range with its unit, or `MISSING`.
        rows: their positions among the test rows of all folds, int64 [n].
    """

    column: str
    value: str
    rows: np.ndarray


def slices(study: Study, column: str, bins: int) -> list[Slice]:
    """The test rows by one column; empty where it has too many different names.

    Numbers with more different values than `bins` are divided at their quantiles.

    Args:
        study: whose rows.
        column: one of `columns`.
        bins: of numbers.
    """
    feature = study.schema.columns[column]
    parts = [_values(evaluation, column) for evaluation in facts.once(study.evaluations)]
    values = pa.chunked_array(parts).combine_chunks()
    missing = np.asarray(pc.is_null(values, nan_is_null=True))
    if feature.kind == "number":
        found = _ranges(np.asarray(values.cast(pa.float64()).fill_null(np.nan)), missing, bins, feature.unit or "")
    else:
        found = _named(values.cast(pa.large_string()), missing)
    lost = [(MISSING, np.flatnonzero(missing))] if missing.any() and found else []
    return [Slice(column, value, rows) for value, rows in [*found, *lost]]


def _values(evaluation: Evaluation, column: str) -> pa.Array:
    """The column of the predicted rows, in the order of their predictions, as Arrow."""
    rows = evaluation.rows
    order = np.argsort(rows.ids, kind="stable")
    at = order[np.searchsorted(rows.ids, evaluation.test.ids, sorter=order)]
    return _arrow(rows.take(at).stored(column), rows.schema.columns[column])


def _arrow(stored: Any, feature: Feature) -> pa.Array:
    found = stored.combine_chunks() if isinstance(stored, pa.ChunkedArray) else stored
    if not isinstance(found, pa.Array):
        found = pa.array(np.asarray(found))
    if feature.kind == "category" and feature.values and pa.types.is_integer(found.type):
        names = pa.array(feature.values, pa.large_string())
        found = names.take(pc.if_else(pc.less(found, 0), None, found))
    return found.cast(pa.float64() if feature.kind == "number" else pa.large_string())


def _named(values: pa.Array, missing: np.ndarray) -> list[tuple[str, np.ndarray]]:
    codes = values.dictionary_encode()
    names = codes.dictionary.to_pylist()
    if len(names) > MOST_VALUES:
        return []
    places = np.asarray(codes.indices.fill_null(-1))
    order = sorted(range(len(names)), key=names.__getitem__)
    return [(names[code], np.flatnonzero((places == code) & ~missing)) for code in order]


def _ranges(values: np.ndarray, missing: np.ndarray, bins: int, unit: str) -> list[tuple[str, np.ndarray]]:
    known = np.unique(values[~missing])
    edges = known if len(known) <= bins else np.unique(np.quantile(values[~missing], np.linspace(0, 1, bins + 1))[:-1])
    place = np.where(missing, -1, np.searchsorted(edges, values, side="right") - 1)
    found = []
    for at in range(len(edges)):
        rows = np.flatnonzero(place == at)
        if len(rows):
            ends = [f"{end:.6g}".replace("-", MINUS) for end in (values[rows].min(), values[rows].max())]
            between = "–" if values[rows].min() >= 0 else " … "
            found.append((between.join(dict.fromkeys(ends)) + (f" {unit}" if unit else ""), rows))
    return found

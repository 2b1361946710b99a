"""Whether two results are the same, and what the first difference is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from sci.api import Batch, Column, Ragged, State
from sci.api.rows import fingerprint, take
from sci.pipeline.steps import concatenated

ABSOLUTE = 1e-9
"""Numbers that are nearer to each other than this are the same where rounding is allowed."""


def difference(one: Mapping[str, Column], two: Mapping[str, Column], tolerance: float | None = None) -> str:
    """The first difference between two batches in words; empty where there is none.

    Args:
        one: what was expected.
        two: what was found.
        tolerance: relative; None wants every bit equal.
    """
    if set(one) != set(two):
        odd = sorted(set(one) ^ set(two))
        return f"column `{odd[0]}` is in one of the two results only"
    for name in one:
        found = column_difference(one[name], two[name], tolerance)
        if found:
            return f"column `{name}`: {found}"
    return ""


def column_difference(one: Column, two: Column, tolerance: float | None = None) -> str:
    """The first difference between two columns in words; empty where there is none."""
    if isinstance(one, Ragged) and isinstance(two, Ragged):
        return array_difference(one.lengths, two.lengths, None) or array_difference(one.values, two.values, tolerance)
    if isinstance(one, np.ndarray) and isinstance(two, np.ndarray):
        return array_difference(one, two, tolerance)
    if is_arrow(one) and is_arrow(two):
        return _listed(listed(one), listed(two))
    return f"{type(one).__name__} and {type(two).__name__}"


def array_difference(one: np.ndarray, two: np.ndarray, tolerance: float | None = None) -> str:
    """The first difference between two arrays in words; empty where there is none."""
    if one.shape != two.shape or (tolerance is None and one.dtype != two.dtype):
        return f"{one.dtype} {list(one.shape)} and {two.dtype} {list(two.shape)}"
    if tolerance is None or one.dtype.kind not in "fc":
        equal = (one == two) | ((one != one) & (two != two))
    else:
        equal = np.isclose(two, one, rtol=tolerance, atol=ABSOLUTE, equal_nan=True)
    if np.all(equal):
        return ""
    at = tuple(int(place) for place in np.argwhere(~equal)[0])
    return f"{one[at]!s} and {two[at]!s} at {list(at)}"


def _listed(one: list[Any], two: list[Any]) -> str:
    if len(one) != len(two):
        return f"{len(one)} and {len(two)} rows"
    return next((f"{a!r} and {b!r} at [{i}]" for i, (a, b) in enumerate(zip(one, two, strict=True)) if a != b), "")


def listed(column: Any) -> list[Any]:
    """The values of an Arrow column."""
    return list(column.to_pylist())


def is_arrow(column: Any) -> bool:
    """Whether a column is kept by Arrow."""
    return isinstance(column, pa.Array | pa.ChunkedArray)


def state_difference(one: State, two: State) -> str:
    """The first difference between two states, to the last bit."""
    if one.arrays.keys() != two.arrays.keys():
        return f"arrays {sorted(one.arrays)} and {sorted(two.arrays)}"
    for name, array in one.arrays.items():
        found = array_difference(array, two.arrays[name])
        if found:
            return f"array `{name}`: {found}"
    texts = [json.dumps(state.meta, sort_keys=True, ensure_ascii=False) for state in (one, two)]
    return "" if texts[0] == texts[1] else f"meta {texts[0][:120]} and {texts[1][:120]}"


def together(batches: Iterable[Batch]) -> Batch:
    """The rows of several batches, one after the other."""
    parts = list(batches)
    return {name: concatenated([part[name] for part in parts]) for name in parts[0]}


def picked(batch: Mapping[str, Column], rows: np.ndarray) -> Batch:
    """These rows of a batch."""
    return {name: take(column, rows) for name, column in batch.items()}


def digest(batch: Mapping[str, Column]) -> str:
    """SHA-256 of names and values."""
    total = hashlib.sha256()
    for name in sorted(batch):
        column = batch[name]
        total.update(name.encode())
        if isinstance(column, np.ndarray):
            total.update(f"{column.dtype}{column.shape}".encode() + np.ascontiguousarray(column).tobytes())
        else:
            total.update(fingerprint(column))
    return total.hexdigest()

"""Whether one input gives the target away, and how."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sci.api import Column, Dataset
from sci_statistics.audits import telling
from sci_statistics.audits.values import bounded, coded, is_free_text, looked_at, names_coded
from sci_statistics.hashing import value_codes

How: TypeAlias = Literal["copy", "alone", "flag"]
"""It is the target in other words, nearly determines it by itself, or is set for one rare class alone."""
FEWEST = 50
"""Training rows below which nothing is said."""
BINS, MANY = 64, 1000
"""Quantiles of a number, and classes that a target has at most."""
SKILL, AREA, EXPLAINED = 0.97, 0.99, 0.98
"""From so much on, one input nearly determines the target: avoided errors, area under the ROC curve, R2."""
RARE, DECIDED = 0.2, 10
"""Share of the classes that a flag may decide, and rows that have it at least."""
PIECES = 3
"""Letters between other characters at either end of a code such as ``X12-DONOR-7`` that are looked at."""


@dataclass(frozen=True)
class Target:
    """What is to be told: numbers float64 [n], or classes int64 [n]; -1 and NaN where it is missing."""

    numbers: np.ndarray | None = None
    classes: np.ndarray | None = None


def target_of(seen: Dataset, name: str) -> Target | None:
    """What is in a target column; None for texts, arrays and media."""
    column = seen.column(name)
    kind = seen.schema.columns[name].kind
    if isinstance(column, pa.Array | pa.ChunkedArray):
        codes = value_codes(column)
        return Target(classes=codes) if 1 < len(np.unique(codes)) <= min(MANY, len(codes) / 5) else None
    if not isinstance(column, np.ndarray) or column.ndim != 1:
        return None
    if kind in ("category", "boolean"):
        return Target(classes=np.where(column < 0, -1, column).astype(np.int64))
    return Target(numbers=bounded(column))


def how(seen: Dataset, name: str, target: Target, inputs: int) -> How | None:
    """How an input gives the target away, if it does; `inputs` is how many there are."""
    column = looked_at(seen, name)
    if target.numbers is not None:
        return _of_numbers(seen, name, column, target.numbers, inputs)
    assert target.classes is not None
    known = target.classes >= 0
    classes = np.unique(target.classes[known], return_inverse=True)[1].astype(np.int64)
    if len(classes) < FEWEST or not classes.any():
        return None
    codes = _whole(column)
    if codes is not None and _one_to_one(codes[known], classes):
        return "copy"
    views = list(_views(seen, name, column))
    if inputs == 1 or not views:
        return None
    if any(telling.skill(view[known], classes) >= SKILL for view in views) or _orders(column, known, classes):
        return "alone"
    return "flag" if telling.decides(views[0][known], classes, RARE, DECIDED) else None


def _of_numbers(seen: Dataset, name: str, column: Column, target: np.ndarray, inputs: int) -> How | None:
    known = np.isfinite(target)
    if known.sum() < FEWEST:
        return None
    line = 0.0
    if isinstance(column, np.ndarray) and column.ndim == 1:
        line = telling.straight(bounded(column[known]), target[known])
    if line > 1 - 1e-9:
        return "copy"
    views = [line, *(telling.explained(view[known], target[known]) for view in _views(seen, name, column))]
    return "alone" if inputs > 1 and max(views) >= EXPLAINED else None


def _views(seen: Dataset, name: str, column: Column) -> Iterator[np.ndarray]:
    """The column as codes, int64 [n] each."""
    codes = coded(seen, name, BINS)
    if codes is not None:
        yield codes
    if isinstance(column, pa.Array | pa.ChunkedArray) and codes is not None and not is_free_text(column):
        yield from _pieces(column)


def _pieces(column: pa.Array | pa.ChunkedArray) -> Iterator[np.ndarray]:
    """The letters at both ends of codes; nothing for values that are words already."""
    texts = column.cast(pa.large_string())
    if not (pc.sum(pc.match_substring_regex(texts.drop_null(), r"[^a-zA-Z]")).as_py() or 0) > len(texts) / 2:
        return
    pieces = [re.findall(r"[A-Za-z]+", text or "") for text in texts.to_pylist()]
    for place in (*range(PIECES), *range(-PIECES, 0)):
        found = [piece[place] if -len(piece) <= place < len(piece) else None for piece in pieces]
        yield names_coded(pa.array(found, pa.large_string()), BINS)


def _whole(column: Column) -> np.ndarray | None:
    """Every different value as a number, int64 [n]."""
    if isinstance(column, pa.Array | pa.ChunkedArray):
        return value_codes(column, frugal=True)
    if isinstance(column, np.ndarray) and column.ndim == 1:
        return np.unique(column, return_inverse=True)[1].astype(np.int64)
    return None


def _one_to_one(codes: np.ndarray, classes: np.ndarray) -> bool:
    pairs = len(np.unique((codes - codes.min()) * (classes.max() + 1) + classes))
    return bool(len(np.unique(codes)) == pairs == len(np.unique(classes)))


def _orders(column: Column, known: np.ndarray, classes: np.ndarray) -> bool:
    """Whether a number puts two classes in order."""
    if not isinstance(column, np.ndarray) or column.ndim != 1 or classes.max() != 1:
        return False
    return telling.area(bounded(column[known]), classes == 1) >= AREA

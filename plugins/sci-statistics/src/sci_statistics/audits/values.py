"""A column as few whole numbers, whatever it holds."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sci.api import Column, Dataset, Feature
from sci_statistics.hashing import value_codes

LARGEST = 1e100
TEXT_LONGER = 64
"""Characters from which on text is free text, never a code."""


def bounded(column: np.ndarray) -> np.ndarray:
    """Numbers as float64 [n] that can be squared and summed: what is larger than 1e100 is taken as 1e100; NaN stays."""
    return np.clip(column.astype(np.float64), -LARGEST, LARGEST)


def looked_at(dataset: Dataset, name: str) -> Column:
    """A column; texts in the pieces in which they lie, because one piece would be a copy of all of them."""
    kept = dataset.stored(name)
    return kept if isinstance(kept, pa.ChunkedArray) and is_text(kept.type) else dataset.column(name)


def is_text(type_: pa.DataType) -> bool:
    """Whether Arrow keeps texts so."""
    return bool(pa.types.is_string(type_) or pa.types.is_large_string(type_))


def coded(dataset: Dataset, name: str, bins: int) -> np.ndarray | None:
    """Each row's value as a number below `bins` + 2, int64 [n]; None for a column of texts, arrays or media.

    Numbers fall into at most `bins` quantiles, or keep their values where those are few; of names the most frequent
    have a number each and the others share one. A missing value has a number of its own.
    """
    column, feature = looked_at(dataset, name), dataset.schema.columns[name]
    if isinstance(column, pa.Array | pa.ChunkedArray):
        return None if is_free_text(column) or feature.alphabet else names_coded(column, bins)
    if not isinstance(column, np.ndarray) or column.ndim != 1:
        return None
    return numbers_coded(bounded(column), bins)


def numbers_coded(values: np.ndarray, bins: int) -> np.ndarray:
    """Quantiles of numbers, int64 [n]; NaN is 0."""
    known = values[np.isfinite(values)]
    if not len(known):
        return np.zeros(len(values), dtype=np.int64)
    different = np.unique(known)
    edges = different[1:] if len(different) <= bins else np.unique(np.quantile(known, np.arange(1, bins) / bins))
    return np.where(np.isnan(values), 0, np.searchsorted(edges, values, side="right") + 1).astype(np.int64)


def names_coded(column: pa.Array | pa.ChunkedArray, bins: int) -> np.ndarray:
    """The most frequent values from 2, the others 1, missing ones 0: int64 [n]."""
    codes = value_codes(column)
    counts = np.bincount(codes[codes >= 0], minlength=1)
    ranks = np.empty(len(counts), dtype=np.int64)
    ranks[np.argsort(-counts, kind="stable")] = np.arange(len(counts))
    return np.where(codes < 0, 0, np.where(ranks[codes] < bins, ranks[codes] + 2, 1))


def is_free_text(column: pa.Array | pa.ChunkedArray) -> bool:
    """Whether texts are sentences rather than names: long ones, or ones that differ and have blanks."""
    if not is_text(column.type):
        return not pa.types.is_dictionary(column.type)
    known = column.drop_null()
    if not len(known):
        return False
    if pc.max(pc.utf8_length(known)).as_py() > TEXT_LONGER:
        return True
    blanks = pc.sum(pc.match_substring_regex(known, r"\s|[\x{4e00}-\x{9fff}]")).as_py()
    repeated = len(known) >= 2 * pc.count_distinct(known).as_py()
    return bool(blanks > len(known) / 2 and not repeated)


def texts_of(column: pa.Array | pa.ChunkedArray, feature: Feature) -> list[str | None]:
    """Texts as Python has them; lists of words with blanks between."""
    found: list[str | None] = column.to_pylist()
    return [None if words is None else " ".join(words) for words in found] if feature.ragged else found


def some_rows(positions: np.ndarray, most: int, seed: int) -> np.ndarray:
    """At most so many of these positions, drawn without replacement by a fixed seed, in their order."""
    if len(positions) <= most:
        return positions
    return np.sort(np.random.default_rng([seed, len(positions)]).choice(positions, most, replace=False))

"""Names in tagged sentences: what begins, goes on and ends by the tags, also where they are malformed.

The rules are those of the CoNLL evaluation script (Tjong Kim Sang and De Meulder 2003) as seqeval has them in its
default mode: ``B-``, ``I-``, ``E-`` and ``S-`` before a type, ``O`` outside. An ``I-`` after another type or after
``O`` begins a name; nothing is repaired and nothing is thrown away.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from sci.api import Predictions

OUTSIDE = "O"
PREFIXES = ("B-", "I-", "E-", "S-")
Entity = tuple[str, int, int]
"""Type, first and last word."""


def entities(tags: Sequence[str | None]) -> Iterator[Entity]:
    """The names of one sentence; a word without a tag is outside of all."""
    before, kind_before, begin = OUTSIDE, "", 0
    for place, tag in enumerate([*tags, OUTSIDE]):
        mark, kind = parsed(tag)
        if _ends(before, mark, kind_before, kind):
            yield kind_before, begin, place - 1
        if _begins(before, mark, kind_before, kind):
            begin = place
        before, kind_before = mark, kind


def parsed(tag: str | None) -> tuple[str, str]:
    """``("B", "PER")`` of ``B-PER``; a type that is not named is ``_``."""
    tag = tag or OUTSIDE
    return tag[0], tag[1:].split("-", maxsplit=1)[-1] or "_"


def _ends(before: str, mark: str, kind_before: str, kind: str) -> bool:
    if before in "ES" or (before in "BI" and mark in "BSO"):
        return True
    return before not in "O." and kind_before != kind


def _begins(before: str, mark: str, kind_before: str, kind: str) -> bool:
    if mark in "BS" or (before in "ESO" and mark in "EI"):
        return True
    return mark not in "O." and kind_before != kind


def are_entities(predictions: Predictions) -> bool:
    """Whether the tags of the task name beginnings and types."""
    tags = [tag for tag in predictions.info["tags"] if tag != OUTSIDE]
    return bool(tags) and all(tag.startswith(PREFIXES) or tag in "BIES" for tag in tags)


def found_and_real(predictions: Predictions) -> Iterator[tuple[set[Entity], set[Entity]]]:
    """The names that are said to be in each row, and those that are."""
    said = predictions.table.column("prediction.tags").to_pylist()
    real = predictions.table.column("target").to_pylist()
    for predicted, truth in zip(said, real, strict=True):
        yield set(entities(predicted or ())), set(entities(truth or ()))


def counts(predictions: Predictions) -> np.ndarray:
    """Names found (said and real), said, and real in each row, float64 [n, 3]."""
    rows = [(len(said & real), len(said), len(real)) for said, real in found_and_real(predictions)]
    return np.array(rows, dtype=np.float64).reshape(len(predictions), 3)

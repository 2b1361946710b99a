"""Whether the parts of the split look alike."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from sci.api import AuditFinding, Dataset, Fold, RunContext
from sci_statistics.areas import areas_and_covariance
from sci_statistics.audits.parts import rows_of
from sci_statistics.audits.values import coded, looked_at, some_rows, texts_of
from sci_statistics.audits.words import word_sets
from sci_statistics.hashing import row_hashes

CHECK = "shift"
ROWS, COLUMNS, SEED = 3000, 400, 0x73686966
"""Rows of a part and columns that are looked at, and what their choice follows from."""
FEWEST = 30
"""Rows of a part below which nothing is said."""
BINS, SLOTS, TIMES = 12, 2**13, 5
"""Quantiles of a number, slots for words, and folds of the cross-fitting."""
AREA, CONFIDENCE = 0.6, 0.999
"""An area from which on parts differ, and the confidence of the interval that must leave out 0.5."""
EFFECT = "so the result holds for rows like those of the test only"


class Shift:
    """Audit `shift`: a classifier tries to tell held-out rows from training rows (leakage L3.3 of Kapoor and Narayanan
    2023; classifier two-sample test of Lopez-Paz and Oquab 2017, arXiv:1610.06545).

    A naive Bayes classifier of quantiles, names and words, cross-fitted over five folds on at most 3,000 rows of each
    part and 400 inputs, drawn by a fixed seed, identical rows once. It sees every input's own distribution but not what
    binds two of them. Its area under the ROC curve has DeLong's interval. A warning from 0.6 on where the interval of
    99.9 % leaves out 0.5; a note for validation, and where a declared time or group makes such differences likely.

    Args:
        config: no settings.
    """

    def __init__(self, config: Any = None) -> None:
        self.config = config

    def audit(self, dataset: Dataset, folds: Sequence[Fold], context: RunContext) -> Sequence[AuditFinding]:
        """One finding for test and one for validation, on the first fold; none where there are too few rows."""
        return list(_findings(dataset, folds[0]))


def _findings(dataset: Dataset, fold: Fold) -> Iterator[AuditFinding]:
    inputs = _some_inputs(dataset)
    train = _different(dataset, inputs, rows_of(fold, "train"))
    for part in ("test", "validation"):
        held = _different(dataset, inputs, rows_of(fold, part))
        if min(len(train), len(held)) < FEWEST:
            continue
        evidence = _evidence(dataset.take(np.concatenate([train, held])), inputs)
        if evidence is not None:
            yield _finding(dataset, part, inputs, evidence, np.arange(len(train) + len(held)) >= len(train))


def _finding(
    dataset: Dataset, part: str, inputs: tuple[str, ...], evidence: _Evidence, held: np.ndarray
) -> AuditFinding:
    area, error = _area(_scores(evidence, held), held)
    half = NormalDist().inv_cdf((1.0 + CONFIDENCE) / 2.0) * error
    figures = f"AUC {area:.2f} ({max(area - half, 0):.2f} to {min(area + half, 1):.2f})"
    if area < AREA or area - half <= 0.5:
        return AuditFinding(CHECK, "passed", f"{part} rows look like training rows: {figures}", inputs)
    message = f"{part} rows can be told from training rows, {figures}"
    if dataset.schema.by("time") or dataset.schema.by("group"):
        return AuditFinding(CHECK, "note", f"{message}, as another time or other groups may have it", inputs)
    if part == "validation":
        return AuditFinding(CHECK, "note", message, inputs)
    return AuditFinding(CHECK, "warning", f"{message}, {EFFECT}", inputs)


def _different(dataset: Dataset, inputs: Sequence[str], positions: np.ndarray) -> np.ndarray:
    """Some rows of a part, each of those that are identical once: they would not be independent of each other."""
    chosen = some_rows(positions, ROWS, SEED)
    return chosen[np.sort(np.unique(row_hashes(dataset.take(chosen), inputs), return_index=True)[1])]


def _some_inputs(dataset: Dataset) -> tuple[str, ...]:
    inputs = dataset.schema.by("input")
    return tuple(inputs[place] for place in some_rows(np.arange(len(inputs)), COLUMNS, SEED))


class _Evidence(NamedTuple):
    """What rows show: rows and numbered values, int64 [total] both, and how many different values there may be."""

    rows: np.ndarray
    values: np.ndarray
    size: int


def _evidence(seen: Dataset, inputs: Sequence[str]) -> _Evidence | None:
    rows, values, size = [], [], 0
    for name in inputs:
        codes, column = coded(seen, name, BINS), looked_at(seen, name)
        if codes is not None:
            rows.append(np.arange(len(codes)))
            values.append(codes + size)
            size += int(codes.max(initial=0)) + 1
        elif isinstance(column, pa.Array | pa.ChunkedArray) and seen.schema.columns[name].dtype == "string":
            owners, words = word_sets(texts_of(column, seen.schema.columns[name]), SLOTS)
            rows.append(owners)
            values.append(words + size)
            size += SLOTS
    return _Evidence(np.concatenate(rows), np.concatenate(values), size) if rows else None


def _scores(evidence: _Evidence, held: np.ndarray) -> np.ndarray:
    """How much each row looks held out, float64 [n], by a naive Bayes classifier that has not seen the row."""
    fold = np.random.default_rng(SEED).permutation(len(held)) % TIMES
    scores = np.zeros(len(held))
    for number in range(TIMES):
        inside = fold == number
        seen = ~inside[evidence.rows]
        logs = [
            np.log(_counts(evidence, seen & (held[evidence.rows] == side)) + 1.0)
            - math.log(np.count_nonzero(~inside & (held == side)) + 2.0)
            for side in (True, False)
        ]
        found = np.bincount(evidence.rows, (logs[0] - logs[1])[evidence.values], minlength=len(held))
        scores[inside] = found[inside]
    return scores


def _counts(evidence: _Evidence, chosen: np.ndarray) -> np.ndarray:
    return np.bincount(evidence.values[chosen], minlength=evidence.size).astype(np.float64)


def _area(scores: np.ndarray, held: np.ndarray) -> tuple[float, float]:
    """Area under the ROC curve, and its standard error."""
    areas, covariance = areas_and_covariance(scores[None], held)
    return float(areas[0]), math.sqrt(float(np.atleast_2d(covariance)[0, 0]))

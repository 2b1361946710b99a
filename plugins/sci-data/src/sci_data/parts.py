"""The folds that a splitter returns."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sci.api import DataError, Dataset, Fold, RunContext
from sci_data.names import require_columns
from sci_data.shares import TEST, TRAIN, VALIDATION

NAMES = {"train": TRAIN, "validation": VALIDATION, "test": TEST}


def fold(name: str, part: np.ndarray) -> Fold:
    """A fold from the part of each row, int64 [n]; -1 is left out. Raises `DataError` when train or test has no row."""
    return checked(Fold(name, *(np.flatnonzero(part == number).astype(np.int64) for number in NAMES.values())))


def checked(one: Fold) -> Fold:
    """The fold itself; `DataError` when train or test has no row."""
    for part in ("train", "test"):
        if not len(getattr(one, part)):
            found = ", ".join(f"{len(getattr(one, name)):,} {name}" for name in NAMES)
            raise DataError(
                f"the split leaves no row for {part} ({found})",
                id="data.empty-part",
                hint="more rows, other shares, or smaller groups",
            )
    return one


def warn_about_shares(
    found: Mapping[str, int], wanted: Mapping[str, float], rows: int, context: RunContext, why: str
) -> None:
    """Say when a part is empty, or far from its share of the rows: by more than a tenth of it and more than one row."""
    for part, share in wanted.items():
        wished = share * rows
        if abs(found[part] - wished) > max(1.0, 0.1 * wished) or (share and not found[part]):
            count = f"{found[part]:,} of {rows:,} rows ({found[part] / max(rows, 1):.1%})"
            context.warn("split.shares", f"{part} has {count} rather than {share:.1%}: {why}")


def group_columns(dataset: Dataset, name: str | None) -> tuple[str, ...]:
    """The columns that keep rows together: the one that the split names, or else those of `data.group`."""
    if name is None:
        return dataset.schema.by("group")
    require_columns([name], list(dataset.schema.columns), "group_by")
    return (name,)

"""Whether a file holds the rows that a run was trained on, as far as its lock can tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sci.pipeline.design import Design
from sci.pipeline.opened import Run


def overlap(run: Run, fingerprint: str, rows: int, file: str) -> str:
    """What is to be known before the figures of these rows are believed; empty where nothing is known against them.

    The lock knows all rows of the run together by their fingerprint, and none of them alone: a part of them, or the
    same rows in another order, is not recognized.

    Args:
        run: a finished one.
        fingerprint: of the rows of the file, read as the run's data were.
        rows: how many there are.
        file: its name.
    """
    if fingerprint != run.lock["data"]["fingerprint"]:
        return ""
    learned = rows - held_out(run)
    return f"{learned:,} of the {rows:,} rows of `{file}` are those that the run was trained on or chosen by"


def held_out(run: Run) -> int:
    """Rows that the model of a run never saw: the test rows, or the holdout of a model that was refitted."""
    kept = "holdout" if Design.of(run.experiment).refit else "test"
    found: Mapping[str, Any] = run.metrics.get(kept) or {}
    return max((int(one["n"]) for one in found.values()), default=0)

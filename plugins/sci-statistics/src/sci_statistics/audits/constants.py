"""Inputs with one value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sci.api import AuditFinding, Dataset, Fold, RunContext
from sci_statistics.audits.wording import named
from sci_statistics.hashing import row_hashes

CHECK = "constant-columns"


class ConstantColumns:
    """Audit `constant-columns`: inputs that are the same in all training rows of a fold, missing values included.

    Args:
        config: no settings.
    """

    def __init__(self, config: Any = None) -> None:
        self.config = config

    def audit(self, dataset: Dataset, folds: Sequence[Fold], context: RunContext) -> Sequence[AuditFinding]:
        """One warning for all such columns; `passed` where there is none."""
        found = [name for name in dataset.schema.by("input") if _is_constant(dataset, name, folds)]
        if not found:
            return [AuditFinding(CHECK, "passed", "every input has several values")]
        one = len(found) == 1
        message = (
            f"{named('input', found)} {'has' if one else 'have'} the same value in all training rows"
            f" and tell{'s' if one else ''} the model nothing"
        )
        return [AuditFinding(CHECK, "warning", message, tuple(found), (), len(found))]


def _is_constant(dataset: Dataset, name: str, folds: Sequence[Fold]) -> bool:
    hashes = row_hashes(dataset, [name])
    return any(bool(len(fold.train) and np.all(hashes[fold.train] == hashes[fold.train[0]])) for fold in folds)

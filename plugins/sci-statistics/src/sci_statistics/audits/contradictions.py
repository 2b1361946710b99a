"""Rows with identical inputs and different targets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sci.api import AuditFinding, Dataset, Fold, RunContext
from sci_statistics.audits.parts import ids_of
from sci_statistics.audits.wording import rows
from sci_statistics.hashing import row_kinds

CHECK = "conflicting-labels"


class ConflictingLabels:
    """Audit `conflicting-labels`: raw rows whose inputs are all equal and whose targets are not.

    Some of the labels are wrong, or the inputs do not tell all that decides (Northcutt, Athalye and Mueller 2021,
    arXiv:2103.14749).

    Args:
        config: no settings.
    """

    def __init__(self, config: Any = None) -> None:
        self.config = config

    def audit(self, dataset: Dataset, folds: Sequence[Fold], context: RunContext) -> Sequence[AuditFinding]:
        """A warning with all such rows, a note where targets are texts that are written, or `passed`; nothing for a
        task without inputs or without a target."""
        inputs, targets = dataset.schema.by("input"), dataset.schema.by("target")
        if not inputs or not targets:
            return []
        kinds, answers = row_kinds(dataset, inputs), row_kinds(dataset, targets)
        first_answer = answers[np.unique(kinds, return_index=True)[1]]
        contradicted = np.unique(kinds[answers != first_answer[kinds]])
        found = np.flatnonzero(np.isin(kinds, contradicted))
        if not len(found):
            return [AuditFinding(CHECK, "passed", "rows with the same inputs have the same target", inputs)]
        said = f"{rows(len(found))} share their inputs but not their target"
        columns, ids = (*inputs, *targets), ids_of(dataset, found)
        if all(dataset.schema.columns[name].kind == "text" for name in targets):
            message = f"{said}: texts that may all be right, such as several translations"
            return [AuditFinding(CHECK, "note", message, columns, ids, len(found))]
        return [
            AuditFinding(CHECK, "warning", f"{said}, so no model can be right on all of them", columns, ids, len(found))
        ]

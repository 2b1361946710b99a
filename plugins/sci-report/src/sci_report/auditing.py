"""The section on the audit: what was looked at before training, and what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sci.api import AuditFinding, Study
from sci.api.numbers import count
from sci_report.facts import SEVERITIES, severity
from sci_report.inputs import Example, inputs
from sci_report.words import Code, Data, Listing, Name, Sentence, Text, phrase

_IDS = 10
_COLUMNS = 8
_EXAMPLES = 3


@dataclass(frozen=True)
class Line:
    """One finding. `severity` is also the name of its mark."""

    severity: str
    check: Text
    message: Sentence
    details: Sequence[Text]
    examples: Sequence[Example] = ()
    """Test rows that it is about: those that a report may show, because they were opened."""


@dataclass(frozen=True)
class Audit:
    """The section's content; `lines` is empty when no audit ran."""

    lines: Sequence[Line]
    serious: int
    """Errors that were waived, and warnings."""
    warnings: Sequence[Text]
    """What the run itself warned of."""


def audit(study: Study) -> Audit:
    """Findings, the gravest first."""
    lines = sorted((_line(study, finding) for finding in study.audit), key=lambda line: SEVERITIES.index(line.severity))
    serious = sum(line.severity in ("error", "warning") for line in lines)
    found = {finding.message for finding in study.audit}
    return Audit(lines, serious, [Sentence(str(text)) for text in study.warnings if text not in found])


def _line(study: Study, finding: AuditFinding) -> Line:
    details: list[Text] = []
    if finding.columns:
        names = Listing([Name(column) for column in finding.columns[:_COLUMNS]])
        id = "audit.columns" if len(finding.columns) <= _COLUMNS else "audit.columns.many"
        details.append(phrase(id, columns=names, more=count(len(finding.columns) - _COLUMNS)))
    if finding.rows:
        ids = Listing([str(row) for row in finding.rows[:_IDS]])
        total = max(finding.count, len(finding.rows))
        id = "audit.rows" if total <= _IDS else "audit.rows.many"
        details.append(phrase(id, ids=ids, more=count(total - _IDS)))
    if finding.hint:
        hint = Sentence(finding.hint) if "`" in finding.hint else Code(finding.hint)
        details.append(phrase("audit.hint", hint=hint))
    shown = _examples(study, finding) if finding.severity in ("error", "warning") else []
    return Line(severity(finding), Data(finding.check), Sentence(finding.message), details, shown)


def _examples(study: Study, finding: AuditFinding) -> list[Example]:
    """The first of its rows that were tested, with the columns that it is about."""
    wanted = np.asarray(finding.rows, dtype=np.int64)
    found: dict[int, Example] = {}
    for evaluation in study.evaluations:
        for at in np.flatnonzero(np.isin(evaluation.rows.ids, wanted))[:_EXAMPLES].tolist():
            id = int(evaluation.rows.ids[at])
            row = phrase("mistakes.row", id=str(id))
            found.setdefault(id, Example(row, [], inputs(evaluation.rows, at, finding.columns)))
    return list(found.values())[:_EXAMPLES]

"""Inputs that give the target away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sci.api import AuditFinding, Dataset, Fold, RunContext
from sci_statistics.audits.giveaway import FEWEST, How, how, target_of
from sci_statistics.audits.parts import rows_of
from sci_statistics.audits.values import some_rows
from sci_statistics.audits.wording import named

CHECK = "leaking-columns"
ROWS, SEED = 20_000, 0x6C65616B
"""Training rows that are looked at, and what their choice follows from."""
WORDS: dict[How, tuple[str, str]] = {
    "copy": ("is the target in other words", "are the target in other words"),
    "alone": ("nearly determines the target by itself", "each nearly determine the target by themselves"),
    "flag": (
        "is set almost only where the target has one rare class",
        "are each set almost only where the target has one rare class",
    ),
}


class LeakingColumns:
    """Audit `leaking-columns`: an input that nearly determines the target by itself, or is a copy of it, is often known
    only after the target is (leakage L2 of Kapoor and Narayanan 2023).

    Judged by cross-fitting on at most 20,000 training rows of the first fold, drawn by a fixed seed: 64 quantiles of a
    number, the most frequent values of a category, the letters at both ends of a code, the straight line and the area
    under the ROC curve. Flags that are set for one rare class only count, too. Free text and sequences are what a model
    is to read, and a single input is all that there is: neither is suspected, unless it is a copy.

    Args:
        config: no settings.
    """

    def __init__(self, config: Any = None) -> None:
        self.config = config

    def audit(self, dataset: Dataset, folds: Sequence[Fold], context: RunContext) -> Sequence[AuditFinding]:
        """One warning for copies, one for inputs that nearly determine the target and one for flags; or `passed`."""
        inputs = dataset.schema.by("input")
        rows = some_rows(rows_of(folds[0], "train"), ROWS, SEED)
        seen = dataset.take(rows)
        targets = [found for name in dataset.schema.by("target") if (found := target_of(seen, name))]
        if not inputs or not targets or len(rows) < FEWEST:
            return []
        ways = {name: word for name in inputs for target in targets if (word := how(seen, name, target, len(inputs)))}
        return list(_findings(ways)) or [AuditFinding(CHECK, "passed", "no single input gives the target away", inputs)]


def _findings(ways: dict[str, How]) -> Iterator[AuditFinding]:
    for way, (one, many) in WORDS.items():
        columns = [name for name, word in ways.items() if word == way]
        if columns:
            message = f"{named('input', columns)} {one if len(columns) == 1 else many}"
            hint = f"data.context: [{', '.join(columns[:3])}]   if known only after the target is"
            yield AuditFinding(CHECK, "warning", message, tuple(columns), (), 0, hint)

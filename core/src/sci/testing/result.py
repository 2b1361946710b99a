"""What came of one check on one component."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sci.testing.check import Check, Level

Outcome = Literal["passed", "failed", "expected", "unexpected", "skipped"]


@dataclass(frozen=True)
class Result:
    """What came of one check on one component.

    Args:
        check: the check.
        subject: the component in words, such as "metric `f1`", or the distribution.
        outcome: ``failed``; ``expected`` failed as was foretold; ``unexpected`` passed although a failure was foretold;
            ``skipped`` had nothing to look at.
        level: `required`, or `recommended` where the check is newer than what the plugin supports.
        expected: what has to hold.
        received: what was found.
        mend: what to do.
        reason: why it was skipped, or why its failure was foretold.
    """

    check: Check
    subject: str
    outcome: Outcome
    level: Level
    expected: str = ""
    received: str = ""
    mend: str = ""
    reason: str = ""

    @property
    def id(self) -> str:
        return self.check.id

    @property
    def ok(self) -> bool:
        """Whether nothing has to be done: it passed, had nothing to look at, or failed as foretold."""
        return self.outcome in ("passed", "skipped", "expected")

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "subject": self.subject,
            "outcome": self.outcome,
            "level": self.level,
            "expected": self.expected,
            "received": self.received,
            "mend": self.mend,
            "reason": self.reason,
        }

    def lines(self) -> list[str]:
        """The result for people."""
        if self.outcome == "unexpected":
            found = [f"expected: a failure, because: {self.reason}", "received: it passes"]
            return [f"{self.id} {self.subject}", *found, "mend: take it out of the expected failures"]
        more = [("expected", self.expected), ("received", self.received), ("mend", self.mend), ("why", self.reason)]
        return [f"{self.id} {self.subject}", *(f"{name}: {text}" for name, text in more if text)]

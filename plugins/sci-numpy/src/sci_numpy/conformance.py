"""What the conformance kit is told about engine numpy."""

from __future__ import annotations

from sci.testing import Case


def cases() -> list[Case]:
    """The loss of labels, on rows that have some."""
    return [Case("losses", "binary-cross-entropy", data="labels", claims={"model": "softmax"})]

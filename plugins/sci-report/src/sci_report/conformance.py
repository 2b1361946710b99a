"""What the conformance kit is told about reports."""

from __future__ import annotations

from sci.testing import Expected


def cases() -> list[Expected]:
    """Failures that are meant."""
    why = "a card says what the model is for; what analyses found is in the reports"
    return [Expected("SCI-REP-004:model-card", why)]

"""What the conformance kit is told about the steps."""

from __future__ import annotations

from sci.testing import Case

STEPS = "preprocessors"
ANY_ORDER = {"row_order_independent": True}


def cases() -> list[Case]:
    """Every step, most of them with settings other than the defaults as well."""
    return [
        Case(STEPS, "impute", claims=ANY_ORDER),
        Case(STEPS, "impute", settings={"strategy": "median", "indicators": False}, claims=ANY_ORDER),
        Case(STEPS, "impute", settings={"strategy": "most-frequent"}, claims=ANY_ORDER),
        Case(STEPS, "standardize", claims=ANY_ORDER),
        Case(STEPS, "standardize", settings={"columns": ["dose", "spectrum"]}, claims=ANY_ORDER),
        Case(STEPS, "min-max", settings={"low": -1.0, "clip": True}, claims=ANY_ORDER),
        Case(STEPS, "scale-target", claims=ANY_ORDER),
        Case(STEPS, "one-hot", claims=ANY_ORDER),
        Case(STEPS, "one-hot", settings={"missing": True, "unseen": "error"}, claims=ANY_ORDER),
        Case(STEPS, "ordinal", claims=ANY_ORDER),
        Case(STEPS, "clean-rows", settings={"ranges": {"age": [None, 60]}}, claims=ANY_ORDER),
        Case(STEPS, "pixels", settings={"height": 1, "width": 2}, claims=ANY_ORDER),
    ]

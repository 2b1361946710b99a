"""How the conformance kit builds the explanations."""

from __future__ import annotations

from sci.testing import Case


def cases() -> list[Case]:
    """Small settings, so that the kit is soon through."""
    return [
        Case("analyses", "permutation-importance", settings={"repeats": 3, "samples": 100}),
        Case("analyses", "shap", settings={"rows": 3, "background": 4}),
        Case("analyses", "occlusion", settings={"rows": 5, "background": 4}),
        Case("analyses", "integrated-gradients", settings={"rows": 5}),
        Case("analyses", "partial-dependence", settings={"rows": 10, "points": 5}),
    ]

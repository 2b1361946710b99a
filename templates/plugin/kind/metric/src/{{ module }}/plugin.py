"""What {{ distribution }} offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sci.api import ComponentSpec, hookimpl

if TYPE_CHECKING:
    from sci.api import Predictions
    from sci.testing import Case


@hookimpl
def sci_metrics() -> list[ComponentSpec]:
    """The metrics."""
    return [
        ComponentSpec(
            name="{{ component }}",
            summary="Agreement with the truth beyond that of chance: Cohen's kappa",
            target="{{ module }}.kappa:Kappa",
            config="{{ module }}.config:KappaConfig",
            tasks=("classification",),
            cite="doi:10.1177/001316446002000104",
        )
    ]


@hookimpl
def sci_conformance_cases() -> list[Case]:
    """Settings that the checks try, and a value that was worked out by hand."""
    from sci.testing import Case

    return [
        Case("metrics", "{{ component }}", data=by_hand, claims={"value": 0.4}),
        Case("metrics", "{{ component }}", settings={"weights": "quadratic"}),
    ]


def by_hand() -> Predictions:
    """20 and 15 of 50 agree: 0.7. The margins give 0.5 by chance. (0.7 - 0.5) / (1 - 0.5) = 0.4."""
    from sci.testing import classified

    return classified(["yes"] * 25 + ["no"] * 25, ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15)

"""What {{ distribution }} offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sci.api import ComponentSpec, hookimpl

if TYPE_CHECKING:
    from sci.testing import Case


@hookimpl
def sci_preprocessors() -> list[ComponentSpec]:
    """The preprocessing steps."""
    return [
        ComponentSpec(
            name="{{ component }}",
            summary="Values beyond two quantiles of the training rows become those quantiles",
            target="{{ module }}.winsorize:Winsorize",
            config="{{ module }}.config:WinsorizeConfig",
            accepts=("number",),
            cite="doi:10.1214/aoms/1177704711",
        )
    ]


@hookimpl
def sci_conformance_cases() -> list[Case]:
    """Settings that the checks try beside the defaults."""
    from sci.testing import Case

    return [
        Case("preprocessors", "{{ component }}", claims={"row_order_independent": True}),
        Case("preprocessors", "{{ component }}", settings={"lower": 0.2, "upper": 0.7}),
    ]

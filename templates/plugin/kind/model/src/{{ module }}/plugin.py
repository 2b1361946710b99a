"""What {{ distribution }} offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sci.api import ComponentSpec, hookimpl

if TYPE_CHECKING:
    from sci.testing import Case


@hookimpl
def sci_models() -> list[ComponentSpec]:
    """The models: one target for each engine, one meaning on all of them."""
    return [
        ComponentSpec(
            name="{{ component }}",
            summary="One layer of gated linear units",
            target={
                "numpy": "{{ module }}.on_numpy:GatedNetwork",
                "torch": "{{ module }}.on_torch:build",
            },
            config="{{ module }}.config:GatedConfig",
            tasks=("classification", "regression"),
            accepts=("number", "boolean", "array"),
            cite="arXiv:1612.08083",
        )
    ]


@hookimpl
def sci_conformance_cases() -> list[Case]:
    """Settings that the checks try beside the defaults."""
    from sci.testing import Case

    return [
        Case("models", "{{ component }}"),
        Case("models", "{{ component }}", settings={"hidden": 3}),
    ]

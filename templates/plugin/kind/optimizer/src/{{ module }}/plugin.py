"""What {{ distribution }} offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sci.api import ComponentSpec, hookimpl

if TYPE_CHECKING:
    from sci.testing import Case


@hookimpl
def sci_optimizers() -> list[ComponentSpec]:
    """The optimizers: one target for each engine, one meaning on all of them."""
    return [
        ComponentSpec(
            name="{{ component }}",
            summary="Mean gradients divided by how far single ones stray from them",
            target={
                "numpy": "{{ module }}.on_numpy:AdaBelief",
                "torch": "{{ module }}.on_torch:AdaBelief",
            },
            config="{{ module }}.config:AdaBeliefConfig",
            cite="arXiv:2010.07468",
        )
    ]


@hookimpl
def sci_conformance_cases() -> list[Case]:
    """Settings with which the checks see the loss fall within few steps."""
    from sci.testing import Case

    return [Case("optimizers", "{{ component }}", settings={"learning_rate": 0.05})]

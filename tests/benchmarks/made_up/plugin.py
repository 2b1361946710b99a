"""What the benchmarks need that no plugin offers: token codes as they are, and the moment of the first step."""

from __future__ import annotations

from sci.api import ComponentSpec, hookimpl


@hookimpl
def sci_preprocessors() -> list[ComponentSpec]:
    """Steps."""
    return [
        ComponentSpec(
            name="made-up-codes",
            summary="Numbers in a text as tokens",
            target="made_up.codes:Codes",
            config="made_up.config:CodesConfig",
            accepts=("text",),
        )
    ]


@hookimpl
def sci_schedules() -> list[ComponentSpec]:
    """Schedules."""
    return [
        ComponentSpec(
            name="made-up-end",
            summary="The process ends before a step",
            target="made_up.end:End",
            config="made_up.config:EndConfig",
        )
    ]

"""What sci-serve offers."""

from __future__ import annotations

from sci.api import ComponentSpec, hookimpl


@hookimpl
def sci_deployers() -> list[ComponentSpec]:
    """Hands the model over as an HTTP service."""
    return [
        ComponentSpec(
            name="rest",
            target="sci_serve.rest:Rest",
            summary="HTTP server with JSON rows, checked against the model's schema",
            config="sci_serve.config:RestConfig",
            traits=frozenset({"serves"}),
        )
    ]


@hookimpl
def sci_conformance_cases() -> list[object]:
    """How the conformance kit asks the server."""
    from sci_serve.conformance import cases

    return [*cases()]

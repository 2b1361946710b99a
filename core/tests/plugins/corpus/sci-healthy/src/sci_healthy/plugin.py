"""A plugin without a fault: it must stay usable beside all the others."""

from __future__ import annotations

from sci.api import ComponentSpec, hookimpl


@hookimpl
def sci_metrics() -> list[ComponentSpec]:
    return [
        ComponentSpec(
            "healthy", "sci_healthy.metric:Metric", config="sci_healthy.config:HealthyConfig", summary="Works"
        )
    ]

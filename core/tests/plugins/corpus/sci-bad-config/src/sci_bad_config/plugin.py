"""The settings of its component cannot be built."""

from __future__ import annotations

from sci.api import ComponentSpec, hookimpl


@hookimpl
def sci_metrics() -> list[ComponentSpec]:
    return [ComponentSpec("misconfigured", "sci_bad_config.metric:Metric", config="sci_bad_config.config:BrokenConfig")]

"""Has the same entry-point name as sci-twin-two."""

from __future__ import annotations

from sci.api import ComponentSpec, hookimpl


@hookimpl
def sci_metrics() -> list[ComponentSpec]:
    return [ComponentSpec("twin-one", "sci_twin_one.metric:Metric")]

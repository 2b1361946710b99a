"""Has the same entry-point name as sci-twin-one."""

from __future__ import annotations

from sci.api import ComponentSpec, hookimpl


@hookimpl
def sci_metrics() -> list[ComponentSpec]:
    return [ComponentSpec("twin-two", "sci_twin_two.metric:Metric")]

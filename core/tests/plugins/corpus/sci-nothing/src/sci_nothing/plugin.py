"""Forgets to return its specs."""

from __future__ import annotations

from sci.api import ComponentSpec, hookimpl


@hookimpl
def sci_metrics() -> None:
    [ComponentSpec("forgotten", "sci_nothing.metric:Metric")]

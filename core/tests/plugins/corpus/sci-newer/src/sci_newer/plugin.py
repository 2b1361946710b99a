"""Needs a core that does not exist yet; running it would be wrong."""

from __future__ import annotations

from sci.api import ComponentSpec, hookimpl


@hookimpl
def sci_metrics() -> list[ComponentSpec]:
    return [ComponentSpec("newer", "sci_newer.metric:Metric")]


raise RuntimeError("an incompatible plugin was imported")

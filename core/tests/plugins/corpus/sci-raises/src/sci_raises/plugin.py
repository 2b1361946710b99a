"""Raises while it is imported."""

from __future__ import annotations

from sci.api import ComponentSpec, hookimpl


@hookimpl
def sci_metrics() -> list[ComponentSpec]:
    return [ComponentSpec("raised", "sci_raises.metric:Metric")]


raise RuntimeError("no licence for spectra")

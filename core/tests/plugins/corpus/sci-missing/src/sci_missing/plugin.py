"""Its component needs a library that is not installed."""

from __future__ import annotations

from sci.api import ComponentSpec, hookimpl


@hookimpl
def sci_metrics() -> list[ComponentSpec]:
    return [ComponentSpec("missing", "sci_missing.metric:Metric", requires=("spectral-magic>=2",))]

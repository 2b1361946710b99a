"""Offers the same metric as sci-rival-two."""

from __future__ import annotations

from sci.api import ComponentSpec, hookimpl


@hookimpl
def sci_metrics() -> list[ComponentSpec]:
    return [ComponentSpec("rival", "sci_rival_one.metric:Metric")]

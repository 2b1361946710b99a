"""Offers the same metric as sci-rival-one."""

from __future__ import annotations

from sci.api import ComponentSpec, hookimpl


@hookimpl
def sci_metrics() -> list[ComponentSpec]:
    return [ComponentSpec("rival", "sci_rival_two.metric:Metric")]

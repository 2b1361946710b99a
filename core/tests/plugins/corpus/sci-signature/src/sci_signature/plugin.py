"""Asks a hook for an argument that it has not."""

from __future__ import annotations

from sci.api import ComponentSpec, hookimpl


@hookimpl
def sci_metrics(engine: str) -> list[ComponentSpec]:
    return [ComponentSpec("signed", "sci_signature.metric:Metric")]

"""Replaces a stage instead of wrapping it."""

from __future__ import annotations

from typing import Any

from sci.api import ComponentSpec, hookimpl


@hookimpl(tryfirst=True)
def sci_train(context: Any, prepared: Any) -> Any:
    return "my own weights"


@hookimpl
def sci_metrics() -> list[ComponentSpec]:
    return [ComponentSpec("staged", "sci_stage.metric:Metric")]

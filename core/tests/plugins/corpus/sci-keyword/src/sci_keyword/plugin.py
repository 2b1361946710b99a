"""Takes a hook's argument by keyword only; pluggy would fail in the middle of a run."""

from __future__ import annotations

from sci.api import ComponentSpec, hookimpl


@hookimpl
def sci_stage_started(*, stage: str) -> None: ...


@hookimpl
def sci_metrics() -> list[ComponentSpec]:
    return [ComponentSpec("by-keyword", "sci_keyword.metric:Metric")]

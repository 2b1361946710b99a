"""Misspells a hook; pluggy takes that without a word."""

from __future__ import annotations

from sci.api import ComponentSpec, hookimpl


@hookimpl
def sci_metrisc() -> list[ComponentSpec]:
    return [ComponentSpec("misspelt", "sci_typo.metric:Metric")]


@hookimpl
def sci_metrics() -> list[ComponentSpec]:
    return [ComponentSpec("beside-a-typo", "sci_typo.metric:Metric")]

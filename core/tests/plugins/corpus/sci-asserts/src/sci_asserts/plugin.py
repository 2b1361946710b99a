"""Asserts something false while it is imported; stevedore lets that through to the program."""

from __future__ import annotations

from sci.api import ComponentSpec, hookimpl


@hookimpl
def sci_metrics() -> list[ComponentSpec]:
    return [ComponentSpec("asserted", "sci_asserts.metric:Metric")]


assert sorted([2, 1]) == [2, 1], "sorted backwards"

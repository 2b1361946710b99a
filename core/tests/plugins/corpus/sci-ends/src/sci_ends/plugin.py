"""Ends the process while it is imported; nothing in that process can catch it."""

from __future__ import annotations

import os

from sci.api import ComponentSpec, hookimpl


@hookimpl
def sci_metrics() -> list[ComponentSpec]:
    return [ComponentSpec("ended", "sci_ends.metric:Metric")]


os._exit(7)

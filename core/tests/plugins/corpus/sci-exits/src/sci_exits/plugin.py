"""Ends the program while it is imported, by way of another module."""

from __future__ import annotations

import sci_exits.licence_check  # noqa: F401
from sci.api import ComponentSpec, hookimpl


@hookimpl
def sci_metrics() -> list[ComponentSpec]:
    return [ComponentSpec("exited", "sci_exits.metric:Metric")]

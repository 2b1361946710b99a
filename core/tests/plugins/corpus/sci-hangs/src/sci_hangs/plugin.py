"""Never finishes its import."""

from __future__ import annotations

import time

from sci.api import ComponentSpec, hookimpl


@hookimpl
def sci_metrics() -> list[ComponentSpec]:
    return [ComponentSpec("hung", "sci_hangs.metric:Metric")]


while True:
    time.sleep(1)

"""Crashes the interpreter while it is imported, as a faulty C extension would."""

from __future__ import annotations

import os
import signal

from sci.api import ComponentSpec, hookimpl


@hookimpl
def sci_metrics() -> list[ComponentSpec]:
    return [ComponentSpec("crashed", "sci_crashes.metric:Metric")]


os.kill(os.getpid(), signal.SIGSEGV)

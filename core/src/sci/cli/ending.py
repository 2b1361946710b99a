"""The end of the program, which comes even where a plugin has left something running."""

from __future__ import annotations

import contextlib
import os
import sys
import threading

PATIENCE = 10.0
"""Seconds that threads and exit handlers have when everything is done."""


def end_soon(code: int) -> None:
    """Let Python end as it always does, and end the process with this code when that takes too long."""
    watch = threading.Timer(PATIENCE, _leave, (code,))
    watch.daemon = True
    watch.start()


def _leave(code: int) -> None:
    main = threading.main_thread()
    left = [one.name for one in threading.enumerate() if one is not main and not one.daemon]
    who = f"threads are still running ({', '.join(left[:4])})" if left else "an exit handler is still running"
    with contextlib.suppress(Exception):
        print(f"warning: the work is done, but {who}; the program ends without waiting for it", file=sys.stderr)
        sys.stderr.flush()
    os._exit(code)

"""Signals: the first asks the run to stop at the next safe place, the second leaves at once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from sci.api.errors import Interrupted


class Stop:
    """Listens for SIGINT and SIGTERM while a run is on; only in the main thread, elsewhere it hears nothing."""

    def __init__(self, announce: Callable[[str], None]) -> None:
        self.requested = False
        self._announce = announce
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Stop:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._heard)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _heard(self, number: int, frame: FrameType | None) -> None:
        if self.requested:
            raise KeyboardInterrupt
        self.requested = True
        self._announce("stopping after this step (Ctrl-C again: stop now)")

    def check(self) -> None:
        """Raise `Interrupted` (exit 6) if a stop was asked for."""
        if self.requested:
            raise Interrupted("interrupted", id="run.interrupted")

"""A process that runs epochs when it is its turn, so that rivals alternate epoch by epoch."""

from __future__ import annotations

import json
import os
import sys
import time


class Turns:
    """The side of the measured process. What it prints goes to standard error, results go to `contest.Contest`."""

    def __init__(self) -> None:
        self._told = os.fdopen(os.dup(1), "w", buffering=1)
        os.dup2(2, 1)
        self._began: tuple[float, float] | None = None

    def next(self) -> None:
        """An epoch is over, and the next one begins when this returns; the process ends when there is none.

        Everything between two calls counts, in wall time and in the processor time of all threads.
        """
        if self._began is not None:
            wall, cpu = time.perf_counter() - self._began[0], time.process_time() - self._began[1]
            self._told.write(json.dumps({"wall": wall, "cpu": cpu}) + "\n")
        if not sys.stdin.readline():
            os._exit(0)
        self._began = time.perf_counter(), time.process_time()

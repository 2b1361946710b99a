"""One prediction at a time, and a bounded number of requests that wait for theirs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sci_serve.refusals import Refusal


class Queue:
    """Takes turns at the model, which need not be safe to use from two threads.

    Args:
        most: requests inside, the one at work included.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.inside = 0
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Waits for the model; `Refusal` 503 at once when too many wait already."""
        if self.inside >= self.most:
            raise Refusal(503, "server.busy", "the server is busy; again in 1 s", headers={"Retry-After": "1"})
        self.inside += 1
        try:
            async with self._turn:
                yield
        finally:
            self.inside -= 1

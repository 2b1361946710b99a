"""How many threads the matrix products take."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cached_property

from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]


class Threads:
    """Limits the threads of NumPy's BLAS while the engine computes, and gives them back afterwards."""

    def __init__(self, count: int) -> None:
        self.count = count

    @cached_property
    def controller(self) -> ThreadpoolController:
        """The thread pools of this process, looked for once: that takes milliseconds."""
        return ThreadpoolController().select(user_api="blas")

    def limited(self) -> AbstractContextManager[object]:
        """Inside this block the limit holds."""
        limit: AbstractContextManager[object] = self.controller.limit(limits=self.count)
        return limit

    def library(self) -> str | None:
        """Name and version of NumPy's BLAS where it obeys the limit; None where none does.

        SciPy brings a BLAS of its own, which is listed first once it is loaded.
        """
        found = sorted(self.controller.info(), key=lambda one: "numpy" not in one["filepath"])
        return f"{found[0]['internal_api']} {found[0]['version']}" if found else None

"""How many threads scikit-learn and the matrix products take."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cached_property

from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]


class Threads:
    """Limits the threads of BLAS and OpenMP while the engine computes, and gives them back afterwards."""

    def __init__(self, count: int) -> None:
        self.count = count

    @cached_property
    def controller(self) -> ThreadpoolController:
        """The thread pools of this process, looked for once scikit-learn is loaded: that takes milliseconds."""
        import sklearn.ensemble  # noqa: F401  # brings its OpenMP

        return ThreadpoolController()

    def limited(self) -> AbstractContextManager[object]:
        """Inside this block the limit holds."""
        limit: AbstractContextManager[object] = self.controller.limit(limits=self.count)
        return limit

    def libraries(self) -> dict[str, str]:
        """Kind of pool to the libraries that obey the limit."""
        found: dict[str, list[str]] = {}
        for pool in self.controller.info():
            named = f"{pool['internal_api']} {pool['version']}" if pool["version"] else str(pool["internal_api"])
            found.setdefault(pool["user_api"], []).append(named)
        return {kind: ", ".join(sorted(set(names))) for kind, names in found.items()}

"""How many models of a study train at the same time, and how many threads each has."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple

THREADS = "OMP_NUM_THREADS"


class Budget(NamedTuple):
    """The share of the machine.

    Args:
        processes: models that train at the same time.
        threads: of each; it does not depend on `processes`, so that neither do the bits of the weights.
        here: whether this process has just that many threads, and can train itself what is not trained side by side.
    """

    processes: int
    threads: int
    here: bool

    @property
    def apart(self) -> bool:
        """Whether processes of their own are needed."""
        return self.processes > 1 or not self.here


def budget(models: int, parallel: int | None, environ: Mapping[str, str] = os.environ) -> Budget:
    """What the cores allow: each model has the threads that the environment says, else its share of the cores.

    Args:
        models: how many are to be trained.
        parallel: how many at the same time, where the experiment says it.
        environ: the environment variables.
    """
    available = cores()
    said = environ.get(THREADS, "")
    given = int(said) if said.isdecimal() and int(said) else None
    threads = given or max(1, available // max(models, 1))
    processes = min(models, parallel or max(1, available // threads))
    return Budget(processes, threads, given is not None or threads == available)


def cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1

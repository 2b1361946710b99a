"""A limit to the memory of a process that the operating system keeps: a control group of Linux, version 1 or 2."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PARENTS = {
    Path("/sys/fs/cgroup/memory"): "memory.limit_in_bytes",
    Path("/sys/fs/cgroup"): "memory.max",
}
"""Where groups are made, and the file of a group that holds its limit: of version 1, then of version 2."""


@contextmanager
def memory_group(limit: int) -> Iterator[Path]:
    """A group whose processes may hold so many bytes together, pages of files among them; swap is not used. Whoever
    writes a process id into its file ``cgroup.procs`` puts that process and its children into the group. Needs root.

    Raises:
        OSError: this system lets no group be made.
    """
    parent, name = next((found for found in PARENTS.items() if found[0].is_dir()), (Path("/sys/fs/cgroup"), ""))
    group = parent / f"sci-{os.getpid()}"
    group.mkdir()
    try:
        (group / name).write_text(str(limit), encoding="ascii")
        swappiness = group / "memory.swappiness"
        if swappiness.is_file():
            swappiness.write_text("0", encoding="ascii")
        yield group
    finally:
        _removed(group)


def _removed(group: Path) -> None:
    """Remove a group, which takes the system a moment after its last process has ended."""
    for _ in range(50):
        try:
            group.rmdir()
        except OSError:
            time.sleep(0.1)
        else:
            return

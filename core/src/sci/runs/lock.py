"""One writer for each run."""

from __future__ import annotations

import os
import pathlib
import platform

from filelock import FileLock, Timeout

from sci.api.errors import LockedError, StorageError
from sci.runs.manifest import Manifest, now
from sci.runs.writer import storage_error, sweep

FILE = ".lock"


class RunLock:
    """Holds a run directory for writing; the lock dies with the process, so a stale one cannot remain.

    What a killed writer left half written is removed on entry, since nobody else can be writing it.

    Args:
        directory: of the run.
        patience: seconds to wait for another writer to end.
    """

    def __init__(self, directory: pathlib.Path, patience: float = 0.0) -> None:
        self.directory = directory
        self._lock = FileLock(str(directory / FILE), timeout=patience)

    def __enter__(self) -> RunLock:
        try:
            self._lock.acquire()
        except Timeout:
            raise LockedError(f"this run is being written by {owner(self.directory)}", id="run.locked") from None
        except OSError as error:
            raise storage_error(error, self.directory / FILE) from error
        sweep(self.directory)
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def writer() -> dict[str, str | int]:
    """Who writes, for the manifest."""
    return {"pid": os.getpid(), "host": platform.node(), "since": now()}


def owner(directory: pathlib.Path) -> str:
    """Who holds the lock, as the manifest tells."""
    try:
        found = Manifest.read(directory).data.get("writer", {})
    except StorageError:
        found = {}
    if not found:
        return "another process"
    return f"process {found['pid']} on {found['host']} since {found['since']}"

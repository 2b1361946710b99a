"""`manifest.json`: what a run is, how far it came, and every file that it wrote."""

from __future__ import annotations

import hashlib
import json
import math
import pathlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sci.api.errors import StorageError
from sci.runs.writer import write_json

FILE = "manifest.json"
CHECKPOINT = "MANIFEST.json"
"""The file of a checkpoint that lists its other files."""
UNLISTED = (FILE, "log.txt", ".lock")
FORMAT = 1


def now() -> str:
    """The time of day in UTC, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


class Manifest:
    """The manifest of one run directory; every change is written at once."""

    def __init__(self, directory: pathlib.Path, data: dict[str, Any]) -> None:
        self.directory = directory
        self.data = data

    @classmethod
    def start(cls, directory: pathlib.Path, **facts: Any) -> Manifest:
        """A new manifest with status `running`, on disk before the first stage."""
        data = {
            "format": FORMAT,
            "status": "running",
            "started": now(),
            "finished": None,
            **facts,
            "resumed": [],
            "stages": {},
            "warnings": [],
            "files": [],
        }
        manifest = cls(directory, data)
        manifest.write()
        return manifest

    @classmethod
    def read(cls, directory: pathlib.Path) -> Manifest:
        """The manifest of an existing run. `StorageError` when the folder is not a run."""
        try:
            data = json.loads((directory / FILE).read_text(encoding="utf-8"))
        except OSError as error:
            raise StorageError(f"`{directory}` is not a run: it has no {FILE}", id="run.unknown") from error
        except ValueError as error:
            raise StorageError(f"`{directory / FILE}` is not JSON", id="storage.corrupt") from error
        if data.get("format", 0) > FORMAT:
            raise StorageError(
                f"`{directory}` was written by a newer sci", id="run.newer", hint="pip install -U sci-core"
            )
        return cls(directory, data)

    def reopen(self, **facts: Any) -> None:
        """The run goes on: it is running again, and has no end yet."""
        self.update(status="running", finished=None, **facts)

    def write(self) -> None:
        """Write the manifest as it stands; numbers that are not finite become null, so that every run can be closed."""
        write_json(self.directory / FILE, finite(self.data))

    def update(self, **facts: Any) -> None:
        """Change facts and write."""
        self.data.update(facts)
        self.write()

    def stage(self, name: str, seconds: float) -> None:
        """Record that a stage is over."""
        self.data["stages"][name] = {"finished": now(), "seconds": round(seconds, 3)}
        self.write()

    def resumed(self, step: int) -> None:
        """Record that training went on from this step."""
        self.data["resumed"].append({"step": step})
        self.write()

    def warn(self, id: str, message: str) -> bool:
        """Keep a warning; False when the run has it already."""
        entry = {"id": id, "message": message}
        if entry in self.data["warnings"]:
            return False
        self.data["warnings"].append(entry)
        return True

    def close(self, status: str, **facts: Any) -> None:
        """Record the end: finished, failed or interrupted, and every file with size and hash.

        The error of an earlier end, before the run was resumed, goes.
        """
        self.data.pop("error", None)
        self.data.update(status=status, finished=now(), files=listing(self.directory), **facts)
        self.write()


def finite(value: Any) -> Any:
    """A value of JSON, with null for the numbers that JSON does not have."""
    if isinstance(value, Mapping):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def listing(directory: pathlib.Path) -> list[dict[str, Any]]:
    """Every file of a run but its children, with size and SHA-256, sorted by path."""
    files = []
    for path in sorted(directory.rglob("*")):
        name = path.relative_to(directory).as_posix()
        if name.startswith("children/") or name in UNLISTED or path.name.endswith(".tmp") or not path.is_file():
            continue
        files.append({"path": name, **(checkpointed(path) or described(path))})
    return files


def described(path: pathlib.Path) -> dict[str, Any]:
    """Size and hash of a file as it lies there."""
    with path.open("rb") as file:
        return {"size": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


def checkpointed(path: pathlib.Path) -> dict[str, Any] | None:
    """Size and hash of a file of a checkpoint as they were when it was written: checkpoints are too large to be read
    again. None for other files."""
    folder = path.parent
    if folder.parent.name != "checkpoints" or folder.suffix or path.name == CHECKPOINT:
        return None
    try:
        found: dict[str, Any] = json.loads((folder / CHECKPOINT).read_text(encoding="utf-8"))["files"][path.name]
    except (OSError, ValueError, KeyError):
        return None
    return found if found["size"] == path.stat().st_size else None

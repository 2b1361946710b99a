"""The one place that reads files of a run; what the manifest lists is verified."""

from __future__ import annotations

import hashlib
import json
import pathlib
from typing import Any

from sci.api.errors import StorageError
from sci.api.state import State
from sci.runs import arrays
from sci.runs.manifest import Manifest
from sci.runs.paths import inside


class Loader:
    """Reads a run directory and compares each file with the size and hash in the manifest."""

    def __init__(self, directory: pathlib.Path) -> None:
        self.directory = directory
        self.manifest = Manifest.read(directory)
        self._listed = {entry["path"]: entry for entry in self.manifest.data.get("files", [])}

    def bytes(self, name: str) -> bytes:
        """The content of a file of the run. `StorageError` when it is missing or not what was written."""
        path = inside(self.directory, name)
        try:
            data = path.read_bytes()
        except OSError as error:
            raise StorageError(f"`{path}` is missing from the run", id="storage.missing") from error
        entry = self._listed.get(name)
        if entry and (entry["size"] != len(data) or entry["sha256"] != hashlib.sha256(data).hexdigest()):
            raise StorageError(
                f"`{path}` is not what the run wrote: its hash differs from the manifest",
                id="storage.hash",
                note=f"{entry['size']} bytes and {entry['sha256'][:12]} were written",
            )
        return data

    def json(self, name: str) -> Any:
        """A JSON document of the run."""
        try:
            return json.loads(self.bytes(name))
        except ValueError as error:
            raise StorageError(f"`{self.directory / name}` is not JSON", id="storage.corrupt") from error

    def state(self, folder: str, name: str) -> State:
        """A state that `write_state` wrote."""
        file = f"{folder}/{name}.safetensors"
        return State(arrays.unpack(self.bytes(file), file), self.json(f"{folder}/{name}.json"))

    def has(self, name: str) -> bool:
        """Whether the run has this file."""
        return (self.directory / name).is_file()

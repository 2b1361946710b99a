"""Checkpoints: whole or absent, verified on loading, the last good one always kept."""

from __future__ import annotations

import hashlib
import json
import os
import pathlib
import shutil
from collections.abc import Iterator

from sci.api.errors import StorageError
from sci.api.state import State
from sci.runs import arrays
from sci.runs.writer import make_folder, storage_error, sync_folder, write_json

FILE = "MANIFEST.json"


def save(folder: pathlib.Path, step: int, states: dict[str, State], keep: int) -> pathlib.Path:
    """Write ``step-<number>/``; older checkpoints beyond `keep` go only after the new one is whole.

    Everything is written in a temporary folder; its manifest with sizes and hashes comes last, then the rename.
    """
    final = folder / f"step-{step:08d}"
    if final.exists():
        return final
    temporary = folder / f"{final.name}.tmp-{os.getpid()}"
    shutil.rmtree(temporary, ignore_errors=True)
    make_folder(temporary)
    try:
        for name, state in states.items():
            arrays.write_state(temporary, name, state)
        files = {path.name: describe(path.read_bytes()) for path in sorted(temporary.iterdir())}
        write_json(temporary / FILE, {"format": 1, "step": step, "files": files})
        os.rename(temporary, final)
        sync_folder(folder)
    except OSError as error:
        raise storage_error(error, final) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    for old in newest(folder)[max(keep, 1) :]:
        shutil.rmtree(old, ignore_errors=True)
    return final


def describe(data: bytes) -> dict[str, str | int]:
    """Size and hash of a file's content."""
    return {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def newest(folder: pathlib.Path) -> list[pathlib.Path]:
    """Whole checkpoints by name, the newest first."""
    return sorted((path for path in folder.glob("step-????????") if path.is_dir()), reverse=True)


def good(folder: pathlib.Path) -> Iterator[tuple[int, dict[str, State] | None, str]]:
    """The checkpoints from the newest: step, states (None when damaged) and what is wrong with it."""
    for path in newest(folder):
        try:
            yield (*load(path), "")
        except StorageError as error:
            yield int(path.name.removeprefix("step-")), None, error.message


def load(path: pathlib.Path) -> tuple[int, dict[str, State]]:
    """A checkpoint's step and states. `StorageError` when a byte of it is not what was written."""
    try:
        manifest = json.loads((path / FILE).read_text(encoding="utf-8"))
        content = {name: (path / name).read_bytes() for name in manifest["files"]}
    except (OSError, ValueError, KeyError) as error:
        raise StorageError(f"checkpoint `{path.name}` is not whole", id="storage.checkpoint") from error
    for name, data in content.items():
        if describe(data) != manifest["files"][name]:
            raise StorageError(f"checkpoint `{path.name}` is damaged: `{name}`", id="storage.checkpoint")
    names = sorted({name.rsplit(".", 1)[0] for name in content})
    return manifest["step"], {
        name: State(arrays.unpack(content[f"{name}.safetensors"], name), json.loads(content[f"{name}.json"]))
        for name in names
    }

"""Checkpoints: whole or absent, verified on loading, the last good one always kept."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import pathlib
import re
import shutil
from collections.abc import Iterator

from sci.api.errors import StorageError
from sci.api.state import State
from sci.runs import arrays
from sci.runs.manifest import CHECKPOINT as FILE
from sci.runs.paths import inside
from sci.runs.writer import make_folder, storage_error, sync_folder, write_hidden

NAME = re.compile(r"step-(\d{8,})")


def save(folder: pathlib.Path, step: int, states: dict[str, State], keep: int) -> pathlib.Path:
    """Write ``step-<number>/``; older checkpoints beyond `keep` go only after the new one is whole.

    Everything is written in a temporary folder; its manifest with sizes and hashes comes last, then the rename. So a
    folder under its own name is whole, whenever the process dies. `StorageError` (exit 7) when the disk refuses; the
    checkpoints that were there stay.
    """
    final = folder / f"step-{step:08d}"
    if final.exists():
        return final
    temporary = folder / f"{final.name}.tmp-{os.getpid()}"
    shutil.rmtree(temporary, ignore_errors=True)
    try:
        make_folder(temporary)
        files = {
            file: write_hidden(temporary / file, chunks)
            for name, state in states.items()
            for file, chunks in arrays.files(name, state).items()
        }
        manifest = json.dumps({"format": 1, "step": step, "files": files}, indent=1).encode() + b"\n"
        write_hidden(temporary / FILE, [manifest])
        sync_folder(temporary)
        os.rename(temporary, final)
        sync_folder(folder)
    except OSError as error:
        raise storage_error(error, final) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    with contextlib.suppress(StorageError):  # the new one is whole, and old ones only take room
        for old in newest(folder)[max(keep, 1) :]:
            remove(old)
    return final


def remove(path: pathlib.Path) -> None:
    """Delete a checkpoint. It loses its name first, so that half of one never looks like a whole one."""
    away = path.with_name(f"{path.name}.tmp-{os.getpid()}")
    with contextlib.suppress(OSError):  # it is only room that is not won
        os.rename(path, away)
        shutil.rmtree(away, ignore_errors=True)


def set_aside(path: pathlib.Path) -> None:
    """Take a damaged checkpoint out of the way of the one that will be written for the same step."""
    away = path.with_name(f"{path.name}.damaged")
    try:
        shutil.rmtree(away, ignore_errors=True)
        os.rename(path, away)
        sync_folder(path.parent)
    except OSError as error:
        raise storage_error(error, away) from error


def step_of(path: pathlib.Path) -> int:
    """The number of updates after which a checkpoint was written, from its name."""
    found = NAME.fullmatch(path.name)
    return int(found[1]) if found else -1


def newest(folder: pathlib.Path) -> list[pathlib.Path]:
    """Checkpoints by their step, the newest first. `StorageError` when the folder cannot be read."""
    try:
        found = [path for path in folder.glob("step-*") if NAME.fullmatch(path.name) and path.is_dir()]
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise StorageError(f"`{folder}` cannot be read: {reason}", id="storage.checkpoint") from error
    return sorted(found, key=step_of, reverse=True)


def good(folder: pathlib.Path) -> Iterator[tuple[pathlib.Path, dict[str, State] | None, str]]:
    """The checkpoints from the newest: where, states (None when damaged) and what is wrong with it."""
    for path in newest(folder):
        try:
            yield path, load(path)[1], ""
        except StorageError as error:
            yield path, None, error.message


def load(path: pathlib.Path) -> tuple[int, dict[str, State]]:
    """A checkpoint's step and states. `StorageError` when a byte of it is not what was written."""
    try:
        manifest = json.loads((path / FILE).read_text(encoding="utf-8"))
        step, listed = int(manifest["step"]), dict(manifest["files"])
        if manifest["format"] != 1 or step != step_of(path):
            raise ValueError(manifest["step"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StorageError(f"checkpoint `{path.name}` is not whole: `{FILE}`", id="storage.checkpoint") from error
    content = {name: verified(path, name, entry) for name, entry in listed.items()}
    names = sorted({name.rsplit(".", 1)[0] for name in content})
    try:
        return step, {
            name: State(arrays.unpack(content[f"{name}.safetensors"], name), json.loads(content[f"{name}.json"]))
            for name in names
        }
    except (ValueError, KeyError) as error:
        raise StorageError(f"checkpoint `{path.name}` is damaged: `{FILE}`", id="storage.checkpoint") from error


def verified(path: pathlib.Path, name: str, entry: object) -> bytes:
    """A file of a checkpoint, when it is the one that was written."""
    try:
        data = inside(path, name).read_bytes()
    except (OSError, ValueError) as error:
        raise StorageError(f"checkpoint `{path.name}` is not whole: `{name}`", id="storage.checkpoint") from error
    if {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()} != entry:
        raise StorageError(f"checkpoint `{path.name}` is damaged: `{name}`", id="storage.checkpoint")
    return data

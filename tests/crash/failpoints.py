"""Every call that changes the disk while a checkpoint is written, and what is left when it is the last one, or fails.

    python tests/crash/failpoints.py             # prints what was found, as JSON
    python tests/crash/failpoints.py --in-place  # the same of a writer that is not careful: it must be found out

Each case is a process of its own (`fork`), in which the calls of `os` that open, write, sync, rename and remove are
counted; at one of them the process is killed, or the disk is full from there on, or fails once, or fails from there on.
Writes are cut in the middle. Syncing is counted and not waited for: what a killed process wrote is not lost. An audit hook sees what Python itself does to the disk, and tells of what was not counted.
"""

from __future__ import annotations

import errno
import json
import os
import pathlib
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from typing import Any

import numpy as np

from sci.api import State, StorageError
from sci.runs import arrays, checkpoints
from sci.runs.manifest import described
from sci.runs.writer import sweep, write_json

CALLS = ("open", "write", "fsync", "close", "mkdir", "rename", "replace", "unlink", "rmdir", "scandir", "chmod")
NEED_ROOM = ("open", "write", "mkdir")
KINDS = ("kill", "ENOSPC", "EIO", "EIO from there on")
CHANGES = ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod", "os.truncate", "os.link", "os.symlink")
SAVED, REFUSED = 0, 7
CHUNK_BYTES = 3000
"""So small that an array is written in several pieces."""


def states(step: int) -> dict[str, State]:
    """A checkpoint in small: arrays over more than one chunk, one without dimensions, and the best weights."""
    weights = {"network/w": np.arange(1000, dtype=np.float64) + step, "network/b": np.array(step / 3)}
    return {
        "trainer": State({**weights, "optimizer/m": np.full(5, step, dtype=np.float32)}, {"t": step}),
        "loop": State({}, {"progress": {"step": step}}),
        "best": State(weights),
    }


class Disk:
    """Counts the calls, and lets one of them fail.

    Args:
        point: the call that fails, from 0; None lets all of them through.
        kind: one of `KINDS`.
    """

    def __init__(self, point: int | None = None, kind: str = "") -> None:
        self.point = point
        self.kind = kind
        self.seen: list[str] = []
        self.unseen: list[str] = []
        self._busy = False
        self._broken = False

    def take(self) -> None:
        """Stand between Python and the disk, until the process ends."""
        for name in CALLS:
            setattr(os, name, self._watched(name, getattr(os, name)))
        sys.addaudithook(self._heard)

    def _heard(self, event: str, arguments: tuple[Any, ...]) -> None:
        writes = event == "open" and bool((arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR))
        if (writes or event in CHANGES) and not self._busy:
            self.unseen.append(event)

    def _watched(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def inner(*arguments: Any, **options: Any) -> Any:
            number = len(self.seen)
            self.seen.append(name)
            if number == self.point or self._broken:
                self._fail(name, call, arguments)
            self._busy = True
            try:
                return call(*arguments, **options)
            finally:
                self._busy = False

        return inner

    def _fail(self, name: str, call: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        if name == "write" and len(arguments[1]) > 1:
            call(arguments[0], arguments[1][: len(arguments[1]) // 2])
        if self.kind == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if self.kind == "ENOSPC":
            self._broken = True
            if name in NEED_ROOM:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return
        self._broken = self.kind != "EIO"
        if name == "close":
            call(*arguments)
        raise OSError(errno.EIO, os.strerror(errno.EIO))


def in_place(folder: pathlib.Path, step: int, states: dict[str, State], keep: int) -> pathlib.Path:
    """What many writers of checkpoints do: remove the old, then write under the name that readers look for."""
    for old in checkpoints.newest(folder)[keep - 1 :]:
        shutil.rmtree(old)
    final = folder / f"step-{step:08d}"
    try:
        final.mkdir(parents=True, exist_ok=True)
        for name, state in states.items():
            arrays.write_state(final, name, state)
        files = {path.name: described(path) for path in final.iterdir()}
        write_json(final / checkpoints.FILE, {"format": 1, "step": step, "files": files})
    except OSError as error:
        raise StorageError(str(error), id="storage.write") from error
    return final


def forked(work: Callable[[], int]) -> int:
    """The exit status of a child process that does this work and nothing after it."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 1
    try:
        code = work()
    finally:
        os._exit(code)


def saving(folder: pathlib.Path, step: int, disk: Disk) -> int:
    """Write a checkpoint while the disk does what it does; 0, or 7 where the disk is blamed."""
    disk.take()
    try:
        checkpoints.save(folder, step, states(step), keep=2)
    except StorageError:
        return REFUSED
    return SAVED


def counted(folder: pathlib.Path, step: int) -> tuple[list[str], list[str]]:
    """The calls that writing this checkpoint takes, and those that went past the counter."""
    reader, writer = os.pipe()

    def work() -> int:
        disk = Disk()
        write = os.write
        code = saving(folder, step, disk)
        write(writer, json.dumps([disk.seen, disk.unseen]).encode())
        return code

    assert forked(work) == SAVED
    os.close(writer)
    with os.fdopen(reader) as file:
        seen, unseen = json.loads(file.read())
    return seen, unseen


def wrong(folder: pathlib.Path, step: int, code: int, kind: str) -> str:
    """What is not as it must be after a case; empty when all is well."""
    if code not in ((-signal.SIGKILL,) if kind == "kill" else (SAVED, REFUSED)):
        return f"ended with {code}"
    found = list(checkpoints.good(folder)) if folder.exists() else []
    for path, loaded, reason in found:
        if loaded is None:
            return reason
        if not same(loaded, states(checkpoints.step_of(path))):
            return f"{path.name} is not what was written"
    steps = [checkpoints.step_of(path) for path, _, _ in found]
    if step > 1 and step - 1 not in steps:
        return f"left are {steps}"
    if code == SAVED and steps[:1] != [step]:
        return "was said to be saved, and is not there"
    return healed(folder, step)


def healed(folder: pathlib.Path, step: int) -> str:
    """Whether a new process, once the disk works again, clears away what was left and goes on."""
    if folder.exists():
        sweep(folder.parent)
        left = [path.name for path in folder.iterdir() if not checkpoints.NAME.fullmatch(path.name)]
        if left:
            return f"{left} stay behind"
    for number in (step, step + 1):
        checkpoints.save(folder, number, states(number), keep=2)
    steps = [checkpoints.step_of(path) for path, loaded, _ in checkpoints.good(folder) if loaded is not None]
    return "" if steps == [step + 1, step] else f"after that, {steps}"


def same(found: dict[str, State], expected: dict[str, State]) -> bool:
    def plain(states: dict[str, State]) -> Any:
        return {
            name: (state.meta, {key: (array.shape, array.tobytes()) for key, array in state.arrays.items()})
            for name, state in states.items()
        }

    return bool(plain(found) == plain(expected))


def enumerated(scratch: pathlib.Path, steps: tuple[int, ...] = (1, 3)) -> dict[str, Any]:
    """Every fail point of the first checkpoint of a run and of the third, which also removes the oldest, in each kind."""
    arrays.CHUNK_BYTES = CHUNK_BYTES
    cases, unseen = [], []
    os.fsync = lambda handle: None  # type: ignore[assignment]
    for step in steps:
        start = scratch / f"before-{step}"
        start.mkdir()
        for number in range(1, step):
            checkpoints.save(start / "checkpoints", number, states(number), keep=2)
        shutil.copytree(start, scratch / "counted")
        calls, missed = counted(scratch / "counted/checkpoints", step)
        shutil.rmtree(scratch / "counted")
        unseen += missed
        for kind in KINDS:
            for point, call in enumerate(calls):
                run = scratch / "run"
                shutil.copytree(start, run)
                disk = Disk(point, kind)
                code = forked(lambda disk=disk, run=run, step=step: saving(run / "checkpoints", step, disk))  # type: ignore[misc]
                reason = wrong(run / "checkpoints", step, code, kind)
                cases.append({"step": step, "point": point, "call": call, "kind": kind, "code": code, "wrong": reason})
                shutil.rmtree(run)
    return {"unseen": unseen, "cases": cases}


if __name__ == "__main__":
    careless = "--in-place" in sys.argv[1:]
    if careless:
        checkpoints.save = in_place
    with tempfile.TemporaryDirectory(prefix="sci-failpoints-") as folder:
        print(json.dumps(enumerated(pathlib.Path(folder), (3,) if careless else (1, 3)), indent=1))

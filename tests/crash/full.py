"""Runs whose disk becomes full, wherever that happens; they end with exit code 7 and go on when there is room.

    python tests/crash/full.py              # every call that needs room, half of the times for good; prints JSON
    python tests/crash/full.py --cases 6    # so many of them, spread over the run

At one call of a run that opens a file to write, writes, or makes a folder, the disk is full: for this call alone (what
is smaller still fits), or from there on. Then `sci resume` has to finish the run as if nothing had been.
"""

from __future__ import annotations

import argparse
import errno
import io
import json
import os
import runpy
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
CASE = {
    "model": "softmax",
    "optimizer": "{name: adam, learning_rate: 1e-2}",
    "schedule": "{name: cosine, warmup: 0.1}",
    "monitor": "loss",
}
EPOCHS, EVERY_STEPS = 3, 30


class Full:
    """Counts the calls that need room on the disk of a folder, and refuses from one of them on.

    Args:
        folder: only what lies in it counts.
        point: the first call that is refused, from 0; None refuses none.
        once: refuse that one alone.
    """

    def __init__(self, folder: Path, point: int | None, once: bool) -> None:
        self.folder = str(folder)
        self.point = point
        self.once = once
        self.count = 0

    def take(self) -> None:
        """Stand between Python and the disk, until the process ends."""
        opening, making, writing, wrapping, general = os.open, os.mkdir, os.write, os.fdopen, io.open
        ours: set[int] = set()

        def open_(path: Any, flags: int, *more: Any, **options: Any) -> int:
            counts = bool(flags & os.O_CREAT) and self._here(path)
            if counts:
                self._need()
            handle = opening(path, flags, *more, **options)
            (ours.add if counts else ours.discard)(handle)
            return handle

        def mkdir(path: Any, *more: Any, **options: Any) -> None:
            if self._here(path) and not os.path.isdir(path):  # a folder that is there needs no room
                self._need()
            making(path, *more, **options)

        def write(handle: int, data: Any) -> int:
            if handle in ours:
                self._need(lambda: writing(handle, data[: len(data) // 2]))
            return writing(handle, data)

        class Raw(io.FileIO):
            def write(raw, data: Any) -> int:
                self._need(lambda: io.FileIO.write(raw, memoryview(data)[: len(data) // 2]))
                return super().write(data)

        def fdopen(handle: int, mode: str = "r", *more: Any, **options: Any) -> Any:
            if handle in ours and mode == "wb":
                return io.BufferedWriter(Raw(handle, "wb"))
            return wrapping(handle, mode, *more, **options)

        def open_file(file: Any, mode: str = "r", *more: Any, **options: Any) -> Any:
            if set(mode) & set("wax+") and self._here(file):
                self._need()
            return general(file, mode, *more, **options)

        os.open, os.mkdir, os.write, os.fdopen, io.open = open_, mkdir, write, fdopen, open_file  # type: ignore[assignment]

    def _here(self, path: Any) -> bool:
        return isinstance(path, str | os.PathLike) and os.path.abspath(path).startswith(self.folder)

    def _need(self, half: Callable[[], Any] | None = None) -> None:
        number, self.count = self.count, self.count + 1
        refused = self.point is not None and (number == self.point if self.once else number >= self.point)
        if refused:
            if half is not None and number == self.point:
                half()
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def child(point: int, once: bool) -> int:
    """A run on such a disk; the number of calls is left in ``calls``."""
    from sci.cli.main import main as sci

    full = Full(Path("runs").absolute(), point if point >= 0 else None, once)
    full.take()
    try:
        return sci(["run", "e.yaml", "--quiet"])
    finally:
        full.point = None
        Path("calls").write_text(str(full.count), encoding="utf-8")


def started(kills: dict[str, Any], folder: Path, point: int, once: bool) -> subprocess.CompletedProcess[str]:
    """Such a run in a process of its own."""
    command = [sys.executable, str(HERE / "full.py"), "--child", str(point), *(["--once"] if once else [])]
    return subprocess.run(
        command, cwd=folder, env=kills["environment"](folder), capture_output=True, text=True, timeout=300, check=False
    )


def cases(limit: int | None) -> dict[str, Any]:
    """A run for each of the calls, or for so many of them."""
    kills = runpy.run_path(str(HERE / "kills.py"))
    with tempfile.TemporaryDirectory(prefix="sci-full-") as scratch:
        kills["install_jitter"](Path(scratch) / "site")
        study = kills["Study"](Path(scratch), "numpy", {**kills["NUMBERS"], **CASE}, EPOCHS, EVERY_STEPS)
        folder = study.fresh()
        done = started(kills, folder, -1, False)
        assert done.returncode == 0, done.stderr
        calls = int((folder / "calls").read_text(encoding="utf-8"))
        points = range(calls) if limit is None else [round((at + 0.5) * calls / limit) for at in range(limit)]
        found = [one(kills, study, point, once=at % 2 == 0) for at, point in enumerate(points)]
    return {"calls": calls, "cases": found}


def one(kills: dict[str, Any], study: Any, point: int, once: bool) -> dict[str, Any]:
    """A run whose disk becomes full at a call, and what becomes of it."""
    folder = study.fresh()
    done = started(kills, folder, point, once)
    run = kills["run_of"](folder)
    case = {"point": point, "once": once, "code": done.returncode, "status": None, "wrong": []}
    if done.returncode != 7 or "is full" not in done.stderr or "Traceback" in done.stderr:
        case["wrong"].append(f"ended with {done.returncode}: {done.stderr}")
    if not (run / "manifest.json").is_file():
        return case  # it never began: there is nothing to resume, and `sci run` makes a new one
    case["status"] = json.loads((run / "manifest.json").read_text(encoding="utf-8"))["status"]
    if case["status"] not in (("failed",) if once else ("failed", "running")):
        case["wrong"].append(f"is said to be {case['status']}")
    resumed = kills["sci"](folder, "resume", "latest")
    if resumed.returncode:
        case["wrong"].append(f"cannot be resumed: {resumed.stderr}")
        return case
    found = kills["facts"](run)
    case["wrong"] += [name for name in found if found[name] != study.expected[name]]
    case["wrong"] += [path.name for path in run.rglob("*.tmp*")]
    return case


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=None, help="All when not given.")
    parser.add_argument("--child", type=int, default=None, help=argparse.SUPPRESS)
    parser.add_argument("--once", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.child is not None:
        sys.exit(child(chosen.child, chosen.once))
    print(json.dumps(cases(chosen.cases), indent=1))

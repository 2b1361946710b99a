"""Loads each plugin in a process of its own: even one that hangs or crashes the interpreter is survived and named."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import IO, Any

from sci.plugins import faults
from sci.plugins.claims import claims
from sci.plugins.guard import FRAMEWORKS
from sci.plugins.manager import assemble
from sci.plugins.records import PluginRecord, Status

TIMEOUT = 20.0
"""Seconds; a light module takes milliseconds."""

HEALTHY: tuple[Status, ...] = ("ok", "denied", "disabled")
"""What asks for no attention: it works, or somebody meant to leave it out."""


@dataclass(frozen=True)
class Diagnosis:
    """What came of loading one plugin alone.

    Args:
        name: the entry point.
        distribution: the distribution.
        version: its version.
        status: as in `PluginRecord`.
        reason: one line.
        seconds: what loading took; 0 where it did not end.
        frames: the plugin's own lines on the way to the exception, ``file:line  code``.
        claims: names of the components that are lost with it.
        frameworks: frameworks that loading it imported all the same.
        output: the last lines that it wrote to standard error.
        traceback: the whole traceback.
    """

    name: str
    distribution: str
    version: str
    status: Status
    reason: str = ""
    seconds: float = 0.0
    frames: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    frameworks: tuple[str, ...] = ()
    output: str = ""
    traceback: str = ""

    @property
    def needs_attention(self) -> bool:
        return self.status not in HEALTHY

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def examine(records: Sequence[PluginRecord], timeout: float = TIMEOUT) -> list[Diagnosis]:
    """A diagnosis of each plugin, in the same order; those that may not be loaded are not.

    Args:
        records: from `scan`.
        timeout: seconds that each may take.
    """
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        return list(pool.map(lambda record: _examine(record, timeout), records))


def _examine(record: PluginRecord, timeout: float) -> Diagnosis:
    if record.status != "installed":
        return _diagnosis(record, status=record.status, reason=record.reason)
    with tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as output:
        code = _child(record.name, answer, output, timeout)
        said, wrote = _read(answer), _read(output)[-2000:].strip()
    if code is None:
        return _diagnosis(record, reason=f"does not finish loading within {timeout:g} s", output=wrote)
    with contextlib.suppress(ValueError, TypeError):
        return _diagnosis(record, **json.loads(said), output=wrote)
    return _diagnosis(record, reason=_ending(code), output=wrote)


def _diagnosis(record: PluginRecord, **found: Any) -> Diagnosis:
    status = found.pop("status", "broken")
    lost = () if status in ("ok", "degraded") else tuple(sorted({name for _, name in claims(record.module)}))
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in found.items()}
    return Diagnosis(record.name, record.distribution, record.version, status, claims=lost, **values)


def _child(name: str, answer: IO[bytes], output: IO[bytes], timeout: float) -> int | None:
    """The exit code, or None where the time ran out. Files, not pipes: a grandchild may hold a pipe open for ever."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sci.plugins.doctor", name],
        stdin=subprocess.DEVNULL,
        stdout=answer,
        stderr=output,
        start_new_session=True,
    )
    try:
        return process.wait(timeout)
    except subprocess.TimeoutExpired:
        return None
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Stop the child and everything that it started."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        process.kill()
    process.wait()


def _ending(code: int) -> str:
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"crashes the interpreter while it is loaded ({signal.Signals(-code).name})"
    return f"ends the program while it is loaded (exit code {code})"


def _read(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")


def _answer(name: str) -> dict[str, Any]:
    """What the child finds out."""
    [record] = [one for one in assemble(only=[name]).records if one.name == name]
    error = record.error
    return {
        "status": record.status,
        "reason": record.reason,
        "seconds": record.seconds,
        "frames": [f"{frame}  {frame.code}" for frame in faults.frames(error)] if error else [],
        "frameworks": sorted(FRAMEWORKS & set(sys.modules)),
        "traceback": faults.traceback_of(error) if error else "",
    }


if __name__ == "__main__":
    found = json.dumps(_answer(sys.argv[1]))
    os.write(1, found.encode())
    os._exit(0)  # threads and exit handlers of the plugin have no say in when this ends

"""How a command line is run here, and what every refusal has in common.

A refusal exits with the code of its kind; the first line of what it says names the place and what is wrong there; it
shows no traceback, prints nothing to standard output (or, with `--json`, one document) and leaves nothing behind.
"""

from __future__ import annotations

import dataclasses
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

PATIENCE = 120.0
"""Seconds after which a process that does not end is given up."""

_HEADLINE = re.compile(r"^(.+: )?error: ")


@dataclass(frozen=True)
class Result:
    """What a command line came to."""

    code: int
    out: str
    err: str
    peak: int = 0
    """Largest resident memory in bytes; of processes only."""

    @property
    def headline(self) -> str:
        """The first line that says what is wrong; progress and warnings may stand above it."""
        return next((line for line in self.err.splitlines() if _HEADLINE.match(line)), "")

    @property
    def headlines(self) -> list[str]:
        return [line for line in self.err.splitlines() if _HEADLINE.match(line)]

    @property
    def document(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)


def outcome(result: Result) -> Result:
    """A result that shows no traceback."""
    assert "Traceback" not in result.err + result.out
    return result


Sci = Callable[..., Result]


@pytest.fixture(autouse=True)
def work(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """The current folder of every test: empty, with no policy and no configuration above it."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in [name for name in os.environ if name.startswith("SCI_") and name != "SCI_REFERENCE_DATA"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SCI_DISABLE_PLUGINS", "")
    for name in ("XDG_CONFIG_HOME", "XDG_CONFIG_DIRS", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.setenv("COLUMNS", "120")
    return folder


@pytest.fixture
def sci(capsys: pytest.CaptureFixture[str]) -> Sci:
    """Runs ``sci ...`` in this process."""
    from sci.cli.main import main

    def run(*arguments: str) -> Result:
        capsys.readouterr()
        code = main(list(arguments))
        out, err = capsys.readouterr()
        return outcome(Result(code, out, err))

    return run


@pytest.fixture
def refused(sci: Sci, work: pathlib.Path) -> Sci:
    """Runs a command line that must be refused, in words and as JSON, and checks what all refusals have in common."""

    def run(
        *arguments: str, exit: int, place: str | None = None, words: Sequence[str] = (), begun: bool = False
    ) -> Result:
        before = files(work)
        result = sci(*arguments)
        check_refusal(result, exit, place, words)
        assert result.out == ""
        assert begun or files(work) == before
        document = sci(*arguments, "--json")
        assert document.code == exit
        check_document(document, exit, place, words)
        return result

    return run


def check_refusal(result: Result, exit: int, place: str | None, words: Sequence[str]) -> None:
    assert result.code == exit, result.err
    start = "error: " if place is None else f"{place}: error: "
    assert result.headline.startswith(start), result.err
    for word in words:
        assert word in result.headline, result.headline


def check_document(result: Result, exit: int, place: str | None, words: Sequence[str]) -> None:
    error = result.document["error"]
    assert error["exit"] == exit
    assert error["id"]
    shown = ":".join(str(error[part]) for part in ("file", "line", "column") if error[part] is not None)
    assert shown == (place or ""), error
    for word in words:
        assert word in error["message"], error


def files(folder: pathlib.Path) -> dict[str, tuple[int, int]]:
    """Every path below a folder with its size and time of change."""
    return {
        str(path.relative_to(folder)): (path.lstat().st_size, path.lstat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
    }


MEASURED = """
import os, sys
from sci.cli.main import main
code = main()
with open("/proc/self/status") as status, open(os.environ["PEAK"], "w") as file:
    file.write(next(line.split()[1] for line in status if line.startswith("VmHWM")))
sys.exit(code)
"""
"""Runs the program and writes down the most memory that it held; `ru_maxrss` would count what its parent held."""


@pytest.fixture
def process(work: pathlib.Path) -> Sci:
    """Runs ``sci ...`` in a process of its own."""

    def run(*arguments: str, path: Sequence[pathlib.Path] = (), **environment: str) -> Result:
        return started(["-m", "sci", *arguments], work, {"PYTHONPATH": os.pathsep.join(map(str, path)), **environment})

    return run


@pytest.fixture
def measured(work: pathlib.Path, tmp_path: pathlib.Path) -> Sci:
    """Runs ``sci ...`` in a process of its own, and measures its memory."""
    if not os.path.exists("/proc/self/status"):
        pytest.skip("this system does not tell how much memory a process held")

    def run(*arguments: str) -> Result:
        peak = tmp_path / "peak"
        result = started(["-c", MEASURED, *arguments], work, {"PEAK": str(peak)})
        return dataclasses.replace(result, peak=1024 * int(peak.read_text()))

    return run


def started(arguments: Sequence[str], folder: pathlib.Path, environment: Mapping[str, str]) -> Result:
    """Run Python with these arguments to its end."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:  # a pipe would wait for grandchildren
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=folder,
            env={**kept, "OMP_NUM_THREADS": "1", **environment},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            timeout=PATIENCE,
            check=False,
        )
        out.seek(0)
        err.seek(0)
        return outcome(Result(done.returncode, out.read().decode(), err.read().decode()))

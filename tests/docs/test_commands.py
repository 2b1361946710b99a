"""The documentation's commands do what the documentation shows.

Every page is a script. In one empty folder for each page, from top to bottom:

- a block with a title, such as ```yaml title="experiment.yaml", is written to that file;
- a block ``console`` is carried out: `$ ` begins a command, `> ` continues it, other lines are what it prints;
- a command ends with code 0 unless the next one is ``echo $?``;
- every line that is shown must be printed; ``...`` stands for any lines, and at the end of a line for its rest;
- a plain command of `sci` that needs nothing of the page's environment is called in this process, which has imported
  everything already, and all others are carried out by a shell;
- a line ``^C`` stands for the keys: when the line before it was printed, the command is interrupted;
- a command that ends with `` &`` goes on until the page ends; what it shows is awaited before the page goes on;
- blocks of other kinds are not carried out.

What differs from run to run is compared by its form: run ids, times, durations, hashes, versions, the width of gaps, and
digits after the third of long decimals. Packages are installed into an environment of the page's own.
"""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import os
import re
import shlex
import signal
import subprocess
import sys
import sysconfig
import time
import venv
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

import pytest

DOCS = Path(__file__).parents[2] / "docs"
PAGES = sorted(path for path in DOCS.rglob("*.md") if "```console" in path.read_text(encoding="utf-8"))
PATIENCE = 120
CALLED = re.compile(
    r"sci (check|cite|compare|components|evaluate|init|parity|plugin new|plugins|predict|report|resume|run|runs|schema)\b"
)
QUOTED = re.compile(r"'[^']*'")
SHELL = re.compile(r"[|&;<>$*?`~\\\n]|--open")
"""What only a shell understands where it is not quoted, and what asks for a browser."""

FENCE = re.compile(r"^```(?P<kind>[\w-]*)(?: +(?P<more>.*))?$")
TITLE = re.compile(r'title="([^"]+)"')
SAME = (
    (re.compile(r"\d{8}-\d{6}-[a-z0-9]{4}"), "RUN"),
    (re.compile(r"\bsci (report|predict|evaluate|serve|resume) [a-z0-9]{4}\b"), r"sci \1 TAIL"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\dZ?"), "TIME"),
    (re.compile(r"\b\d\d:\d\d:\d\d\b"), "TIME"),
    (re.compile(r"\b\d[\d.,]* (ms|s|GB)\b"), r"N \1"),
    (re.compile(r"\b[0-9a-f]{40,64}\b"), "HASH"),
    (re.compile(r"\b\d+\.\d+\.\d+[\w.]*"), "VERSION"),
    (re.compile(r"(\d\.\d{3})\d{3,}(e-\d+)?"), r"\1"),
    (re.compile(r"[ \t]+"), " "),
)


@dataclasses.dataclass
class File:
    """A file that a page shows."""

    name: str
    text: str


@dataclasses.dataclass
class Command:
    """A command that a page shows, what follows it there, and whether it may fail."""

    line: str
    shown: list[str] = dataclasses.field(default_factory=list)
    may_fail: bool = False


def script(markdown: str) -> list[File | Command]:
    """Files and commands of a page in their order."""
    steps: list[File | Command] = []
    lines = iter(markdown.splitlines())
    for line in lines:
        fence = FENCE.match(line)
        if not fence:
            continue
        block = list(iter(lambda: next(lines), "```"))
        title = TITLE.search(fence["more"] or "")
        if title:
            steps.append(File(title[1], "\n".join(block) + "\n"))
        elif fence["kind"] == "console":
            steps += commands(block)
    return steps


def commands(block: list[str]) -> list[Command]:
    """The commands of one block."""
    found: list[Command] = []
    for line in block:
        if line.startswith("$ "):
            found.append(Command(line[2:]))
        elif line.startswith("> ") and not found[-1].shown:
            found[-1].line += "\n" + line[2:]
        else:
            found[-1].shown.append(line)
    for one, after in itertools.pairwise(found):
        one.may_fail = after.line == "echo $?"
    return found


def normal(text: str) -> str:
    """A line by its form."""
    for pattern, form in SAME:
        text = pattern.sub(form, text)
    return text.strip()


def missing(shown: list[str], printed: str) -> list[str]:
    """The shown lines that were not printed."""
    real = [normal(line) for line in printed.splitlines()]
    return [line for line in shown if line.strip() not in ("", "^C", "...") and not is_printed(line, real)]


def is_printed(line: str, real: list[str]) -> bool:
    wanted = normal(line)
    if wanted.endswith("..."):
        return any(one.startswith(normal(wanted[:-3])) for one in real)
    return wanted in real


class Shell:
    """Carries out the commands of one page in one folder, in an environment of its own."""

    def __init__(self, folder: Path, environment: dict[str, str], called: Callable[..., tuple[int, str, str]]) -> None:
        self.start = folder
        self.cwd = folder
        self.environment = environment
        self.called = called
        self.code = 0
        self.alone = False
        """Whether something was installed for this page, which this process does not see."""
        self.behind: list[subprocess.Popen[bytes]] = []

    def step(self, step: File | Command) -> None:
        if isinstance(step, File):
            path = self.cwd / step.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(step.text, encoding="utf-8")
            return
        printed = self.behind_the_scenes(step) if step.line.endswith(" &") else self.carried_out(step)
        absent = missing(step.shown, printed)
        assert not absent, f"$ {step.line}\ndoes not print: {absent}\nbut prints:\n{printed}"

    def carried_out(self, command: Command) -> str:
        self.alone |= command.line.startswith("pip ")
        line, _, file = command.line.replace("\\\n", " ").partition(" > ")
        plain = CALLED.match(line) and not SHELL.search(QUOTED.sub("", line + file)) and "^C" not in command.shown
        printed = self.answered(line, file) if plain and not self.alone else self.typed(command)
        assert command.may_fail or self.code == 0, f"$ {command.line}\nended with {self.code}:\n{printed}"
        return printed

    def answered(self, line: str, file: str) -> str:
        """What a command of `sci` prints; its standard output goes to a file where one is named."""
        with mock.patch.dict(os.environ, self.environment, clear=True):
            self.code, out, err = self.called(shlex.split(line)[1:], self.cwd, together=not file)
        if file:
            (self.cwd / file).write_text(out, encoding="utf-8")
        return err if file else out

    def typed(self, command: Command) -> str:
        """What a command prints that a shell carries out."""
        note = self.start / ".cwd"
        line = f"(exit {self.code})\n{command.line}\ncode=$?\npwd > {shlex.quote(str(note))}\nexit $code"
        process, output = self.started(line)
        if "^C" in command.shown:
            before = command.shown[: command.shown.index("^C")]
            awaited(before, output, process)
            interrupted(process, signal.SIGINT)
        self.code = process.wait(PATIENCE)
        self.cwd = Path(note.read_text(encoding="utf-8").strip()) if note.exists() else self.cwd
        note.unlink(missing_ok=True)
        return output.read_text(encoding="utf-8")

    def behind_the_scenes(self, command: Command) -> str:
        process, output = self.started(f"exec {command.line[:-2]}")
        self.behind.append(process)
        return awaited(command.shown, output, process)

    def started(self, line: str) -> tuple[subprocess.Popen[bytes], Path]:
        output = self.start / f".output-{time.monotonic_ns()}"
        with output.open("wb") as stream:
            process = subprocess.Popen(
                ["bash", "-c", f"trap : INT\n{line}"],
                cwd=self.cwd,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=stream,
                start_new_session=True,
            )
        return process, output

    def close(self) -> None:
        for process in self.behind:
            interrupted(process, signal.SIGTERM)
            process.wait(PATIENCE)


def interrupted(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Send a signal to a command and what it has started, if it is still there."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def awaited(shown: list[str], output: Path, process: subprocess.Popen[bytes]) -> str:
    """What was printed, as soon as all that is shown has been."""
    deadline = time.monotonic() + PATIENCE
    while True:
        printed = output.read_text(encoding="utf-8", errors="replace")
        if not missing(shown, printed) or process.poll() is not None or time.monotonic() > deadline:
            return printed
        time.sleep(0.05)


@pytest.fixture
def shell(tmp_path: Path, called: Callable[..., tuple[int, str, str]]) -> Iterator[Shell]:
    """A shell in an empty folder, whose `pip` installs beside what is installed here and changes nothing of it."""
    room = tmp_path / "environment"
    venv.create(room, with_pip=False, symlinks=True)
    here = sysconfig.get_path("purelib")
    [site] = room.glob("lib/python*/site-packages")
    (site / "beside.pth").write_text(f"import site; site.addsitedir({here!r})\n", encoding="utf-8")
    for name, module in (("sci", "sci"), ("pip", "pip")):
        program = room / "bin" / name
        program.write_text(f'#!/bin/sh\nexec "{room}/bin/python" -m {module} "$@"\n', encoding="utf-8")
        program.chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SCI_", "PIP_", "PYTHON"))}
    environment = {
        **kept,
        "PATH": os.pathsep.join([str(room / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]]),
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "OMP_NUM_THREADS": "1",
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
        "PIP_NO_INDEX": "1",
        "PIP_NO_BUILD_ISOLATION": "0",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "BROWSER": "true",
    }
    folder = tmp_path / "page"
    folder.mkdir()
    found = Shell(folder, environment, called)
    yield found
    found.close()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(DOCS).as_posix())
def test_commands_print_what_the_page_shows(page: Path, shell: Shell) -> None:
    for step in script(page.read_text(encoding="utf-8")):
        shell.step(step)


def test_a_page_that_shows_what_is_not_printed_is_found_out(shell: Shell) -> None:
    with pytest.raises(AssertionError, match="does not print: \\['two'\\]"):
        shell.step(Command("echo one", ["one", "two"]))


def test_a_command_that_fails_is_found_out(shell: Shell) -> None:
    with pytest.raises(AssertionError, match="ended with 3"):
        shell.step(Command("exit 3"))


def test_files_commands_and_their_output_are_told_apart() -> None:
    page = '```yaml title="a.yaml"\nb: 1\n```\ntext\n```console\n$ cat \\\n> a.yaml\nb: 1\n$ echo $?\n0\n```\n```sh\nrm x\n```\n'

    steps = script(page)

    assert steps == [
        File("a.yaml", "b: 1\n"),
        Command("cat \\\na.yaml", ["b: 1"], may_fail=True),
        Command("echo $?", ["0"]),
    ]


def test_results_are_compared_and_only_names_and_times_of_a_run_are_not() -> None:
    assert normal("runs/a/20260102-030405-ab2c 12.5 s") == normal("runs/a/20270102-030405-xyz9  3 s")
    assert normal("f1 0.82 [0.67, 0.92]") != normal("f1 0.83 [0.67, 0.92]")

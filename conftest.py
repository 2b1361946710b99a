"""What holds for the tests of all packages, which share their processes."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

MADE_UP = "sci_house"
"""The package of the plugins that tests write into a folder of their own."""
BUILD = """
import os, sys
from hatchling.build import build_wheel
for source in sys.argv[2:]:
    os.chdir(source)
    build_wheel(sys.argv[1])
"""
"""What pip would ask of the build backend, for many folders in one process."""

BEGAN = pytest.StashKey[float]()

LONG = (
    "tests/docs/test_commands.py",
    "tests/crash/test_kills.py",
    "tests/benchmarks/test_engines.py",
    "plugins/sci-networks/tests/test_parity_models.py",
    "tests/end_to_end/test_parallel_children.py",
    "tests/parity/test_studies.py",
    "tests/end_to_end/test_interruption.py",
    "tests/benchmarks/test_memory.py",
    "tests/packaging/test_generated.py",
    "tests/end_to_end/test_demo.py",
    "tests/end_to_end/test_examples.py",
)
"""Modules of few tests that take long. Side by side they are begun first, so that none is left to one process at the
end; the others follow by their number of tests."""


def processor_seconds() -> float:
    """Of this process, and of those that it started and that have ended."""
    return sum(os.times()[:4])


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Look at the clock before the first fixture is made."""
    item.stash[BEGAN] = processor_seconds()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """Say what a test cost, with the fixtures that it asked for first; `tools/test.py` shows the costly ones."""
    if call.when == "teardown":
        item.user_properties.append(("processor-seconds", f"{processor_seconds() - item.stash[BEGAN]:.2f}"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with what takes long, where tests run side by side."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        names = {item.path: item.path.relative_to(config.rootpath).as_posix() for item in items}
        tests = Counter(item.path for item in items)
        items.sort(key=lambda item: (names[item.path] not in LONG, -tests[item.path]))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Give TensorFlow one thread: it takes their number once in a process, from whichever test comes first."""
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is not None:
        tensorflow.config.threading.set_intra_op_parallelism_threads(1)
        tensorflow.config.threading.set_inter_op_parallelism_threads(1)


@pytest.fixture(scope="session", autouse=True)
def _one_after_the_other() -> Iterator[None]:
    """Models of a study are trained in the process of the test, unless its experiment says how many at a time: tests
    run side by side already, and a process that trains three rows spends its time on imports."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sci.pipeline.budget.cores", lambda: 1)
        yield


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    """A made-up plugin that one test imported is not there for the next, which writes another of that name."""
    yield
    for name in [name for name in sys.modules if name.partition(".")[0] == MADE_UP]:
        del sys.modules[name]


@pytest.fixture(scope="session")
def build() -> Callable[[Sequence[Path], Path], dict[str, Path]]:
    """Builds the wheels of folders into another one; returns them by name of the distribution."""

    def built(sources: Sequence[Path], folder: Path) -> dict[str, Path]:
        command = [sys.executable, "-c", BUILD, str(folder), *map(str, sources)]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=240)
        assert done.returncode == 0, done.stderr
        return {path.name.partition("-")[0].replace("_", "-"): path for path in folder.glob("*.whl")}

    return built


@pytest.fixture(scope="session")
def called() -> Callable[..., tuple[int, str, str]]:
    """Calls ``sci ...`` in this process: its exit code, its standard output and its standard error.

    It takes the arguments and the current folder. Where `together` is true, both streams are in the first text.
    """
    from sci.cli.main import main

    def call(arguments: Sequence[str], folder: Path, together: bool = False) -> tuple[int, str, str]:
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
        with (
            contextlib.chdir(folder),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(out if together else err),
        ):
            code = main(arguments)
        said, told = (stream.buffer.getvalue().decode() for stream in (out, err))
        return code, said, told

    return call

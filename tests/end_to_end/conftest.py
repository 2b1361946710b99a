"""Real studies through the real command line, each in a folder of its own."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import pathlib
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest


@contextlib.contextmanager
def importable(path: str) -> Iterator[None]:
    """Import from a folder too; modules from there are gone afterwards."""
    sys.path.insert(0, path)
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(path)
        for name, module in list(sys.modules.items()):
            if str(getattr(module, "__file__", None) or "").startswith(path):
                del sys.modules[name]


@dataclass
class Done:
    code: int
    out: str
    err: str
    folder: pathlib.Path

    @property
    def run(self) -> pathlib.Path:
        return self.folder / self.out.strip().splitlines()[-1]

    def json(self, name: str) -> Any:
        return json.loads((self.run / name).read_text())


@dataclass
class Lab:
    """A folder with experiment files, and `sci` called in it."""

    folder: pathlib.Path
    called: Callable[..., tuple[int, str, str]]

    def write(self, name: str, text: str) -> pathlib.Path:
        path = self.folder / name
        path.write_text(textwrap.dedent(text))
        return path

    def sci(self, *arguments: str, path: str = "", **environ: str) -> Done:
        """One command line, in this process, which has imported everything already.

        Args:
            arguments: what follows ``sci``.
            path: a folder to import from too; what it holds is forgotten afterwards.
            environ: variables that a process of its own sees; it is started where there are any.
        """
        if environ:
            return self.started(*arguments, **environ)
        with importable(path) if path else contextlib.nullcontext():
            return Done(*self.called(arguments, self.folder), self.folder)

    def started(self, *arguments: str, **environ: str) -> Done:
        """One command line in a process of its own."""
        done = subprocess.run(
            [sys.executable, "-m", "sci", *arguments],
            cwd=self.folder,
            env={**os.environ, **environ},
            capture_output=True,
            text=True,
            timeout=240,
        )
        return Done(done.returncode, done.stdout, done.stderr, self.folder)

    def ran(self, *arguments: str, path: str = "", **environ: str) -> Done:
        done = self.sci("run", *arguments, path=path, **environ)
        assert done.code == 0, done.err
        return done

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "sci", *arguments],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


@pytest.fixture
def lab(tmp_path: pathlib.Path, called: Callable[..., tuple[int, str, str]]) -> Lab:
    return Lab(tmp_path, called)


@pytest.fixture(scope="session")
def reference() -> Callable[[str], pathlib.Path]:
    def found(name: str) -> pathlib.Path:
        folder = os.environ.get("SCI_REFERENCE_DATA")
        if not folder or not (pathlib.Path(folder) / name).exists():
            pytest.skip(f"SCI_REFERENCE_DATA names no folder with {name}")
        return pathlib.Path(folder) / name

    return found

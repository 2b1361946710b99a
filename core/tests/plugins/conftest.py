"""Folders with installed distributions, made by hand: metadata, entry points and modules."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from sci.plugins.discovery import Discovery
from sci.plugins.manager import PluginSystem, assemble
from sci.plugins.policy import Policy


@dataclass(frozen=True)
class Site:
    """A folder on the import path that holds distributions, as site-packages does."""

    path: Path

    @property
    def discovery(self) -> Discovery:
        return Discovery([str(self.path)])

    def add(
        self,
        distribution: str,
        source: str = "",
        *,
        version: str = "1.0",
        name: str | None = None,
        module: str | None = None,
        requires: Sequence[str] = (),
        files: Mapping[str, str] | None = None,
        headers: str = "",
        folder: Path | None = None,
    ) -> str:
        """Install a distribution with one entry point; returns its light module."""
        package = distribution.replace("-", "_")
        module = module or f"{package}.plugin"
        name = name or distribution.removeprefix("sci-")
        folder = folder or self.path
        info = folder / f"{package}-{version}.dist-info"
        info.mkdir(parents=True)
        lines = [
            f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\nSummary: About {distribution}\n",
            headers,
        ]
        lines += [f"Requires-Dist: {line}\n" for line in requires]
        (info / "METADATA").write_text("".join(lines) + "\nThe README.\n", encoding="utf-8")
        (info / "entry_points.txt").write_text(f"[sci.plugins]\n{name} = {module}\n", encoding="utf-8")
        (info / "RECORD").write_text("", encoding="utf-8")
        self.write(module.partition(":")[0].replace(".", "/") + ".py", source)
        for file, text in (files or {}).items():
            self.write(file, text)
        return module

    def write(self, file: str, text: str) -> None:
        """A module, with an empty ``__init__`` in each folder above it."""
        path = self.path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        for folder in path.parents:
            if folder == self.path:
                break
            (folder / "__init__.py").touch()
        path.write_text(textwrap.dedent(text), encoding="utf-8")

    def system(self, policy: Policy | None = None, environ: Mapping[str, str] | None = None) -> PluginSystem:
        """The plugins of this folder, and no others, loaded in this process."""
        return assemble(policy or Policy(), discovery=self.discovery, environ=environ or {})


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """An empty folder on `sys.path`; what is imported from it is forgotten afterwards."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    before = set(sys.modules)
    yield Site(folder)
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", None) or "").startswith(str(folder)):
            del sys.modules[name]


@dataclass(frozen=True)
class Sci:
    """The program `sci`, run in a process of its own in an empty folder."""

    folder: Path

    def __call__(
        self, *arguments: str, path: Sequence[Path] = (), env: Mapping[str, str] | None = None, code: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        command = ["-c", code, *arguments] if code is not None else ["-m", "sci", *arguments]
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("SCI_", "PYTEST_", "COV_"))}
        clean |= {
            "PYTHONPATH": os.pathsep.join(map(str, path)),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "XDG_CONFIG_DIRS": str(self.folder / "system"),
            "HOME": str(self.folder),
            "OMP_NUM_THREADS": "1",
        }
        return subprocess.run(
            [sys.executable, *command],
            cwd=self.folder,
            env=clean | dict(env or {}),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
        )


@pytest.fixture
def sci(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs ``sci ...`` with more folders on the import path and with its own configuration folders."""
    folder = tmp_path / "work"
    folder.mkdir()
    return Sci(folder)


MODEL = """
from sci.api import ComponentSpec, hookimpl

@hookimpl
def sci_metrics():
    return [ComponentSpec("{name}", "{package}.{name}:Metric")]
"""


@pytest.fixture
def metric() -> Callable[[str, str], str]:
    """Source of a light module that offers one metric."""

    def source(package: str, name: str) -> str:
        return MODEL.format(package=package, name=name)

    return source

"""Wheels of all distributions, and fresh environments to install them in."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [ROOT / "core", *sorted(file.parent for file in ROOT.glob("plugins/*/pyproject.toml"))]
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
FRAMEWORKS = ("torch", "tensorflow", "keras", "jax")


@dataclass(frozen=True)
class Environment:
    """A virtual environment of its own.

    Args:
        folder: where it lies.
        elsewhere: a folder to start programs in, far from the repository.
    """

    folder: Path
    elsewhere: Path

    @property
    def python(self) -> str:
        return str(self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))

    def install(self, *arguments: str | Path) -> None:
        """With pip, which leaves it to Python to compile what is imported."""
        finished([*PIP, "--python", self.python, "install", "--no-compile", *map(str, arguments)])

    def uninstall(self, *names: str) -> None:
        finished([*PIP, "--python", self.python, "uninstall", "--yes", *names])

    def run(self, *arguments: str, path: Path | None = None, folder: Path | None = None) -> str:
        """Standard output of its Python, which sees its own libraries and those of `path`."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SCI_", "PYTHON"))}
        home = {"HOME": str(self.elsewhere), "XDG_CONFIG_HOME": str(self.elsewhere)}
        environment = {**kept, **home, **({"PYTHONPATH": str(path)} if path else {})}
        return finished([self.python, "-P", *arguments], environment, folder or self.elsewhere)

    def sees(self, folder: Path) -> None:
        """Import from a folder too, after its own libraries; files of paths that lie there are not followed."""
        [site] = self.folder.glob("lib/python*/site-packages")
        (site / "beside.pth").write_text(f"{folder}\n", encoding="utf-8")


def finished(command: Sequence[str], environment: dict[str, str] | None = None, folder: Path = ROOT) -> str:
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, cwd=folder)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="session")
def wheels(build, tmp_path_factory) -> dict[str, Path]:
    """The wheel of every distribution, by name."""
    return build(SOURCES, tmp_path_factory.mktemp("wheels"))


@pytest.fixture(scope="session")
def new_environment(tmp_path_factory) -> Callable[[], Environment]:
    def make() -> Environment:
        folder = tmp_path_factory.mktemp("environment")
        finished([sys.executable, "-m", "venv", "--without-pip", str(folder / "venv")])
        (folder / "elsewhere").mkdir()
        return Environment(folder / "venv", folder / "elsewhere")

    return make


@pytest.fixture(scope="session")
def others(tmp_path_factory) -> Callable[[bool], Path]:
    """Makes a folder of links to what is installed here and is not ours, with the frameworks or without.

    An environment that sees it need not fetch hundreds of megabytes, and sees nothing of the repository.
    """

    def make(frameworks: bool) -> Path:
        folder = tmp_path_factory.mktemp("others")
        for entry in Path(sysconfig.get_path("purelib")).iterdir():
            name = entry.name.lower().replace("-", "_")
            ours = name == "sci" or name.startswith(("sci_", "__editable__", "_sci_")) or name.endswith(".pth")
            heavy = name.partition(".")[0].partition("_")[0] in FRAMEWORKS or name.startswith(FRAMEWORKS)
            if not ours and (frameworks or not heavy):
                (folder / entry.name).symlink_to(entry)
        return folder

    return make

"""A plugin as a folder with a pyproject.toml: what it is called, and its wheel."""

from __future__ import annotations

import atexit
import functools
import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from dataclasses import dataclass
from typing import Any

from sci.api.errors import ConfigError, PluginError
from sci.plugins.discovery import PLUGINS


@dataclass(frozen=True)
class Project:
    """A folder that a plugin is built from.

    Args:
        folder: with a pyproject.toml.
        name: of the distribution.
        modules: light module of each entry point.
    """

    folder: pathlib.Path
    name: str
    modules: tuple[str, ...]


def project(folder: pathlib.Path) -> Project:
    """What the pyproject.toml of a folder says.

    Raises:
        ConfigError: there is none, or it declares no plugin.
    """
    file = folder / "pyproject.toml"
    try:
        declared: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8")).get("project", {})
    except FileNotFoundError:
        raise ConfigError(
            f"`{folder}` holds no pyproject.toml",
            id="plugin.project",
            hint="sci plugin test NAME   for a plugin that is installed",
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"`{file}` cannot be read", id="plugin.project", note=str(error)) from error
    modules = declared.get("entry-points", {}).get(PLUGINS, {})
    if not modules or not declared.get("name"):
        raise ConfigError(
            f"`{file}` declares no plugin",
            id="plugin.project",
            hint=f'[project.entry-points."{PLUGINS}"]   with a line NAME = "package.plugin"',
        )
    return Project(folder.resolve(), str(declared["name"]), tuple(one.partition(":")[0] for one in modules.values()))


def at_hand(found: Project) -> None:
    """See to it that what is imported is what lies in the folder: nothing, where it is installed from there in editable
    form, else its wheel is put first on the path, for as long as this process lasts.

    Raises:
        PluginError: the wheel cannot be built.
    """
    if is_editable(found):
        return
    site = tempfile.mkdtemp(prefix="sci-plugin-")
    atexit.register(shutil.rmtree, site, ignore_errors=True)
    with zipfile.ZipFile(wheel(found.folder)) as archive:
        archive.extractall(site)
    sys.path.insert(0, site)
    importlib.invalidate_caches()


def is_editable(found: Project) -> bool:
    """Whether imports come from the folder already, and what is installed says so: without metadata nobody finds it."""
    try:
        importlib.metadata.distribution(found.name)
        spec = importlib.util.find_spec(found.modules[0].partition(".")[0])
    except (ImportError, ValueError):  # no such distribution is an ImportError too
        return False
    origin = spec.origin if spec else None
    return origin is not None and found.folder in pathlib.Path(origin).resolve().parents


@functools.cache
def wheel(folder: pathlib.Path) -> pathlib.Path:
    """The wheel that a folder builds, with the build tools that are installed where they are there, else with those
    that pip fetches.

    Raises:
        PluginError: it does not build; the note is the last line that pip wrote.
    """
    made = pathlib.Path(tempfile.mkdtemp(prefix="sci-wheel-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"]
    options = ["--no-build-isolation"] if backend_installed(folder) else []
    done = subprocess.run(
        [*command, *options, "--wheel-dir", str(made), str(folder)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    files = list(made.glob("*.whl"))
    if done.returncode or not files:
        said = [line.strip() for line in f"{done.stdout}\n{done.stderr}".splitlines() if line.strip()]
        raise PluginError(
            f"the wheel of `{folder.name}` cannot be built",
            id="plugin.build",
            note=said[-1] if said else "",
            hint=f"python -m pip wheel --no-deps {folder}",
        )
    return files[0]


def backend_installed(folder: pathlib.Path) -> bool:
    """Whether what builds the package is importable here, so that nothing has to be fetched."""
    with (folder / "pyproject.toml").open("rb") as file:
        backend = tomllib.load(file).get("build-system", {}).get("build-backend", "setuptools.build_meta")
    return importlib.util.find_spec(str(backend).partition(".")[0].partition(":")[0]) is not None


def contents(file: pathlib.Path) -> set[str]:
    """The names of the files in a wheel."""
    with zipfile.ZipFile(file) as archive:
        return set(archive.namelist())

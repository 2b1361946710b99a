"""Where runs lie, and how one is found again."""

from __future__ import annotations

import pathlib
import secrets
from datetime import UTC, datetime

from sci.api.errors import ConfigError
from sci.api.pretrained import LATEST
from sci.runs.manifest import FILE
from sci.runs.writer import make_folder, write_text

LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


def create(output: pathlib.Path, experiment: str) -> pathlib.Path:
    """A new run directory ``<output>/<experiment>/<time>-<id>``; `latest` names it."""
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    tail = "".join(secrets.choice(LETTERS) for _ in range(4))
    directory = output / experiment / f"{stamp}-{tail}"
    make_folder(directory)
    write_text(output / LATEST, f"{experiment}/{directory.name}\n")
    write_text(output / experiment / LATEST, f"{directory.name}\n")
    return directory


def find(text: str, output: pathlib.Path) -> pathlib.Path:
    """The run that a person means: a path, ``latest``, the end of a run's name (``k3f9``), or an experiment's name.

    `ConfigError` (exit 2) when there is none, or more than one.
    """
    try:
        return _found(text, output)
    except (OSError, ValueError):  # a name that no file can have: too long, with a NUL character, a link to itself
        raise ConfigError(f"there is no run `{text}`", id="run.unknown", hint="sci runs list") from None


def _found(text: str, output: pathlib.Path) -> pathlib.Path:
    path = pathlib.Path(text)
    if (path / FILE).is_file():
        return path
    if path.name == LATEST and (path.is_file() or text == LATEST):
        return _latest(path if path.is_file() else output / LATEST)
    if (path / LATEST).is_file():
        return _latest(path / LATEST)
    if (output / text / LATEST).is_file():
        return _latest(output / text / LATEST)
    found = [run for run in every(output) if run.name.endswith(text)] if text else []
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(run.name for run in found[:4])
        raise ConfigError(f"`{text}` is the end of {len(found)} runs: {names}", id="run.ambiguous", hint="more letters")
    raise ConfigError(f"there is no run `{text}`", id="run.unknown", note=f"looked in {output}", hint="sci runs list")


def called(run: pathlib.Path, output: pathlib.Path) -> str:
    """What to type for a run: its last letters where runs are looked for under this folder, else its path."""
    tail = run.name[-4:]
    return tail if [one for one in every(output) if one.name.endswith(tail)] == [run] else str(run)


def _latest(pointer: pathlib.Path) -> pathlib.Path:
    if not pointer.is_file():
        raise ConfigError(
            "there is no run yet", id="run.unknown", note=f"looked in {pointer.parent}", hint="sci run FILE"
        )
    run = pointer.parent / pointer.read_text(encoding="utf-8").strip()
    if not (run / FILE).is_file():
        raise ConfigError(f"the newest run, `{run}`, is gone", id="run.unknown", hint="sci runs list")
    return run


def every(output: pathlib.Path) -> list[pathlib.Path]:
    """All run directories under a folder, oldest first."""
    return sorted((path.parent for path in output.glob(f"*/*/{FILE}")), key=lambda run: run.name)

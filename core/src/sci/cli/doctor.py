"""`sci doctor`: look at this machine, for bug reports."""

from __future__ import annotations

import json
import os
import pathlib
import tempfile

import typer

from sci.cli.options import RUNS, AsJson, Output

app = typer.Typer(add_completion=False)


@app.command()
def doctor(
    output: Output = RUNS,
    as_json: AsJson = False,
) -> None:
    """Show what a bug report needs: versions, plugins, policy, and whether runs can be written."""
    from sci import __version__
    from sci.cli.output import done
    from sci.cli.warned import system
    from sci.pipeline.locked import environment

    found = environment()
    libraries = ", ".join(f"{name} {version}" for name, version in found.pop("libraries").items())
    records = [(record.title, record.status) for record in system().records]
    writable = can_write(output)
    lines = {
        "sci": __version__,
        **{name: str(value) for name, value in found.items() if value},
        "libraries": libraries,
        "plugins": ", ".join(f"{title} {status}" for title, status in records) or "none",
        "disk": f"{'can' if writable else 'cannot'} write runs, {free(output):.1f} GB free",
    }
    if as_json:
        print(json.dumps(lines))
        return
    for name, value in lines.items():
        done(value, f"{name:<15}", "ok" if name != "disk" or writable else "fail")


def existing(path: pathlib.Path) -> pathlib.Path:
    """The nearest folder that exists."""
    path = path.absolute()
    return path if path.is_dir() else existing(path.parent)


def can_write(output: pathlib.Path) -> bool:
    """Whether a file can be made where runs go."""
    try:
        with tempfile.TemporaryFile(dir=existing(output)):
            return True
    except OSError:
        return False


def free(output: pathlib.Path) -> float:
    """Free space in GB where runs go."""
    if not hasattr(os, "statvfs"):
        return float("nan")
    found = os.statvfs(existing(output))
    return found.f_bavail * found.f_frsize / 1e9

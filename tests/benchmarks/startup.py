"""How long `sci` takes to start, and what one more installed plugin costs.

    python tests/benchmarks/startup.py            # measure, write the raw figures and the page
    python tests/benchmarks/startup.py --page     # write the page from the raw figures

Whole processes are timed, from start to end, in rounds: each round runs every program once, so that a busy moment of
the machine hits all of them.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "docs/reference/benchmarks"
RAW = FOLDER / "startup.json"
PAGE = FOLDER / "startup.md"
ROUNDS = 25
FEW, MANY = 10, 300
RATIO_AIM = 1.25
PLUGIN_AIM = 1.0
"""Milliseconds that one more installed plugin may add to `sci plugins list`."""

BARE = '''\
import typer

app = typer.Typer()


@app.command()
def greet(name: str = typer.Argument(..., help="Whom."), times: int = typer.Option(1, help="How often.")) -> None:
    """Say hello."""
    for _ in range(times):
        print("hello", name)


if __name__ == "__main__":
    app()
'''
"""The least that a program with Typer and Rich does."""

METADATA = """\
Metadata-Version: 2.4
Name: {name}
Version: 1.0
Summary: Made-up plugin number {number}
Project-URL: Homepage, https://example.org/{name}
License-Expression: Apache-2.0
Requires-Python: >=3.11
Requires-Dist: sci-core<0.2,>=0.1
Requires-Dist: numpy>=1.26
Description-Content-Type: text/markdown

# {name}

"""
README = "A line of a description that is as long as such lines are, in a file with as many of them as usual.\n" * 60

MODULE = '''\
"""A made-up plugin."""

from sci.api import ComponentSpec, hookimpl


@hookimpl
def sci_metrics():
    return [ComponentSpec(name="made-up-{number}", summary="Nothing", target="{package}.heavy:Metric")]
'''


def write_plugins(folder: Path, count: int) -> list[str]:
    """Install made-up plugins into a folder as pip would, without pip; returns the names of their packages."""
    packages = []
    for number in range(count):
        name, package = f"sci-made-up-{number:03d}", f"sci_made_up_{number:03d}"
        files = {
            f"{package}/__init__.py": "",
            f"{package}/plugin.py": MODULE.format(number=number, package=package),
            f"{package}/heavy.py": "raise AssertionError('heavy')\n",
            f"{package}-1.0.dist-info/METADATA": METADATA.format(name=name, number=number) + README,
            f"{package}-1.0.dist-info/entry_points.txt": f"[sci.plugins]\nmade-up-{number:03d} = {package}.plugin\n",
        }
        record = f"{package}-1.0.dist-info/RECORD"
        files[record] = "".join(f"{path},,\n" for path in [*files, record])
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
        packages.append(package)
    return packages


def measure(rounds: int) -> dict[str, Any]:
    """Time every program once a round; the first two rounds fill caches and are not kept."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    with tempfile.TemporaryDirectory(prefix="sci-startup-") as scratch:
        programs = prepare(Path(scratch))
        samples: dict[str, list[float]] = {name: [] for name in programs}
        for number in range(-2, rounds):
            for name, (command, path) in programs.items():
                milliseconds = timed(command, path, Path(scratch))
                if number >= 0:
                    samples[name].append(round(milliseconds, 2))
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "cpus": os.cpu_count(),
        "load": load,
        "few": FEW,
        "many": MANY,
        "milliseconds": samples,
    }


def prepare(scratch: Path) -> dict[str, tuple[list[str], Path | None]]:
    """Each program's command line, with the folder of further plugins."""
    bare = scratch / "bare.py"
    bare.write_text(BARE, encoding="utf-8")
    few, many = scratch / "few", scratch / "many"
    write_plugins(few, FEW)
    write_plugins(many, MANY)
    sci = [sys.executable, str(Path(sys.executable).with_name("sci"))]
    return {
        "bare": ([sys.executable, str(bare), "--help"], None),
        "help": ([*sci, "--help"], None),
        "list_few": ([*sci, "plugins", "list"], few),
        "list_many": ([*sci, "plugins", "list"], many),
    }


def timed(command: Sequence[str], path: Path | None, folder: Path) -> float:
    """Milliseconds from the start of a process to its end."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SCI_", "PYTHON"))}
    environment = {**kept, **({"PYTHONPATH": str(path)} if path else {})}
    began = time.perf_counter()
    subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, check=True)
    return (time.perf_counter() - began) * 1000


def ratio(figures: Mapping[str, Any]) -> float:
    """Start of `sci --help` against the bare program, by medians."""
    times = figures["milliseconds"]
    return statistics.median(times["help"]) / statistics.median(times["bare"])


def plugin_cost(figures: Mapping[str, Any]) -> float:
    """Milliseconds that one installed plugin adds to `sci plugins list`."""
    times = figures["milliseconds"]
    added = statistics.median(times["list_many"]) - statistics.median(times["list_few"])
    return added / (figures["many"] - figures["few"])


def page(figures: Mapping[str, Any]) -> str:
    """The page about start-up, from the raw figures alone."""
    few, many = figures["few"], figures["many"]
    names = {
        "bare": "a program with Typer, Rich and one command: `--help`",
        "help": "`sci --help`",
        "list_few": f"`sci plugins list`, {few} made-up plugins beside the standard ones",
        "list_many": f"`sci plugins list`, {many} made-up plugins beside the standard ones",
    }
    rows = [f"| {text} | {_quartiles(figures['milliseconds'][name])} |" for name, text in names.items()]
    rounds = len(figures["milliseconds"]["bare"])
    load = f", load {figures['load']:.1f} when it began" if figures["load"] is not None else ""
    return "\n".join(
        [
            "# Start-up",
            "",
            "Whole processes, from start to end, in milliseconds. The programs take turns; "
            f"each ran {rounds} times after two runs that are not counted.",
            "",
            "| program | median | middle half |",
            "|---|---:|---:|",
            *rows,
            "",
            f"- `sci --help` takes **{ratio(figures):.2f} times** as long as the bare program "
            f"(aim: at most {RATIO_AIM}).",
            f"- One more installed plugin adds **{plugin_cost(figures):.2f} ms** to `sci plugins list` "
            f"(aim: under {PLUGIN_AIM:.0f} ms).",
            "",
            f"Measured on {figures['date']} with Python {figures['python']} on {figures['platform']}, "
            f"{figures['cpus']} processors{load}. Raw figures: [startup.json](startup.json). Again: `make bench`.",
            "",
        ]
    )


def _quartiles(samples: Sequence[float]) -> str:
    low, middle, high = statistics.quantiles(samples, n=4, method="inclusive")
    return f"{middle:.0f} | {low:.0f} to {high:.0f}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--page", action="store_true", help="Measure nothing; write the page from the raw figures.")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    arguments = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    if not arguments.page:
        RAW.write_text(json.dumps(measure(arguments.rounds), indent=1) + "\n", encoding="utf-8")
    figures = json.loads(RAW.read_text(encoding="utf-8"))
    PAGE.write_text(page(figures), encoding="utf-8")
    print(f"sci --help: {ratio(figures):.2f} times a bare program (aim: at most {RATIO_AIM})")
    print(f"one more plugin: {plugin_cost(figures):.2f} ms (aim: under {PLUGIN_AIM:.0f})")
    return 0


if __name__ == "__main__":
    sys.exit(main())

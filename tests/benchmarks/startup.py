"""How long `sci` takes to start, and what one more installed plugin costs.

    python tests/benchmarks/startup.py            # measure, write the raw figures and the page
    python tests/benchmarks/startup.py --page     # write the page from the raw figures

Whole processes are timed, from start to end, in rounds: each round runs every program once, so that a busy moment of
the machine hits all of them.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import figures
from figures import quartiles, timed

RAW = figures.FOLDER / "startup.json"
PAGE = figures.FOLDER / "startup.md"
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
    found = figures.facts()
    with tempfile.TemporaryDirectory(prefix="sci-startup-") as scratch:
        programs = prepare(Path(scratch))
        samples: dict[str, list[float]] = {name: [] for name in programs}
        for number in range(-2, rounds):
            for name, (command, path) in programs.items():
                milliseconds = timed(command, Path(scratch), figures.environment(path))
                if number >= 0:
                    samples[name].append(round(milliseconds, 2))
    return {**found, "few": FEW, "many": MANY, "milliseconds": samples}


def prepare(scratch: Path) -> dict[str, tuple[list[str], str | None]]:
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
        "list_few": ([*sci, "plugins", "list"], str(few)),
        "list_many": ([*sci, "plugins", "list"], str(many)),
    }


def ratio(raw: Mapping[str, Any]) -> float:
    """Start of `sci --help` against the bare program, by medians."""
    times = raw["milliseconds"]
    return statistics.median(times["help"]) / statistics.median(times["bare"])


def plugin_cost(raw: Mapping[str, Any]) -> float:
    """Milliseconds that one installed plugin adds to `sci plugins list`."""
    times = raw["milliseconds"]
    added = statistics.median(times["list_many"]) - statistics.median(times["list_few"])
    return added / (raw["many"] - raw["few"])


def page(raw: Mapping[str, Any]) -> str:
    """The page about start-up, from the raw figures alone."""
    few, many = raw["few"], raw["many"]
    names = {
        "bare": "a program with Typer, Rich and one command: `--help`",
        "help": "`sci --help`",
        "list_few": f"`sci plugins list`, {few} made-up plugins beside the standard ones",
        "list_many": f"`sci plugins list`, {many} made-up plugins beside the standard ones",
    }
    rows = [f"| {text} | {quartiles(raw['milliseconds'][name])} |" for name, text in names.items()]
    rounds = len(raw["milliseconds"]["bare"])
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
            f"- `sci --help` takes **{ratio(raw):.2f} times** as long as the bare program (aim: at most {RATIO_AIM}).",
            f"- One more installed plugin adds **{plugin_cost(raw):.2f} ms** to `sci plugins list` "
            f"(aim: under {PLUGIN_AIM:.0f} ms).",
            "",
            f"{figures.where(raw)} Raw figures: [startup.json](startup.json). Again: `make bench`.",
            "",
        ]
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--page", action="store_true", help="Measure nothing; write the page from the raw figures.")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    arguments = parser.parse_args()
    if not arguments.page:
        figures.write(RAW, measure(arguments.rounds))
    raw = figures.read(RAW)
    PAGE.write_text(page(raw), encoding="utf-8")
    print(f"sci --help: {ratio(raw):.2f} times a bare program (aim: at most {RATIO_AIM})")
    print(f"one more plugin: {plugin_cost(raw):.2f} ms (aim: under {PLUGIN_AIM:.0f})")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""A topic of the benchmark of the engines: measured on its own, kept in one file of figures with the others."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import engines_page
import figures


class Scale(NamedTuple):
    """How much is measured.

    Args:
        rounds: turns of each program that count.
        rows: training rows of an epoch, or None for those that the topic is about.
    """

    rounds: int = 15
    rows: int | None = None


QUICK = Scale(rounds=1, rows=96)
Measure = Callable[[Scale], dict[str, Any]]


def command(topics: Mapping[str, Measure], described: str | None) -> int:
    """The command line of a script that measures topics."""
    parser = argparse.ArgumentParser(description=described, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--page", action="store_true", help="Measure nothing; write the page from the raw figures.")
    parser.add_argument("--quick", action="store_true", help="Few rows, one round: whether it runs. Not kept.")
    parser.add_argument("--rounds", type=int, default=Scale().rounds, help="Turns of each program.")
    parser.add_argument("--rows", type=int, help="Training rows of an epoch.")
    parser.add_argument("--output", type=Path, help="Folder of the figures and the page.")
    given = parser.parse_args()
    if given.quick and given.output is None:
        with tempfile.TemporaryDirectory(prefix="sci-bench-") as scratch:
            print(run(topics, Path(scratch), QUICK))
        return 0
    scale = QUICK if given.quick else Scale(given.rounds, given.rows)
    print(run({} if given.page else topics, given.output or figures.FOLDER, scale))
    return 0


def run(topics: Mapping[str, Measure], folder: Path, scale: Scale) -> str:
    """Measure topics, keep their figures, write the page; what it says in short."""
    file = folder / "engines.json"
    for name, measure in topics.items():
        found = measure(scale)  # may take minutes, in which others may write
        figures.write(file, {**figures.read(file), name: found})
    raw = figures.read(file)
    (folder / "engines.md").write_text(engines_page.page(raw), encoding="utf-8")
    return engines_page.summary(raw)

"""The last words of a run on stdout: verdict, doubt, table, where, next, run directory."""

from __future__ import annotations

import math
import os
import sys
import textwrap
from collections.abc import Mapping
from typing import Any

from sci.api import Difference, Score, numbers
from sci.cli.errors import printable
from sci.cli.paint import cells, mark, pad, paint, width
from sci.pipeline import opened
from sci.pipeline.opened import Run


def document(run: Run) -> dict[str, Any]:
    """The run as `--json` prints it."""
    return {
        "run": os.fspath(run),
        "status": run.status,
        "verdict": dict(run.verdict),
        "test_openings": run.manifest.get("test_openings"),
        "report": str(run.report) if run.report else None,
        "metrics": run.metrics,
        "warnings": run.manifest["warnings"],
    }


def print_summary(run: Run) -> None:
    """The summary; folded and coloured only on a terminal. The last line is the run directory."""
    verdict = run.verdict
    say(str(verdict.get("sentence", "")), "bold")
    for caution in list(verdict.get("cautions", ()))[:3]:
        say(f"{mark('warn')} {caution}", "yellow", indent="  ")
    print()
    for line in table(run):
        print(line)
    print()
    if run.report is not None:
        print(f"report     {run.report}")
    tail = run.path.name[-4:]
    print(f"next       sci report {tail} --open      sci predict {tail} NEW.csv      sci serve {tail}")
    print(os.fspath(run))


def say(text: str, colour: str, indent: str = "") -> None:
    """A sentence, folded at the width of a terminal, on one line elsewhere."""
    text = printable(text)
    lines = textwrap.wrap(text, width(), subsequent_indent=indent) if sys.stdout.isatty() else [text]
    for line in lines:
        print(paint(line, colour, sys.stdout))


def table(run: Run) -> list[str]:
    """Metrics of the model, the baselines and the paired difference from the verdict's baseline."""
    rows = run.rows()
    best = run.verdict.get("baseline")
    n = rows[0][1]["model"].n if rows else 0
    names = list(dict.fromkeys(name for _, scores in rows for name in scores))
    order = ["model", *([best] if best in names else []), *(name for name in names if name not in ("model", best))]
    head = [f"test {n:,}", *order, *(["difference, paired"] if best else [])]
    body = [row(run, metric, scores, order, best) for metric, scores in rows]
    return aligned([head, *body])


def row(run: Run, metric: str, scores: Mapping[str, Score], order: list[str], best: str | None) -> list[str]:
    """One metric: the model, its rivals and the paired difference, all with the same decimals."""
    found = run.metrics.get("differences", {}).get(metric, {}).get(best) or {}
    paired = [found["high"] - found["low"]] if found.get("low") is not None else []
    places = opened.places_of(scores, order, paired)
    return [metric, *opened.cells(scores, order, places), *([against(found, places)] if best else [])]


def against(found: Mapping[str, Any], places: int) -> str:
    """The paired difference with its word: better, worse, not separable."""
    if found.get("low") is None:
        return ""
    shown = numbers.difference(found["value"], found["low"], found["high"], digits=places, minus="-")
    facts: dict[str, Any] = {key: math.nan if value is None else value for key, value in found.items()}
    return f"{shown.value} [{shown.low}, {shown.high}] {Difference(**facts).word}"


def aligned(rows: list[list[str]]) -> list[str]:
    """Rows with their columns aligned by spaces."""
    widths = [max(cells(row[position]) for row in rows) for position in range(len(rows[0]))]
    return ["  ".join(pad(cell, room) for cell, room in zip(row, widths, strict=True)).rstrip() for row in rows]

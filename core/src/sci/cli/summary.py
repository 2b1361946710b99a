"""The last words of a run on stdout: verdict, doubt, table, where, next, run directory."""

from __future__ import annotations

import math
import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from sci.api import Difference, Score, numbers
from sci.cli.errors import printable
from sci.cli.options import RUNS
from sci.cli.output import aligned, widest
from sci.cli.paint import cells, hanging, mark, paint, room
from sci.pipeline import opened
from sci.pipeline.opened import Run
from sci.runs.directory import called


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
        say(f"{mark('warn')} {caution}", "yellow")
    print("\n".join(["", *table(run), ""]))
    if run.report is not None:
        print(f"report     {run.report}")
    name = shlex.quote(called(run.path, RUNS))
    commands = (f"sci report {name} --open", f"sci predict {name} NEW.csv", f"sci serve {name}")
    print("\n".join(listed("next       ", commands)))
    print(os.fspath(run))


def say(text: str, colour: str) -> None:
    """A sentence, folded at the width of a terminal, on one line elsewhere; beneath a mark it hangs."""
    for line in hanging(printable(text), 2 if text.startswith(mark("warn")) else 0):
        print(paint(line, colour, sys.stdout))


def listed(head: str, commands: Sequence[str]) -> list[str]:
    """Commands on one line, or each on its own where they do not fit: none is broken, so that all can be copied."""
    together = head + "      ".join(commands)
    columns = room()
    if columns is None or cells(together) <= columns:
        return [together]
    return [(head if at == 0 else " " * len(head)) + command for at, command in enumerate(commands)]


def table(run: Run) -> list[str]:
    """Metrics of the model, the baselines and the paired difference from the verdict's baseline.

    On a terminal that is too narrow the other baselines get a line of their own below. Where that is not enough, the
    interval of the difference is left out, then the difference, and at last the verdict's baseline gets a line too.
    """
    rows = run.rows()
    best = run.verdict.get("baseline")
    names = list(dict.fromkeys(name for _, scores in rows for name in scores))
    rivals = [best] if best in names else []
    others = [name for name in names if name not in ("model", best)]
    near = ["model", *rivals]
    forms = [([*near, *others], best, True), (near, best, True), (near, best, False), (near, None, False)]
    forms.append((["model"], None, False))
    chosen, lines = widest(aligned(form(run, rows, *one)) for one in forms)
    shown = forms[chosen][0]
    return [*lines, *(line for name in names if name not in shown for line in hanging(beside(rows, name)))]


def form(
    run: Run, rows: list[tuple[str, dict[str, Score]]], order: list[str], best: str | None, interval: bool
) -> list[list[str]]:
    """The cells of the table with these columns."""
    n = rows[0][1]["model"].n if rows else 0
    head = [f"test {n:,}", *order, *(["difference, paired"] if best else [])]
    return [head, *(row(run, metric, scores, order, best, interval) for metric, scores in rows)]


def beside(rows: list[tuple[str, dict[str, Score]]], name: str) -> str:
    """One baseline on one line, its values alone."""
    values = [
        f"{metric} {numbers.score(one.value, one.low, one.high, minus='-').value}"
        for metric, scores in rows
        if (one := scores.get(name)) is not None
    ]
    return f"{name}: {', '.join(values)}"


def row(
    run: Run, metric: str, scores: Mapping[str, Score], order: list[str], best: str | None, interval: bool
) -> list[str]:
    """One metric: the model, its rivals and the paired difference, all with the same decimals."""
    found = run.metrics.get("differences", {}).get(metric, {}).get(best) or {}
    paired = [found["high"] - found["low"]] if found.get("low") is not None else []
    places = opened.places_of(scores, order, paired)
    return [metric, *opened.cells(scores, order, places), *([against(found, places, interval)] if best else [])]


def against(found: Mapping[str, Any], places: int, interval: bool = True) -> str:
    """The paired difference with its word: better, worse, not separable."""
    if found.get("low") is None:
        return ""
    shown = numbers.difference(found["value"], found["low"], found["high"], digits=places, minus="-")
    facts: dict[str, Any] = {key: math.nan if value is None else value for key, value in found.items()}
    word = Difference(**facts).word
    return f"{shown.value} [{shown.low}, {shown.high}] {word}" if interval else f"{shown.value} {word}"

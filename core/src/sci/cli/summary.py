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
from sci.cli.output import aligned
from sci.cli.paint import cells, mark, paint, width
from sci.pipeline import opened
from sci.pipeline.opened import Run
from sci.pipeline.scores import from_json


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
    for line in table(run, width() if sys.stdout.isatty() else None):
        print(line)
    for line in of_study(run):
        print(line)
    print()
    if run.report is not None:
        print(f"report     {run.report}")
    tail = run.path.name[-4:]
    predicting = f"      sci predict {tail} NEW.csv      sci serve {tail}" if run.has_model else ""
    print(f"next       sci report {tail} --open{predicting}")
    print(os.fspath(run))


def say(text: str, colour: str, indent: str = "") -> None:
    """A sentence, folded at the width of a terminal, on one line elsewhere."""
    text = printable(text)
    lines = textwrap.wrap(text, width(), subsequent_indent=indent) if sys.stdout.isatty() else [text]
    for line in lines:
        print(paint(line, colour, sys.stdout))


def table(run: Run, room: int | None = None) -> list[str]:
    """Metrics of the model, the baselines and the paired difference from the verdict's baseline.

    Where there is room for so many cells only, the other baselines get a line of their own below, and then the
    interval of the difference is left out; both are in the report.
    """
    rows = run.rows()
    best = run.verdict.get("baseline")
    names = list(dict.fromkeys(name for _, scores in rows for name in scores))
    rivals = [best] if best in names else []
    others = [name for name in names if name not in ("model", best)]
    forms = [(["model", *rivals, *others], True), (["model", *rivals], True), (["model", *rivals], False)]
    made = [aligned(form(run, rows, order, best, interval)) for order, interval in forms]
    fits = [room is None or max(map(cells, lines), default=0) <= room for lines in made]
    chosen = fits.index(True) if any(fits) else len(made) - 1
    return made[chosen] if chosen == 0 else [*made[chosen], *(beside(rows, name) for name in others)]


def of_study(run: Run) -> list[str]:
    """How the models of a study spread, and what the refitted one does on the rows that none of them saw."""
    found = []
    scores = {name: scores["model"] for name, scores in run.rows()}
    several = {name: one for name, one in scores.items() if "values" in one.details}
    if several:
        models = max(len(one.details["values"]) for one in several.values())
        spread = [f"{name} {deviation(one)}" for name, one in several.items()]
        found.append(f"{models} models, standard deviation: {', '.join(spread)}")
    held = from_json(run.metrics.get("holdout") or {})
    if held:
        rows = next(iter(held.values())).n
        values = [f"{name} {opened.shown(one)}" for name, one in held.items()]
        found.append(f"holdout {rows:,}, refitted model: {', '.join(values)}")
    return found


def deviation(score: Score) -> str:
    """The standard deviation over models, with the decimals of the value's interval and one more."""
    places = numbers.row_decimals([score.value], [score.high - score.low]) + 1
    return numbers.fixed(score.details["sd"], places, minus="-")


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

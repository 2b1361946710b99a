"""The last words of a run on stdout: verdict, doubt, table, where, next, run directory."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence
from typing import Any

from sci.api import Score, numbers
from sci.cli.errors import printable
from sci.cli.options import RUNS
from sci.cli.output import aligned, widest
from sci.cli.paint import cells, hanging, mark, paint, room
from sci.pipeline.opened import Run, shown
from sci.pipeline.scores import from_json
from sci.pipeline.standing import Standing
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
    print("\n".join(["", *table(run)]))
    for line in of_study(run):
        say(line, "dim")
    for name, sentence in controlled(run):
        say(f"{name}: {sentence}", "dim")
    print()
    if run.report is not None:
        print(f"report     {run.report}")
    name = shlex.quote(called(run.path, RUNS))
    predicting = (f"sci predict {name} NEW.csv", f"sci serve {name}") if run.has_model else ()
    commands = (f"sci report {name} --open", *predicting)
    print("\n".join(listed("next       ", commands)))
    print(os.fspath(run))


def controlled(run: Run) -> list[tuple[str, str]]:
    """Control to what it says about the metric of the verdict."""
    metric = str(run.verdict.get("metric"))
    return [
        (name, str(found["conclusions"][metric]["sentence"]))
        for name, found in run.metrics.get("controls", {}).items()
        if metric in found["conclusions"]
    ]


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
    standing = Standing(run)
    near = standing.near
    forms = [(standing.names, True, True), (near, True, True), (near, True, False), (near, False, False)]
    forms.append((["model"], False, False))
    chosen, lines = widest(aligned(standing.table(*one)) for one in forms)
    left_out = [name for name in standing.names if name not in forms[chosen][0]]
    return [*lines, *(line for name in left_out for line in hanging(standing.beside(name)))]


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
        values = [f"{name} {shown(one)}" for name, one in held.items()]
        found.append(f"holdout {rows:,}, refitted model: {', '.join(values)}")
    return found


def deviation(score: Score) -> str:
    """The standard deviation over models, with the decimals of the value's interval and one more."""
    places = numbers.row_decimals([score.value], [score.high - score.low]) + 1
    return numbers.fixed(score.details["sd"], places, minus="-")

"""`sci evaluate RUN FILE`: measure a finished run on other data."""

from __future__ import annotations

import json
import os
import pathlib
from typing import Annotated

import typer

from sci.cli.options import RUNS, AsJson, IgnoreExtra, Output, RunName

app = typer.Typer(add_completion=False)


@app.command()
def evaluate(
    name: RunName,
    file: Annotated[pathlib.Path, typer.Argument(help="Rows with their targets.")],
    output: Output = RUNS,
    extra: IgnoreExtra = False,
    as_json: AsJson = False,
) -> None:
    """Measure a finished run on other data, every metric with its interval."""
    from sci.cli.output import aligned, told
    from sci.cli.warned import system
    from sci.pipeline.opened import Run, shown
    from sci.pipeline.outside import Outside
    from sci.pipeline.scores import as_json as scores_as_json
    from sci.plugins.guard import quiet as silent
    from sci.runs.arrays import plain
    from sci.runs.directory import find

    run = Run(find(name, output))
    with silent():
        outside = Outside(run, system())
        scores = outside.evaluate(file, extra)
    if as_json:
        found = {"metrics": plain(scores_as_json(scores)), "warnings": outside.warnings}
        print(json.dumps({"run": os.fspath(run), "file": str(file), **found}))
        return
    told(outside.warnings)
    n = next(iter(scores.values())).n if scores else 0
    rows = [[f"{file.name} {n:,}", run.name], *([metric, shown(score)] for metric, score in scores.items())]
    for line in aligned(rows):
        print(line)

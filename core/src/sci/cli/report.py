"""`sci report RUN`: write the report anew."""

from __future__ import annotations

import json
import os
import webbrowser
from typing import Annotated

import typer

from sci.cli.options import RUNS, AsJson, Output, RunName

app = typer.Typer(add_completion=False)


@app.command()
def report(
    name: RunName = "latest",
    output: Output = RUNS,
    open_it: Annotated[bool, typer.Option("--open", help="Open the report that is there in the browser.")] = False,
    as_json: AsJson = False,
) -> None:
    """Analyse a finished run again and write its reports anew; nothing is trained."""
    from sci.api.errors import ConfigError
    from sci.cli.views import view_for
    from sci.cli.warned import system
    from sci.pipeline.opened import Run
    from sci.pipeline.runner import report as report_run
    from sci.plugins.guard import quiet as silent
    from sci.runs.directory import find

    found = find(name, output)
    with silent():
        run = Run(found) if open_it else report_run(found, view_for(False, as_json), system())
    path = run.report
    if path is None:
        raise ConfigError("this run has no report", id="run.no-report", hint="report: [html]")
    if open_it:
        webbrowser.open(path.resolve().as_uri())
    print(json.dumps({"run": os.fspath(run), "report": str(path)}) if as_json else path)

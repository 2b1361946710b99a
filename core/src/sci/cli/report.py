"""`sci report RUN`: write the report anew; of several runs, write down how they compare."""

from __future__ import annotations

import json
import os
import pathlib
import sys
import webbrowser
from typing import Annotated

import typer

from sci.cli.options import RUNS, AsJson, Output

app = typer.Typer(add_completion=False)


@app.command()
def report(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="RUN", help="A run (latest by default), or several to compare.")
    ] = None,
    output: Output = RUNS,
    open_it: Annotated[bool, typer.Option("--open", help="Open the report that is there in the browser.")] = False,
    as_json: AsJson = False,
) -> None:
    """Analyse a finished run again and write its reports anew; nothing is trained. Of several: compare them."""
    from sci.api.errors import ConfigError
    from sci.cli.views import view_for
    from sci.cli.warned import system
    from sci.pipeline.opened import Run
    from sci.pipeline.runner import report as report_run
    from sci.plugins.guard import quiet as silent
    from sci.runs.directory import find

    if names and len(names) > 1:
        _comparison(names, output, open_it, as_json)
        return
    found = find(names[0] if names else "latest", output)
    with silent():
        run = Run(found) if open_it else report_run(found, view_for(False, as_json), system())
    path = run.report
    if path is None:
        hint = "report: [html]" if run.status == "finished" else f"sci resume {found}"
        raise ConfigError(f"this run is {run.status} and has no report", id="run.no-report", hint=hint)
    if open_it:
        _open(path)
    print(json.dumps({"run": os.fspath(run), "report": str(path)}) if as_json else path)


def _comparison(names: list[str], output: pathlib.Path, open_it: bool, as_json: bool) -> None:
    from sci.cli.warned import system
    from sci.pipeline.compare import compare
    from sci.pipeline.compare_report import written
    from sci.plugins.guard import quiet as silent

    with silent():
        plugins = system()
        compared = compare(*names, output=output, system=plugins)
        path = written(compared, plugins.registry)[0]
    if open_it:
        _open(path)
    runs = [os.fspath(run) for run in compared.runs.values()]
    print(json.dumps({"runs": runs, "report": str(path)}) if as_json else path)


def _open(path: pathlib.Path) -> None:
    """In the browser; where there is none, a line says where the page lies."""
    if not webbrowser.open(path.resolve().as_uri()):
        print(f"no browser can be opened here; the report lies in {path.resolve()}", file=sys.stderr)

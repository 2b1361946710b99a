"""`sci resume RUN`: go on after a stop."""

from __future__ import annotations

import json
import os

import typer

from sci.cli.options import RUNS, AsJson, Output, Quiet, RunName

app = typer.Typer(add_completion=False)


@app.command()
def resume(
    name: RunName,
    output: Output = RUNS,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Go on with a run that was stopped or has failed, in its own directory."""
    from sci.cli.summary import document, print_summary
    from sci.cli.views import view_for
    from sci.cli.warned import system
    from sci.pipeline.runner import resume as resume_run
    from sci.plugins.guard import quiet as silent
    from sci.runs.directory import find

    with silent():
        finished = resume_run(find(name, output), view_for(quiet, as_json), system())
    if as_json:
        print(json.dumps(document(finished), ensure_ascii=False))
    elif quiet:
        print(os.fspath(finished))
    else:
        print_summary(finished)

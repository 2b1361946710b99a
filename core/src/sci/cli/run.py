"""`sci run FILE`: run an experiment."""

from __future__ import annotations

import json
import os

import typer

from sci.cli.options import RUNS, AsJson, File, Output, Overrides, Quiet

app = typer.Typer(add_completion=False)


@app.command()
def run(
    file: File,
    overrides: Overrides = None,
    output: Output = RUNS,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Run an experiment file to its report; the last line printed is the run directory."""
    from sci.cli.summary import document, print_summary
    from sci.cli.views import view_for
    from sci.cli.warned import system
    from sci.pipeline.runner import run as run_experiment
    from sci.plugins.guard import quiet as silent

    with silent():
        finished = run_experiment(file, overrides or (), output, view_for(quiet, as_json), system(file.parent))
    if as_json:
        print(json.dumps(document(finished), ensure_ascii=False))
    elif quiet:
        print(os.fspath(finished))
    else:
        print_summary(finished)

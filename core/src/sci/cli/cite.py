"""`sci cite RUN`: what a run cites, as BibTeX."""

from __future__ import annotations

import os

import typer

from sci.cli.options import RUNS, AsJson, Output, RunName

app = typer.Typer(add_completion=False)


@app.command()
def cite(name: RunName = "latest", output: Output = RUNS, as_json: AsJson = False) -> None:
    """Print BibTeX of the software, the data and the methods of a finished run; what is not known is left out."""
    from sci.api.errors import ConfigError
    from sci.cli.output import document, say
    from sci.pipeline.opened import Run
    from sci.runs.bibtex import bibtex, entries
    from sci.runs.directory import find

    run = Run(find(name, output))
    run.require_finished()
    if "citations" not in run.lock:
        raise ConfigError(
            f"run {run.path.name} does not say what it cites",
            id="run.no-citations",
            hint=f"sci report {run.path}",
        )
    found = entries(run.lock)
    if as_json:
        document({"run": os.fspath(run), "entries": found})
        return
    for line in bibtex(found).splitlines():
        say(line)

"""`sci runs list` and `sci runs show RUN`."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import typer

from sci.cli.options import RUNS, AsJson, Output, RunName

if TYPE_CHECKING:
    from sci.pipeline.opened import Run

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.callback()
def runs() -> None:
    """List and show runs."""


@app.command("list")
def list_runs(
    output: Output = RUNS,
    as_json: AsJson = False,
) -> None:
    """List the runs under a folder, the newest last."""
    from sci.cli.output import table
    from sci.pipeline.opened import Run
    from sci.runs.directory import every

    found = [Run(path) for path in every(output)]
    if as_json:
        rows = [
            {
                "run": os.fspath(run),
                "name": run.name,
                "status": run.status,
                "verdict": dict(run.verdict),
                "error": run.manifest.get("error"),
            }
            for run in found
        ]
        print(json.dumps({"runs": rows}, ensure_ascii=False))
        return
    if not found:
        print(f"no runs under {output}; next: sci run FILE")
        return
    table([run.name, run.path.name, run.status, outcome(run)] for run in found)


def outcome(run: Run) -> str:
    """What came of a run: its verdict, or why there is none."""
    error = run.manifest.get("error") or {}
    return first_sentence(str(run.verdict.get("sentence", ""))) or str(error.get("message", ""))


def first_sentence(text: str) -> str:
    """The verdict up to its first full stop that ends a sentence."""
    return text.split(". ")[0].rstrip(".")


@app.command("show")
def show_run(
    name: RunName = "latest",
    output: Output = RUNS,
    as_json: AsJson = False,
) -> None:
    """Show one run: how far it came, its results, its files."""
    from sci.cli.output import say
    from sci.cli.summary import document, print_summary
    from sci.pipeline.opened import Run
    from sci.runs.directory import find

    run = Run(find(name, output))
    finished = run.status == "finished"
    if as_json:
        unfinished = {"run": os.fspath(run), "status": run.status, "error": run.manifest.get("error")}
        print(json.dumps(document(run) if finished else unfinished, ensure_ascii=False))
        return
    stages = ", ".join(f"{stage} {entry['seconds']:.1f} s" for stage, entry in run.manifest["stages"].items())
    say(f"{run.name} {run.path.name}   {run.status}   {stages}")
    if finished:
        print_summary(run)
    else:
        error = run.manifest.get("error") or {}
        say(error.get("message", "it has not ended; another process may be writing it"))
        print(os.fspath(run))

"""`sci check FILE`: find mistakes first."""

from __future__ import annotations

import json
import shlex
import sys
from typing import Annotated

import typer

from sci.cli.options import AsJson, File, Overrides

app = typer.Typer(add_completion=False)


@app.command()
def check(
    file: File,
    overrides: Overrides = None,
    batch: Annotated[bool, typer.Option("--batch", help="Put one real batch through every stage.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check all that can be known about an experiment without training; nothing is written."""
    from sci.cli.errors import printable
    from sci.cli.output import done, say
    from sci.cli.paint import paint
    from sci.cli.warned import system
    from sci.pipeline.check import check as check_file
    from sci.plugins.guard import quiet as silent

    with silent():
        found = check_file(file, overrides or (), batch, system(file.parent))
    if as_json:
        warnings = [{"id": id, "message": message} for id, message in found.warnings]
        print(json.dumps({"file": str(file), "ready": True, "checks": dict(found.lines), "warnings": warnings}))
        return
    for id, message in found.warnings:
        print(paint(f"warning: {printable(message)} [{id}]", "yellow", sys.stderr), file=sys.stderr)
    for word, text in found.lines:
        done(text, word)
    typed = shlex.quote(f"./{file}" if str(file).startswith("-") else str(file))
    say(f"{file} is ready.   next: sci run {typed}")

"""`sci predict RUN FILE`: answer for new rows."""

from __future__ import annotations

import json
import pathlib
import sys
from typing import Annotated

import typer

from sci.cli.options import RUNS, AsJson, IgnoreExtra, Output, RunName

app = typer.Typer(add_completion=False)


@app.command()
def predict(
    name: RunName,
    file: Annotated[pathlib.Path, typer.Argument(help="Rows without targets; columns are found by name.")],
    to: Annotated[
        pathlib.Path | None, typer.Option("--to", help="Write a .csv or .parquet file instead of stdout.")
    ] = None,
    output: Output = RUNS,
    extra: IgnoreExtra = False,
    as_json: AsJson = False,
) -> None:
    """Predict the rows of a file with a finished run; csv on stdout: id, then one column for each output."""
    from sci.cli.output import told
    from sci.cli.warned import system
    from sci.pipeline.opened import Run
    from sci.pipeline.outside import Outside
    from sci.pipeline.tables import as_csv, flat, write_table
    from sci.plugins.guard import quiet as silent
    from sci.runs.directory import find

    with silent():
        outside = Outside(Run(find(name, output)), system())
        pieces = [flat(piece, outside.pipeline.info) for piece in outside.predict(file, extra)]
    told(outside.warnings)
    if to is not None:
        write_table(pieces, to)
        print(to)
    elif as_json:
        rows = [row for piece in pieces for row in piece.to_pylist()]
        print(json.dumps({"predictions": rows, "warnings": outside.warnings}, ensure_ascii=False))
    else:
        for position, piece in enumerate(pieces):
            sys.stdout.write(as_csv(piece, header=position == 0))

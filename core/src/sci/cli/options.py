"""Arguments and options that several verbs share."""

from __future__ import annotations

import pathlib
from typing import Annotated

import typer

File = Annotated[pathlib.Path, typer.Argument(help="The experiment file.")]
Overrides = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Override a key; may be repeated, the last one holds."),
]
RunName = Annotated[str, typer.Argument(metavar="RUN", help="A run directory, its last letters, or latest.")]
Output = Annotated[pathlib.Path, typer.Option("--output", help="Folder of the run directories.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print the run directory alone.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
IgnoreExtra = Annotated[bool, typer.Option("--ignore-extra", help="Pass over columns that the run does not know.")]

RUNS = pathlib.Path("runs")

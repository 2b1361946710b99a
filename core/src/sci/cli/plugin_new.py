"""`sci plugin new NAME --kind KIND`: the package of a new plugin."""

from __future__ import annotations

import pathlib
import shlex
from typing import Annotated

import typer

from sci.cli.options import AsJson
from sci.cli.output import document, done, say, table

KINDS = "metric, preprocessor, model, optimizer, engine, source, deployer or domain"

app = typer.Typer(add_completion=False)


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="What it is called after sci-: lower-case letters, digits, hyphens.")],
    kind: Annotated[str, typer.Option("--kind", help=f"What it brings: {KINDS}.")],
    folder: Annotated[
        pathlib.Path | None, typer.Option("--folder", help="The new folder; by default sci-NAME.")
    ] = None,
    license: Annotated[str, typer.Option("--license", help="Apache-2.0, BSD-3-Clause or MIT.")] = "Apache-2.0",
    author: Annotated[str, typer.Option("--author", help="Named in the metadata and in the license.")] = "",
    component: Annotated[str, typer.Option("--component", help="What experiment files call the component.")] = "",
    as_json: AsJson = False,
) -> None:
    """Write the package of a new plugin, with one component that works; nothing is ever overwritten."""
    from sci.plugins.new import planned

    plan = planned(name, kind, license, author, component)
    target = folder or pathlib.Path(plan.distribution)
    files = [path.as_posix() for path in plan.write(target)]
    if as_json:
        document({"folder": str(target), "distribution": plan.distribution, "files": files})
        return
    done(f"{target}   {plan.distribution}, {kind}, {len(files)} files")
    table([(f"  {path}", about) for path, about in plan.tour(files)])
    say(f"next: cd {shlex.quote(str(target))} && pip install --editable . && sci plugin test {plan.name}")

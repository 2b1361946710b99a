"""`sci init`: experiment templates, listed and copied."""

from __future__ import annotations

import os
import pathlib
import shlex
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from sci.cli import choose
from sci.cli.output import document, done, note, say, table

if TYPE_CHECKING:
    from sci.experiment.templates import Copied, Template

app = typer.Typer(add_completion=False)
MANY = 10


@app.command()
def init(
    name: Annotated[str | None, typer.Argument(help="The template; without it they are listed.")] = None,
    folder: Annotated[pathlib.Path | None, typer.Argument(help="Where to copy it; by default its name.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Copy an experiment template, or list the templates; nothing is ever overwritten."""
    from sci.experiment import templates
    from sci.plugins.manager import load

    system = load()
    for line in system.warnings():
        note(line)
    known = templates.templates(system.records, system.registry.policy.bundle)
    if name is None:
        name = _listed(known, json)
    if name is None:
        return
    target = folder or pathlib.Path(name)
    copied = templates.copy(templates.find(name, known), target)
    if json:
        document({"folder": str(target), "files": [str(one.path) for one in copied]})
        return
    _show(copied, target)


def _listed(known: Sequence[Template], json: bool) -> str | None:
    """The template that was chosen from a list; without a terminal the list is printed and none is chosen."""
    if json:
        facts = [{"name": one.name, "summary": one.summary, "from": one.owner} for one in known]
        document({"templates": facts})
        return None
    if known and choose.possible():
        return choose.choose(
            choose.Menu("Which question is nearest to yours?", [(one.name, one.summary) for one in known])
        )
    table([(one.name, one.summary, one.owner) for one in known] or [("no template is installed",)])
    say("next: sci init NAME")
    return None


def _show(copied: Sequence[Copied], target: pathlib.Path) -> None:
    rows = list(_rows(copied))
    width = max(len(path) for path, _ in rows)
    for path, about in rows:
        done(f"{path:<{width}}   {about}")
    say(f"next: cd {shlex.quote(str(target))} && sci check {copied[0].path.name}")


def _rows(copied: Sequence[Copied]) -> Iterator[tuple[str, str]]:
    """What was copied: each file, but many files of one folder as one line."""
    for folder, files in groupby(copied, key=lambda one: one.path.parent):
        together = list(files)
        if len(together) > MANY and not any(one.yours for one in together):
            yield f"{folder}{os.sep}", f"{len(together)} files"
        else:
            yield from ((str(one.path), _about(one)) for one in together)


def _about(one: Copied) -> str:
    if not one.yours:
        return f"{one.lines} lines"
    which = "the one" if one.yours == 1 else f"the {one.yours}"
    verb = "is" if one.yours == 1 else "are"
    return f"{one.lines} lines; {which} to change for your own data {verb} marked  # <- yours"

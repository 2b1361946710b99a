"""`sci plugin`: for authors of plugins."""

from __future__ import annotations

import importlib
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer
from typer.core import TyperGroup

from sci.cli.help import plain
from sci.cli.output import document, say
from sci.cli.paint import mark
from sci.plugins.guard import quiet

if TYPE_CHECKING:
    from sci.testing.result import Result


class Lazily(TyperGroup):
    """The sub-commands; the module of `new` is imported when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        return ["new", "test"]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name == "new":
            command: Any = typer.main.get_command(importlib.import_module("sci.cli.plugin_new").app)
            command.name = cmd_name
            return plain(command)
        return super().get_command(ctx, cmd_name)


app = typer.Typer(add_completion=False, no_args_is_help=True, cls=Lazily)


@app.callback()
def plugin() -> None:
    """Make a plugin, and test that it keeps what its components promise."""


@app.command("test")
def conforms(
    name: Annotated[
        str, typer.Argument(metavar="PATH|NAME", help="The folder of a plugin, or an installed one by name.")
    ] = ".",
    level: Annotated[str, typer.Option(help="recommended: also what is good to have.")] = "required",
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Run the conformance checks on a plugin.

    Exit code 4 when a required one fails.
    """
    from sci.testing.run import Plan

    with quiet():
        plan = Plan.of(name, level=cast(Any, level))  # the plan says which words there are
        results = [result for check, found in plan.checks() for result in plan.results(check, found)]
    failed = [one for one in results if not one.ok and one.level == "required"]
    if json:
        record = plan.subject.record
        document(
            {
                "plugin": record.distribution,
                "version": record.version,
                "passed": not failed,
                "results": [one.as_json() for one in results],
            }
        )
    else:
        _show(plan.subject.record.title, results)
    if failed:
        raise typer.Exit(4)


def _show(title: str, results: Sequence[Result]) -> None:
    """What did not pass, and how many of each there are."""
    for one in results:
        if one.outcome == "expected":
            say(f"{mark('none')} {one.id} {one.subject} (expected to fail)")
            say(f"    why: {one.reason}")
        if one.ok:
            continue
        first, *more = one.lines()
        word = "" if one.level == "required" else " (recommended)"
        say(f"{mark('fail' if one.level == 'required' else 'warn')} {first}{word}")
        for line in more:
            say(f"    {line}")
    count = Counter(
        ("failed" if one.level == "required" else "advised") if not one.ok else one.outcome for one in results
    )
    words = {
        "passed": "passed",
        "failed": "failed",
        "advised": "recommended and not met",
        "expected": "failed as expected",
        "skipped": "without anything to look at",
    }
    checks = len({one.id for one in results})
    counted = ", ".join(f"{count[key]} {text}" for key, text in words.items() if count[key])
    say(f"{mark('fail' if count['failed'] else 'ok')} {title}: {checks} checks, {counted}")

"""`sci compare RUN RUN...`: is the difference real?"""

from __future__ import annotations

import json
import math
import pathlib
import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from sci.cli.options import RUNS, AsJson, Output

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sci.pipeline.compare import Compared

app = typer.Typer(add_completion=False)


@app.command()
def compare(
    names: Annotated[list[str], typer.Argument(metavar="RUN", help="Finished runs with the same test rows.")],
    output: Output = RUNS,
    figure: Annotated[bool, typer.Option("--figure", help="Draw the figures and the page, too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Compare finished runs on the test rows that they share, by a paired test; refused where these differ."""
    from sci.cli.warned import system
    from sci.pipeline.compare import compare as compared
    from sci.pipeline.compare_report import written
    from sci.plugins.guard import quiet as silent

    with silent():
        plugins = system()
        found = compared(*names, output=output, system=plugins)
        drawn = written(found, plugins.registry) if figure else []
    if as_json:
        files = {"files": [str(path) for path in drawn]} if figure else {}
        print(json.dumps(found.as_json() | files, ensure_ascii=False, allow_nan=False))
    else:
        show(found, drawn)


def show(found: Compared, drawn: Sequence[pathlib.Path] = ()) -> None:
    """Verdict, doubt, tables, rows, settings, and the files of reporters."""
    from sci.cli import output
    from sci.cli.paint import mark
    from sci.cli.summary import say

    for at, sentence in enumerate(found.verdict):
        say(sentence, "bold" if at == 0 else "dim")
    for caution in found.cautions:
        say(f"{mark('warn')} {caution}", "yellow")
    _, lines = output.widest(output.aligned(rows) for rows in forms(found))
    print("\n".join(["", *lines]))
    if effects := effect_sizes(found):
        output.say(effects)
    for one in found.agreements:
        output.say(one.sentence)
    if found.settings:
        output.table([["settings that differ", ""], *([name, " | ".join(values)] for name, values in found.settings)])
    if found.disagreements:
        output.say(f"rows that differ   {found.directory / 'disagreements.csv'}")
    output.say(f"comparison         {found.directory / 'comparison.json'}")
    for path in drawn:
        output.say(f"{'figure' if path.suffix == '.svg' else 'page':<18} {path}")
    output.say(f"next: sci report {shlex.join(map(str, found.runs.values()))}")


def forms(found: Compared) -> Iterator[list[list[str]]]:
    """The table in less and less room: whole, without p, without the interval of the difference, then the difference
    alone, with its interval and without."""
    whole, both, values, difference = (
        (True, True, True),
        (True, True, False),
        (True, False, False),
        (False, True, False),
    )
    for form in (whole, both, values, difference, (False, False, False)):
        yield rows(found, *form)


def rows(found: Compared, values: bool, interval: bool, p: bool) -> list[list[str]]:
    """Two runs stand side by side; of more, every pair has its line."""
    pair = len(found.runs) == 2
    names = [] if pair else ["a", "b"]
    of_each = ([*found.runs] if pair else ["of a", "of b"]) if values else []
    head = ["", *names, *of_each, "a - b, paired", *(["p, Holm"] if p else []), ""]
    return [head, *(_row(one, names, values, interval, p) for one in found.contrasts)]


def effect_sizes(found: Compared) -> str:
    """``effect size: accuracy +0.12 (Cohen's g), ...`` for two runs, where metrics have one; else empty."""
    from sci.api.numbers import fixed

    if len(found.runs) > 2:
        return ""
    known = [(one.metric, one.difference) for one in found.contrasts if not math.isnan(one.difference.effect)]
    shown = [f"{name} {fixed(one.effect, 2, minus='-', plus='+')} ({one.scale})" for name, one in known]
    return f"effect size        {', '.join(shown)}" if shown else ""


def _row(one: object, names: list[str], values: bool, interval: bool, p: bool) -> list[str]:
    from sci.api import numbers
    from sci.pipeline.compare_metrics import Contrast
    from sci.pipeline.opened import places_of, shown

    assert isinstance(one, Contrast)
    found = one.difference
    columns = {"a": one.scores[0], "b": one.scores[1]}
    places = places_of(columns, list(columns), [found.high - found.low])
    said = numbers.difference(found.value, found.low, found.high, digits=places, minus="-")
    return [
        one.metric,
        *([one.a, one.b] if names else []),
        *([shown(score, places) for score in one.scores] if values else []),
        f"{said.value} [{said.low}, {said.high}]" if interval else said.value,
        *([numbers.p_value(one.p_holm)] if p else []),
        one.verdict,
    ]

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
    from sci.pipeline.compare import Compared

app = typer.Typer(add_completion=False)


@app.command()
def compare(
    names: Annotated[list[str], typer.Argument(metavar="RUN RUN...", help="Finished runs with the same test rows.")],
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
    from sci.cli.output import aligned
    from sci.cli.paint import mark
    from sci.cli.summary import say

    for at, sentence in enumerate(found.verdict):
        say(sentence, "bold" if at == 0 else "dim")
    for caution in found.cautions:
        say(f"{mark('warn')} {caution}", "yellow", indent="  ")
    print()
    for rows in tables(found):
        print("\n".join(aligned(rows)))
    if effects := effect_sizes(found):
        print(effects)
    for one in found.agreements:
        print(one.sentence)
    if found.settings:
        differing = [["settings that differ", ""], *([name, " | ".join(values)] for name, values in found.settings)]
        print("\n".join(aligned(differing)))
    if found.disagreements:
        print(f"rows that differ   {found.directory / 'disagreements.csv'}")
    print(f"comparison         {found.directory / 'comparison.json'}")
    for path in drawn:
        print(f"{'figure' if path.suffix == '.svg' else 'page':<18} {path}")
    print(f"next: sci report {shlex.join(map(str, found.runs.values()))}")


def tables(found: Compared) -> list[list[list[str]]]:
    """Two runs stand side by side; of more, every pair has its line."""
    pair = len(found.runs) == 2
    labels = list(found.runs)
    head = ["", *labels, "a - b, paired"] if pair else ["", "a", "b", "of a", "of b", "a - b, paired"]
    return [[[*head, "p, Holm", ""], *(_row(one, pair) for one in found.contrasts)]]


def effect_sizes(found: Compared) -> str:
    """``effect size: accuracy +0.12 (Cohen's g), ...`` for two runs, where metrics have one; else empty."""
    from sci.api.numbers import fixed

    if len(found.runs) > 2:
        return ""
    known = [(one.metric, one.difference) for one in found.contrasts if not math.isnan(one.difference.effect)]
    shown = [f"{name} {fixed(one.effect, 2, minus='-', plus='+')} ({one.scale})" for name, one in known]
    return f"effect size        {', '.join(shown)}" if shown else ""


def _row(one: object, pair: bool) -> list[str]:
    from sci.api import numbers
    from sci.pipeline.compare_metrics import Contrast
    from sci.pipeline.opened import places_of, shown

    assert isinstance(one, Contrast)
    found = one.difference
    columns = {"a": one.scores[0], "b": one.scores[1]}
    places = places_of(columns, list(columns), [found.high - found.low])
    said = numbers.difference(found.value, found.low, found.high, digits=places, minus="-")
    values = [shown(score, places) for score in one.scores]
    names = [] if pair else [one.a, one.b]
    return [
        one.metric,
        *names,
        *values,
        f"{said.value} [{said.low}, {said.high}]",
        numbers.p_value(one.p_holm),
        one.verdict,
    ]

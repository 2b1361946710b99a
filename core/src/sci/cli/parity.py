"""`sci parity FILE`: one model on two engines."""

from __future__ import annotations

import json
import math
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sci.cli.options import AsJson, File, Overrides

if TYPE_CHECKING:
    from sci.pipeline.parity import Parity

app = typer.Typer(add_completion=False)


@app.command()
def parity(
    file: File,
    overrides: Overrides = None,
    against: Annotated[str | None, typer.Option("--against", metavar="ENGINE", help="The other engine.")] = None,
    as_json: AsJson = False,
) -> None:
    """Build a model on two engines with the same weights; compare its outputs and one training step.

    Exit code 5 when they disagree.
    """
    from sci.api.errors import TrainingError
    from sci.cli.warned import system
    from sci.pipeline.parity import ABSOLUTE, RELATIVE
    from sci.pipeline.parity import parity as compare
    from sci.plugins.guard import quiet as silent

    with silent():
        found = compare(file, overrides or (), against, system(file.parent))
    if as_json and found.equal:
        print(json.dumps(document(found)))
        return
    if not as_json:
        print("\n".join(lines(found)))
    if not found.equal:
        worst = next(gap for gap in found.gaps if not gap.equal and gap.what != "first weights")
        raise TrainingError(
            f"{found.engines[0]} and {found.engines[1]} disagree on {found.model}: {worst.what},"
            f" largest difference {worst.absolute:.2g} in {worst.where}",
            id="parity.differs",
            note=f"equal would be within {RELATIVE:g} of each number, plus {ABSOLUTE:g}",
        )


def lines(found: Parity) -> list[str]:
    """A table of the largest differences, and what was compared."""
    from sci.cli.output import aligned
    from sci.cli.paint import mark, paint
    from sci.pipeline.parity import ABSOLUTE, RELATIVE

    head = ["", "largest difference", "relative", "in"]
    body = [[gap.what, f"{gap.absolute:.2g}", f"{gap.relative:.2g}", gap.where] for gap in found.gaps]
    shown = [
        f"{found.model} on {found.engines[0]} and {found.engines[1]}: {found.weights:,} weights, {found.precision},"
        f" {found.rows} rows",
        *([f"set to 0, because no two engines draw alike: {', '.join(found.silenced)}"] if found.silenced else []),
        "",
        *aligned([head, *body]),
    ]
    if found.equal:
        sign = paint(mark("ok"), "green", sys.stdout)
        shown += ["", f"{sign} equal within {RELATIVE:g} of each number, plus {ABSOLUTE:g}"]
    return shown


def document(found: Parity) -> dict[str, Any]:
    """The comparison as one JSON document."""
    return {
        "model": found.model,
        "engines": list(found.engines),
        "precision": found.precision,
        "rows": found.rows,
        "weights": found.weights,
        "silenced": found.silenced,
        "equal": found.equal,
        "differences": [
            {
                **gap._asdict(),
                **{
                    key: value if math.isfinite(value := getattr(gap, key)) else None
                    for key in ("absolute", "relative")
                },
            }
            for gap in found.gaps
        ],
    }

"""The loss of the last updates before training failed: whether it rose, or broke at once."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from sci.api import Failure, Table
from sci.api.numbers import significant
from sci_report.drawing import WIDE, Sheet, loss_axis, make_room, ticks
from sci_report.illustration import Illustration
from sci_report.svg import PALETTE
from sci_report.words import Phrase, phrase

_HEIGHT = 236
_RISEN = 10
"""A last loss above this many times the usual one has risen."""
_MARKED = 30


def illustration(failure: Failure) -> Illustration | None:
    """The figure; None where fewer than two updates had a loss that is a number."""
    steps, losses = failure.steps, failure.losses
    good = np.isfinite(losses)
    if good.sum() < 2:
        return None
    sheet = Sheet(WIDE, _HEIGHT)
    axes = sheet.axes(44, 40, WIDE - 44 - 96, 146)
    known = losses[good]
    axes.set_xlim(float(steps[0]), float(max(steps[-1], steps[0] + 1)))
    axes.grid(False, axis="x")
    ticks(axes.xaxis, 6, whole=True)
    line = "o-" if good.sum() <= _MARKED else "-"
    axes.plot(steps[good], known, line, color=PALETTE["m"], linewidth=2, ms=6, mec=PALETTE["bg"], mew=1, clip_on=False)
    logarithmic = loss_axis(axes, known.tolist())
    left = make_room(sheet, axes)
    if not good[-1]:
        axes.axvline(float(steps[-1]), color=PALETTE["bad"], linewidth=2, linestyle=(0, (4, 4)), clip_on=False)
        sheet.words(WIDE - 90, 54, phrase("figure.no-number"), color="bad", size=12.5)
    sheet.words(left, 22, phrase("figure.loss"), weight="bold")
    sheet.words(left + axes.bbox.width / 2, 224, phrase("figure.step"), color="mut", ha="center", size=11.5)
    table = Table(["step", "loss"], [[int(step), float(loss)] for step, loss in zip(steps, losses, strict=True)])
    words = f"loss {significant(float(known[0]))} to {significant(float(known[-1]))}, steps {steps[0]} to {steps[-1]}"
    caption = phrase("finding.updates.log" if logarithmic else "finding.updates.linear")
    return Illustration("updates", sheet.picture(words), headline(losses), caption, table)


def headline(losses: Sequence[float] | np.ndarray) -> Phrase:
    """Whether the loss had risen before it was no number: then steps were too large; else something broke at once."""
    known = [float(loss) for loss in losses if math.isfinite(loss)]
    usual = float(np.median(np.abs(known[: max(len(known) // 2, 1)])))
    if all(map(math.isfinite, losses)):
        return phrase("finding.updates.plain")
    if known[-1] > _RISEN * usual:
        return phrase("finding.updates.rose", lowest=significant(min(known)), last=significant(known[-1]))
    return phrase("finding.updates.sudden", last=significant(known[-1]))

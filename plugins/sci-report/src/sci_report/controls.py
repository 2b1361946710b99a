"""Figures of the controls: the model beside what it reaches on changed training rows."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

from sci.api import Controlled, ControlResult, Finding, RunContext, Score, Study, Table
from sci.api.numbers import confidence, count, scored, significant
from sci_report import facts
from sci_report.drawing import NARROW, Sheet, make_room, ticks
from sci_report.illustration import Illustration
from sci_report.svg import PALETTE
from sci_report.words import Code, Phrase, phrase

_GOLDEN = 0.618
"""Marks in a row are moved by multiples of this share of its height, so that few lie on one another."""


def findings(study: Study, context: RunContext) -> list[Finding]:
    """One for each control, in the metric of the verdict."""
    found = []
    for name, result in study.controls.items():
        model = facts.test_scores(study).get(study.verdict.metric)
        said = result.conclusions.get(study.verdict.metric)
        drawn = illustration(study.verdict.metric, name, result, model) if model is not None else None
        if drawn is not None and said is not None:
            figure = drawn.write(context)
            found.append(Finding(f"control-{name}", "results", figure.title, said.sentence, [figure]))
    return found


def illustration(metric: str, name: str, result: ControlResult, model: Score) -> Illustration | None:
    """A curve over the training rows where these differ, else one mark for each variant; None without any value."""
    variants = [one for one in result.variants if metric in one.scores and math.isfinite(one.scores[metric].value)]
    if not variants or not math.isfinite(model.value):
        return None
    grows = len({one.rows for one in variants}) > 1 or variants[0].rows != result.rows
    sheet = Sheet(NARROW, 236)
    values = ", ".join(significant(one.scores[metric].value) for one in variants[:20])
    picture = (_curve if grows else _marks)(sheet, metric, variants, model, result.rows)
    shown = scored(model)
    described = picture.picture(f"model {shown.value}; variants {values}")
    title = phrase("finding.control.title", control=Code(name), metric=metric)
    return Illustration(
        f"control-{name}", described, title, _caption(grows, model, result), _table(metric, variants, model, result)
    )


def _caption(grows: bool, model: Score, result: ControlResult) -> Phrase:
    bare = "" if math.isfinite(model.low) else ".bare"
    level = {} if bare else {"confidence": confidence(model.confidence)}
    kind = "curve" if grows else "marks"
    return phrase(f"finding.control.{kind}{bare}", openings=count(result.openings), **level)


def _table(metric: str, variants: Sequence[Controlled], model: Score, result: ControlResult) -> Table:
    entries = [(one.name, one.rows, one.scores[metric]) for one in variants] + [("model", result.rows, model)]
    return Table(
        ["name", "n", metric, "low", "high"], [[name, rows, s.value, s.low, s.high] for name, rows, s in entries]
    )


def _marks(sheet: Sheet, metric: str, variants: Sequence[Controlled], model: Score, rows: float) -> Sheet:
    axes = sheet.axes(16, 40, NARROW - 32, 146)
    values = [one.scores[metric].value for one in variants]
    _span(axes.set_xlim, [*values, *_ends(model)], _unit(model, values))
    axes.set_ylim(1.6, -0.6)
    axes.yaxis.set_visible(False)
    ticks(axes.xaxis, 4)
    _bar(axes, [model.low, model.high], [0, 0])
    axes.plot([model.value], [0], "o", ms=10.5, mfc=PALETTE["m"], mec=PALETTE["bg"], mew=1.5, clip_on=False, zorder=3)
    moved = [0.75 + 0.6 * ((at * _GOLDEN) % 1) for at in range(len(values))]
    strength = 0.85 if len(values) <= 60 else 0.3
    axes.plot(values, moved, "o", ms=7, mfc=PALETTE["g"], mec=PALETTE["bg"], mew=0.8, alpha=strength, clip_on=False)
    sheet.words(16, 20, phrase("figure.intervals.metric", metric=metric), weight="bold")
    low, high = axes.get_xlim()
    right = model.value < (low + high) / 2
    for y, text, color in ((-0.34, "figure.model", "m"), (0.5, "figure.variants", "mut")):
        words = phrase(text, count=count(len(values))) if text == "figure.variants" else phrase(text)
        sheet.label(axes, low if right else high, y, words, color=color, ha="left" if right else "right")
    return sheet


def _curve(sheet: Sheet, metric: str, variants: Sequence[Controlled], model: Score, rows: float) -> Sheet:
    axes = sheet.axes(44, 40, NARROW - 44 - 18, 146)
    points = sorted([*((one.rows, one.scores[metric]) for one in variants), (rows, model)], key=lambda pair: pair[0])
    sizes, found = [size for size, _ in points], [one for _, one in points]
    axes.set_xscale("log")
    axes.set_xlim(0.9 * sizes[0], 1.1 * sizes[-1])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_locator(FixedLocator(sizes))
    axes.xaxis.set_major_formatter(FixedFormatter(_apart(sizes)))
    _span(axes.set_ylim, [end for one in found for end in _ends(one)], _unit(model, [one.value for one in found]))
    ticks(axes.yaxis)
    for size, one in points:
        _bar(axes, [size, size], [one.low, one.high])
    values = [one.value for one in found]
    axes.plot(sizes, values, "o-", color=PALETTE["m"], linewidth=2, ms=8, mec=PALETTE["bg"], mew=1.2, zorder=3)
    left = make_room(sheet, axes)
    sheet.words(left, 20, phrase("figure.intervals.metric", metric=metric), weight="bold")
    sheet.words((left + NARROW - 18) / 2, 224, phrase("figure.training-rows"), color="mut", ha="center", size=11.5)
    return sheet


def _bar(axes: Axes, x: Sequence[float], y: Sequence[float]) -> None:
    if all(map(math.isfinite, [*x, *y])):
        axes.plot(x, y, color=PALETTE["m"], linewidth=3, alpha=0.45, solid_capstyle="round")


def _ends(found: Score) -> list[float]:
    return [end for end in (found.value, found.low, found.high) if math.isfinite(end)]


def _unit(model: Score, values: Sequence[float]) -> bool:
    return all(0 <= value <= 1 for value in [*values, *_ends(model)])


def _span(place: object, values: Sequence[float], unit: bool) -> None:
    """Set the limits of an axis around the values; one of shares does not go beyond 0 and 1."""
    assert callable(place)
    low, high = min(values), max(values)
    pad = 0.08 * (high - low) or abs(low) * 0.1 or 1.0
    place(max(low - pad, 0.0) if unit else low - pad, min(high + pad, 1.0) if unit else high + pad)


def _apart(sizes: Sequence[float]) -> list[str]:
    """The sizes as written; one that would touch its right neighbour stays empty."""
    shown = [count(round(size)) for size in sizes]
    span = math.log(sizes[-1] / sizes[0]) or 1.0
    next_left, kept = math.inf, []
    for size, text in zip(reversed(sizes), reversed(shown), strict=True):
        centre, half = 250 * math.log(size / sizes[0]) / span, 4 * len(text)
        fits = centre + half <= next_left
        next_left = centre - half if fits else next_left
        kept.append(text if fits else "")
    return kept[::-1]

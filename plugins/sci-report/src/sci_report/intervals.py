"""The two figures of the verdict: the model and its baselines with intervals, and the paired differences."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from sci.api import Difference, Score, Study, Table
from sci.api.numbers import confidence, difference, fixed, row_decimals, scored
from sci_report import facts
from sci_report.drawing import Sheet, ticks
from sci_report.illustration import Illustration
from sci_report.safe import cells, middle
from sci_report.svg import PALETTE
from sci_report.words import Name, Phrase, Text, phrase

MOST = 6
"""Baselines that are drawn; the table has them all."""
_LABEL = 17
"""Cells of a name beside its interval."""
CELL = 7.4
"""Pixels of a cell of the words beside a difference."""
FEWEST = 8
"""Cells of a name that is cut there, if they can be had."""


@dataclass(frozen=True)
class _Row:
    label: str
    value: float
    low: float
    high: float
    color: str
    marker: str
    shown: str


def illustrations(study: Study) -> list[Illustration]:
    """Both figures; empty where the metric of the verdict has no value."""
    metric = study.verdict.metric
    model = facts.test_scores(study).get(metric)
    if model is None or not math.isfinite(model.value):
        return []
    rivals = {name: study.baseline_scores[name].get(metric) for name in facts.baselines(study)[:MOST]}
    scored = {name: rival for name, rival in rivals.items() if rival and math.isfinite(rival.value)}
    paired = {name: study.differences.get(metric, {}).get(name) for name in scored}
    known = {name: found for name, found in paired.items() if found and math.isfinite(found.value)}
    name = facts.model_name(study)
    return pair(metric, {name: model, **scored}, known, facts.digits(study, metric))


def pair(
    metric: str, scores: Mapping[str, Score], differences: Mapping[str, Difference], digits: int, run: str = ""
) -> list[Illustration]:
    """Scores by name, the one that is held against the others first, and its differences from them.

    Args:
        metric: its name.
        scores: by name.
        differences: the first minus each other, by the other's name.
        digits: decimals.
        run: what a positive difference favours, where that is not the model of a study.
    """
    height = 64 + max(34 * len(scores), 44 * len(differences), 44)
    drawn = [_scores(metric, scores, digits, height)]
    return (
        [*drawn, _differences(metric, next(iter(scores)), differences, digits, height, run)] if differences else drawn
    )


def _scores(metric: str, entries: Mapping[str, Score], digits: int, height: int) -> Illustration:
    model = next(iter(entries.values()))
    rows = [
        _Row(
            name,
            s.value,
            s.low,
            s.high,
            "b" if index else "m",
            "s" if index else "o",
            scored(s, digits=digits).value,
        )
        for index, (name, s) in enumerate(entries.items())
    ]
    left = 18 + 7.7 * max(cells(middle(row.label, _LABEL)) for row in rows)
    sheet = Sheet(430, height)
    axes = sheet.axes(left, 36, 430 - left - 22, height - 64)
    _frame(axes, len(rows))
    low, high = _range(rows[:2], rows[2:], zero=False)
    axes.set_xlim(low, high)
    ticks(axes.xaxis)
    step = (height - 64) / len(rows)
    for index, row in enumerate(rows):
        _interval(sheet, axes, index, row, strong=index == 0)
        weight = "bold" if index == 0 else "normal"
        name = Name(row.label)
        sheet.words(left - 12, 36 + step * (index + 0.5) + 4, name, ha="right", weight=weight, size=12.5, limit=_LABEL)
    heading = _measured(metric, model)
    sheet.words(left, 20, heading, weight="bold")
    start = _truncated(low, high)
    caption = phrase(
        "finding.intervals.cut" if start else "finding.intervals.whole",
        confidence=confidence(model.confidence),
        method=model.method or "?",
        **({"low": start} if start else {}),
    )
    description = "; ".join(f"{row.label} {row.shown}" for row in rows)
    table = Table(
        ["name", metric, "low", "high", "n"],
        [[name, s.value, s.low, s.high, s.n] for name, s in entries.items()],
    )
    title = phrase("finding.intervals.title", metric=metric)
    return Illustration("intervals", sheet.picture(description), title, caption, table)


def _differences(
    metric: str, model: str, found: Mapping[str, Difference], digits: int, height: int, run: str
) -> Illustration:
    rows = [
        _Row(
            name,
            d.value,
            d.low,
            d.high,
            "g" if index else "m",
            "h" if index else "o",
            difference(*_ends(d), digits=digits)[0],
        )
        for index, (name, d) in enumerate(found.items())
    ]
    sheet = Sheet(250, height)
    axes = sheet.axes(12, 36, 222, height - 64)
    _frame(axes, len(rows))
    low, high = _range(rows[:1], rows[1:], zero=True)
    axes.set_xlim(low, high)
    ticks(axes.xaxis, 4)
    axes.axvline(0, color=PALETTE["ink"], linewidth=1)
    step = (height - 64) / len(rows)
    for index, row in enumerate(rows):
        _interval(sheet, axes, index, row, strong=index == 0, nudge=0.18)
        weight, color = ("bold", "ink") if index == 0 else ("normal", "mut")
        if low <= row.value <= high:
            # Beside the line of 0, which then does not cross the words.
            zero = 12 + 222 * (0 - low) / (high - low)
            words, right = _beside(row, zero, len(rows) == 1)
            start = 12 + 222 * ((row.low if math.isfinite(row.low) else row.value) - low) / (high - low)
            x = max(zero + 6, min(start, 236 - CELL * cells(words))) if right else zero - 6
            sheet.words(
                x, 36 + step * (index + 0.5) - 8, words, weight=weight, color=color, ha="left" if right else "right"
            )
    first = next(iter(found.values()))
    folds = " folds" in first.method  # a comparison says in its method what it compared
    sheet.words(4, 20, _heading(model, [row.label for row in rows], folds), weight="bold")
    made: dict[str, Text] = {"confidence": confidence(first.confidence), "method": first.method or "?"}
    caption = phrase("finding.difference.caption", **made)
    if run:
        caption = phrase("finding.difference.run", run=Name(run), **made)
    title = phrase("finding.difference.title", metric=metric)
    table = Table(
        ["name", "difference", "low", "high", "p"], [[name, d.value, d.low, d.high, d.p] for name, d in found.items()]
    )
    description = "; ".join(f"{row.label} {row.shown}" for row in rows)
    return Illustration("difference", sheet.picture(description), title, caption, table)


def _beside(row: _Row, zero: float, alone: bool) -> tuple[str, bool]:
    """The difference with the name that it is from, cut to what fits beside the line of 0, and whether to its right.

    That is the side of the value, unless hardly a name would fit there.
    """
    left, right = zero - 10, 240 - zero
    own = right if row.value >= 0 else left
    fits = own >= CELL * (cells(row.shown) + (0 if alone else 2 + FEWEST))
    to_right = (row.value >= 0) if fits else right > left
    if alone:
        return row.shown, to_right
    room = int((right if to_right else left) / CELL) - cells(row.shown) - 2
    return f"{row.shown}  {middle(row.label, min(room, 20))}", to_right


def _heading(model: str, rivals: Sequence[str], folds: bool) -> Text:
    """Whose difference it is, as far as the width of the drawing holds it."""
    model, rival = middle(model, 14), middle(rivals[0], 14)
    if len(rivals) > 1:
        if cells(model) > 10:
            return phrase("figure.difference.many.short", model=model)
        return phrase("figure.difference.many.folds" if folds else "figure.difference.many", model=model)
    if cells(model) + cells(rival) > 17:
        return phrase("figure.difference.short", model=model, baseline=rival)
    return phrase("figure.difference.one.folds" if folds else "figure.difference.one", model=model, baseline=rival)


def _ends(entry: Score | Difference) -> tuple[float, float, float]:
    return entry.value, entry.low, entry.high


def _measured(metric: str, score: Score) -> Phrase:
    positive = facts.positive(score)
    if positive:
        return phrase("figure.intervals.class", metric=metric, positive=Name(positive))
    return phrase("figure.intervals.metric", metric=metric)


def _frame(axes: Axes, rows: int) -> None:
    axes.set_ylim(rows - 0.5, -0.5)
    axes.yaxis.set_visible(False)


def _range(near: Sequence[_Row], others: Sequence[_Row], zero: bool) -> tuple[float, float]:
    """An axis that holds the nearest rows wholly, and the others as long as it need not grow by more than twice."""
    ends = [0.0] if zero else []
    ends += _finite(near)
    span = max(ends) - min(ends) or abs(ends[0]) * 0.1 or 1.0
    for row in others:
        more = _finite([row])
        if min(more) >= min(ends) - 2 * span and max(more) <= max(ends) + 2 * span:
            ends += more
    low, high = min(ends), max(ends)
    pad = 0.08 * (high - low) or 0.5 * span
    inside = not zero and all(0 <= end <= 1 for end in ends)
    return (max(low - pad, 0.0), min(high + pad, 1.0)) if inside else (low - pad, high + pad)


def _finite(rows: Iterable[_Row]) -> list[float]:
    return [end for row in rows for end in (row.value, row.low, row.high) if math.isfinite(end)]


def _interval(sheet: Sheet, axes: Axes, at: int, row: _Row, *, strong: bool, nudge: float = 0.0) -> None:
    low, high = axes.get_xlim()
    if not low <= row.value <= high:
        _off_axis(sheet, axes, at, row, left=row.value < low)
        return
    color, line = PALETTE[row.color], at + nudge
    ends = [min(max(end, low), high) for end in (row.low, row.high) if math.isfinite(end)]
    if len(ends) == 2:
        axes.plot(ends, [line, line], color=color, linewidth=3, solid_capstyle="round")
    fill = PALETTE["bg"] if row.marker == "h" else color
    edge = color if row.marker == "h" else PALETTE["bg"]
    shape = "s" if row.marker == "s" else "o"
    size = 10.5 if strong else 9.5
    axes.plot([row.value], [line], shape, ms=size, mfc=fill, mec=edge, mew=1.5, clip_on=False, zorder=3)


def _off_axis(sheet: Sheet, axes: Axes, at: int, row: _Row, left: bool) -> None:
    low, high = axes.get_xlim()
    side, edge = ("left", low) if left else ("right", high)
    margin = (0.02 if left else -0.02) * (high - low)
    if row.marker != "h":
        words = phrase(f"figure.off-axis.{side}", value=row.shown)
        sheet.label(axes, edge + margin, at, words, color="mut", ha=side, va="center_baseline", size=11.5)
        return
    value = f"{row.shown} {middle(row.label, 20)}"
    width = 6.6 * (cells(value) + 2) / 222 * (high - low)
    crosses = low < 0 < high and abs(edge) < width < high - low - abs(edge)
    words = phrase(f"figure.off-axis.{side}.short", value=value)
    # Where the line of 0 would cross the words, they stand on its other side.
    sheet.label(
        axes, (0 if crosses else edge) + margin, at, words, color="mut", ha=side, va="center_baseline", size=11.5
    )


def _truncated(low: float, high: float) -> str:
    """Where the axis starts, as written, when it does not hold 0."""
    if low <= 0 <= high:
        return ""
    digits = row_decimals([], [high - low])
    return fixed(round(low, digits), digits)

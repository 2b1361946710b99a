"""The learning curve: loss and a validation metric by epoch."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes

from sci.api import ComponentConfig, Finding, RunContext, Study, Table
from sci.api.numbers import significant
from sci_report.drawing import WIDE, Sheet, loss_axis, make_room, ticks
from sci_report.illustration import Illustration, finding
from sci_report.svg import PALETTE
from sci_report.words import Phrase, Text, phrase

_NO_METRIC = ("epoch", "step", "loss", "validation_loss", "seconds", "rate", "learning_rate", "kept")
_MARKED = 30
"""More points than this are a line without marks."""

Rows = Sequence[Mapping[str, Any]]


class LearningCurve:
    """The analysis `learning-curve`."""

    def __init__(self, config: ComponentConfig) -> None:
        self.config = config

    def analyze(self, study: Study, context: RunContext) -> Sequence[Finding]:
        """One figure; nothing where the model was fitted in one step."""
        drawn = illustration(study)
        return [finding(context, "learning-curve", "model", "", drawn)] if drawn else []


def illustration(study: Study) -> Illustration | None:
    """The figure of a study, if there are at least two epochs."""
    rows = epochs(study.history)
    return curve(rows, _metric(study, rows), kept_epoch(study, rows), _monitor(study)) if len(rows) > 1 else None


def epochs(history: Rows) -> Rows:
    """The rows of a history that can be drawn."""
    return [row for row in history if "epoch" in row and "loss" in row]


def curve(rows: Rows, metric: str | None, kept: int | None = None, monitor: str = "") -> Illustration:
    """The figure of at least two epochs.

    Args:
        rows: what `epochs` gives.
        metric: drawn beside the losses; None draws the losses alone.
        kept: the epoch whose weights were kept.
        monitor: what it was kept for.
    """
    sheet = Sheet(WIDE, 236)
    logarithmic = _losses(sheet, rows, kept, WIDE if metric is None else 320)
    if metric is not None:
        _curve(sheet, rows, metric, kept)
    names = [name for name in ("epoch", "loss", "validation_loss", metric) if name and any(name in row for row in rows)]
    table = Table(names, [[row.get(name, math.nan) for name in names] for row in rows])
    caption = phrase("finding.learning.log" if logarithmic else "finding.learning.linear")
    if kept is not None:
        caption = phrase(f"{caption.id}.kept", epoch=str(kept), monitor=monitor)
    last = rows[-1]
    words = [
        f"{name} {significant(float(rows[0].get(name, math.nan)))} → {significant(float(last.get(name, math.nan)))}"
        for name in names[1:]
    ]
    return Illustration("learning-curve", sheet.picture("; ".join(words)), headline(rows), caption, table)


def headline(rows: Rows) -> Phrase:
    """What the losses say; in doubt nothing but what is drawn."""
    train, validation = _series(rows, "loss"), _series(rows, "validation_loss")
    broken = next((row for row, loss in zip(rows, train, strict=True) if not math.isfinite(loss)), None)
    if broken is not None:
        return phrase("finding.learning.broken", epoch=str(int(broken["epoch"])))
    if len(rows) < 3 or not all(map(math.isfinite, validation)):
        return phrase("finding.learning.plain")
    best = min(range(len(rows)), key=validation.__getitem__)
    last = len(rows) - 1
    if best == last and train[-1] < train[-2] and validation[-1] < 0.99 * validation[-2]:
        return phrase("finding.learning.falling", epoch=str(int(rows[-1]["epoch"])))
    if best < last and validation[-1] > 1.05 * validation[best] > 0 and train[-1] < train[best]:
        return phrase("finding.learning.rising", epoch=str(int(rows[best]["epoch"])))
    return phrase("finding.learning.plain")


def kept_epoch(study: Study, rows: Rows) -> int | None:
    """The epoch whose weights were kept, where the history or the rule of early stopping says it."""
    marked = [row for row in rows if row.get("kept")]
    if marked:
        return int(marked[-1]["epoch"])
    monitor = _monitor(study)
    if not monitor:
        return None
    score = study.scores.get("validation", study.scores.get("test", {})).get(monitor)
    if score is None:
        # What is no metric is the loss, and training is judged on the validation rows where there are any.
        monitor = next((name for name in ("validation_loss", "loss") if any(name in row for row in rows)), "loss")
    sign = 1 if score and score.higher_is_better else -1
    least = float(_stopping(study).get("minimum_change") or 0.0)
    best, kept = math.nan, None
    for row, value in zip(rows, _series(rows, monitor), strict=True):
        if math.isfinite(value) and (kept is None or sign * (value - best) > least):
            best, kept = value, int(row["epoch"])
    return kept


def _monitor(study: Study) -> str:
    stopping = _stopping(study)
    return str(stopping.get("monitor") or "loss") if stopping else ""


def _stopping(study: Study) -> Mapping[str, Any]:
    training = study.experiment.get("training")
    found = training.get("early_stopping") if isinstance(training, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _metric(study: Study, rows: Rows) -> str | None:
    found = [name for name in rows[-1] if name not in _NO_METRIC and any(map(math.isfinite, _series(rows, name)))]
    wanted = [name for name in (_monitor(study), study.verdict.metric) if name in found]
    return next(iter(wanted or found), None)


def _number(value: Any) -> float:
    """The value of a cell of the history; NaN where it holds none."""
    return float(value) if isinstance(value, int | float) else math.nan


def _series(rows: Rows, name: str) -> list[float]:
    return [_number(row.get(name)) for row in rows]


def _losses(sheet: Sheet, rows: Rows, kept: int | None, width: float) -> bool:
    axes = sheet.axes(44, 40, width - 44 - (96 if width == WIDE else 74), 146)
    lines = [("loss", "m", "o", "figure.train"), ("validation_loss", "v", "s", "figure.validation")]
    values = [value for name, *_ in lines for value in _series(rows, name) if math.isfinite(value)]
    _frame(axes, rows, kept)
    for name, color, marker, label in lines:
        _line(sheet, axes, rows, name, color, marker, phrase(label))
    logarithmic = loss_axis(axes, values)
    left = make_room(sheet, axes)
    sheet.words(left, 22, phrase("figure.loss"), weight="bold")
    _spread(axes)
    sheet.words(left + axes.bbox.width / 2, 224, phrase("figure.epoch"), color="mut", ha="center", size=11.5)
    return logarithmic


def _curve(sheet: Sheet, rows: Rows, metric: str, kept: int | None) -> None:
    axes = sheet.axes(376, 40, 250, 146)
    _frame(axes, rows, kept)
    _line(sheet, axes, rows, metric, "v", "s", "")
    ticks(axes.yaxis)
    left = make_room(sheet, axes, 376)
    sheet.words(left, 22, phrase("figure.on-validation", metric=metric), weight="bold")
    if kept is not None:
        values = [value for value in _series(rows, metric) if math.isfinite(value)]
        _kept(sheet, axes, rows, kept, low=bool(values) and values[-1] > sum(axes.get_ylim()) / 2)
    sheet.words(501, 224, phrase("figure.epoch"), color="mut", ha="center", size=11.5)


def _frame(axes: Axes, rows: Rows, kept: int | None) -> None:
    first, last = float(rows[0]["epoch"]), float(rows[-1]["epoch"])
    axes.set_xlim(first, last if last > first else first + 1)
    axes.grid(False, axis="x")
    ticks(axes.xaxis, 6, whole=True)
    if kept is not None:
        axes.axvline(kept, color=PALETTE["mut"], linewidth=1, linestyle=(0, (4, 4)), clip_on=False)


def _line(sheet: Sheet, axes: Axes, rows: Rows, name: str, color: str, marker: str, label: Text) -> None:
    points = list(zip(_series(rows, "epoch"), _series(rows, name), strict=True))
    if not any(math.isfinite(value) for _, value in points):
        return
    marks = marker if len(points) <= _MARKED else ""
    x, y = zip(*points, strict=True)
    axes.plot(
        x, y, marks + "-", color=PALETTE[color], linewidth=2, ms=6, mec=PALETTE["bg"], mew=1, clip_on=False, zorder=3
    )
    if label:
        end = next(point for point in reversed(points) if math.isfinite(point[1]))
        artist = sheet.label(axes, *end, label, color=color, size=12.5, va="center_baseline")
        artist.set_in_layout(False)


def _spread(axes: Axes) -> None:
    """The two labels at the ends of the lines, 9 px to their right and at least 15 px apart."""
    labels = sorted(axes.texts, key=lambda text: float(axes.transData.transform(text.get_position())[1]))
    floor = -math.inf
    for text in labels:
        x, y = axes.transData.transform(text.get_position())
        floor = max(float(y), floor + 15)
        right, height = axes.transAxes.inverted().transform((x + 9, floor))
        text.set(transform=axes.transAxes, position=(float(right), float(height)))


def _kept(sheet: Sheet, axes: Axes, rows: Rows, kept: int, low: bool) -> None:
    first, last = axes.get_xlim()
    right = kept < first + 0.6 * (last - first)
    offset = 0.025 * (last - first)
    bottom, top = axes.get_ylim()
    height = bottom + (0.08 if low else 0.9) * (top - bottom)
    sheet.label(
        axes,
        kept + (offset if right else -offset),
        height,
        phrase("figure.kept", epoch=str(kept)),
        color="mut",
        ha="left" if right else "right",
    )

"""The models of a study side by side: how much the figure of the verdict depends on fold and seed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from sci.api import Finding, Prose, RunContext, Score, Study, Table
from sci.api.numbers import count, fixed, scored
from sci_report import facts
from sci_report.drawing import WIDE, Sheet, ticks
from sci_report.illustration import Illustration
from sci_report.prose import plain
from sci_report.svg import PALETTE
from sci_report.words import phrase

NAME = "models"
_TOP, _HEIGHT, _LEFT = 36, 96, 24


def findings(study: Study, context: RunContext) -> list[Finding]:
    """The models of a study, and what the refitted one does on the holdout; none for a plain run."""
    found = []
    drawn = illustration(study)
    if drawn is not None:
        figure = drawn.write(context)
        found.append(Finding(NAME, "results", figure.title, figures=[figure], table=models(study)))
    held = study.scores.get("holdout")
    if held:
        title = phrase("finding.holdout.title", count=_rows(held))
        text = phrase("finding.holdout.text", count=_rows(held))
        found.append(Finding("holdout", "results", plain(title, "en"), plain(text, "en"), table=_holdout(held)))
    return found


def illustration(study: Study) -> Illustration | None:
    """One point for each model on the metric of the verdict, their mean and its interval."""
    metric = study.verdict.metric
    model = facts.test_scores(study).get(metric)
    values = [value for value in _values(study, metric) if math.isfinite(value)]
    if model is None or len(values) < 2 or not math.isfinite(model.value):
        return None
    sheet = Sheet(WIDE, _TOP + _HEIGHT + 36)
    axes = sheet.axes(_LEFT, _TOP, WIDE - 2 * _LEFT, _HEIGHT)
    _drawn(axes, model, values)
    sheet.words(_LEFT, 20, phrase("figure.models", metric=metric), weight="bold")
    digits = facts.digits(study, metric)
    shown = scored(model, digits=digits)
    deviation = fixed(float(model.details.get("sd", math.nan)), digits)
    title = phrase("finding.models.title", count=count(len(values)), metric=metric, value=shown.value, sd=deviation)
    caption = phrase("finding.models.caption", method=model.method or "?")
    description = f"{len(values)} values from {fixed(min(values), digits)} to {fixed(max(values), digits)}"
    return Illustration(NAME, sheet.picture(description), title, caption)


def models(study: Study) -> Table:
    """Fold and seed of each model with its metrics on its test rows."""
    metrics = list(facts.test_scores(study))
    rows = [
        [one.fold, one.seed, len(one.test), *(_value(one.scores.get("test", {}), name) for name in metrics)]
        for one in study.evaluations
    ]
    own: list[Prose] = [{"en": "fold", "zh": "折"}, {"en": "seed", "zh": "种子"}, "n"]
    return Table([*own, *({"en": name, "zh": name} for name in metrics)], rows)


def _drawn(axes: Axes, model: Score, values: Sequence[float]) -> None:
    axes.yaxis.set_visible(False)
    room = max(0.5, 0.06 * len(values))  # so that the first and the last point are whole
    axes.set_ylim(-room, len(values) - 1 + room)
    ends = [*values, *(end for end in (model.low, model.high) if math.isfinite(end))]
    pad = 0.06 * (max(ends) - min(ends)) or 0.05
    axes.set_xlim(min(ends) - pad, max(ends) + pad)
    ticks(axes.xaxis)
    if math.isfinite(model.low):
        axes.axvspan(model.low, model.high, color=PALETTE["m"], alpha=0.15, linewidth=0)
    axes.axvline(model.value, color=PALETTE["m"], linewidth=2)
    size = 6 if len(values) <= 20 else 4
    axes.plot(values, range(len(values) - 1, -1, -1), "o", color=PALETTE["ink"], markersize=size, linestyle="")


def _values(study: Study, metric: str) -> list[float]:
    found = (_value(one.scores.get("test", {}), metric) for one in study.evaluations)
    return [value for value in found if value is not None]


def _value(scores: Mapping[str, Score], metric: str) -> float | None:
    return float(scores[metric].value) if metric in scores else None


def _rows(held: Mapping[str, Score]) -> str:
    return count(next(iter(held.values())).n)


def _holdout(held: Mapping[str, Score]) -> Table:
    rows = [[name, one.value, one.low, one.high] for name, one in held.items()]
    return Table(["metric", "value", "low", "high"], rows)

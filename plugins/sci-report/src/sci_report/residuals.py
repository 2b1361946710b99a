"""Regression: what was predicted against what was true, and what is left over."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from sci.api import ComponentConfig, Finding, RunContext, Study, Table
from sci.api.numbers import count, row_decimals, score, significant
from sci_report import facts
from sci_report.drawing import NARROW, Sheet, make_room, ticks
from sci_report.illustration import Illustration, finding
from sci_report.svg import PALETTE
from sci_report.words import Phrase, phrase

POINTS = 2000
"""More rows than this are drawn as hexagons."""
_BINS = 10
_FEWEST = 20
"""Rows that a bin needs for its quantiles."""


class Residuals:
    """The analysis `residuals`."""

    def __init__(self, config: ComponentConfig) -> None:
        self.config = config

    def analyze(self, study: Study, context: RunContext) -> Sequence[Finding]:
        """Two figures; nothing where the task is no regression."""
        drawn = illustrations(study)
        return [finding(context, "residuals", "results", "", *drawn)] if drawn else []


def illustrations(study: Study) -> list[Illustration]:
    """Predicted against true, and residuals against predicted, over the test rows of every fold."""
    tests = [evaluation.test for evaluation in facts.once(study.evaluations)]
    if not tests or not all(map(facts.regresses, tests)):
        return []
    true = np.concatenate([np.asarray(test.target(), dtype=np.float64) for test in tests])
    said = np.concatenate([np.asarray(test.prediction("value"), dtype=np.float64) for test in tests])
    known = np.isfinite(true) & np.isfinite(said)
    if known.sum() < 3:
        return []
    return [_against(study, true[known], said[known]), _left(study, true[known], said[known])]


def _against(study: Study, true: np.ndarray, said: np.ndarray) -> Illustration:
    sheet, axes = _sheet()
    low, high = _both(true, said)
    axes.set(xlim=(low, high), ylim=(low, high))
    axes.plot([low, high], [low, high], color=PALETTE["mut"], linewidth=1, linestyle=(0, (4, 4)))
    _points(axes, true, said)
    unit = facts.unit(study)
    left = make_room(sheet, axes)
    sheet.words(left, 20, _quantity("figure.value-said", unit), weight="bold")
    sheet.words((left + 316) / 2, 322, _quantity("figure.value-true", unit), color="mut", ha="center", size=11.5)
    lower = int((said < true).sum())
    title = phrase("finding.predicted.title", lower=count(lower), n=count(len(true)))
    caption = phrase("finding.predicted.points" if len(true) <= POINTS else "finding.predicted.hexagons")
    description = f"{len(true)} rows; correlation {np.corrcoef(true, said)[0, 1]:.3f}" if _varies(true, said) else ""
    table = Table(["quantile", "true", "predicted"], _quantiles(true, said))
    return Illustration("predicted-true", sheet.picture(description), title, caption, table)


def _left(study: Study, true: np.ndarray, said: np.ndarray) -> Illustration:
    sheet, axes = _sheet()
    residual = said - true
    reach = 1.08 * float(np.abs(residual).max()) or 1.0
    low, high = _both(said)
    axes.set(xlim=(low, high), ylim=(-reach, reach))
    bands = bins(said, residual)
    for left, right, lower, middle, upper, _ in bands:
        axes.fill_between([left, right], lower, upper, color=PALETTE["m"], alpha=0.15, linewidth=0)
        axes.plot([left, right], [middle, middle], color=PALETTE["m"], linewidth=2, zorder=4)
    axes.axhline(0, color=PALETTE["ink"], linewidth=1)
    _points(axes, said, residual)
    unit = facts.unit(study)
    left = make_room(sheet, axes)
    sheet.words(left, 20, _quantity("figure.value-residual", unit), weight="bold")
    sheet.words((left + 316) / 2, 322, _quantity("figure.value-said", unit), color="mut", ha="center", size=11.5)
    spread = float(np.quantile(residual, 0.95) - np.quantile(residual, 0.05))
    title = phrase("finding.residual.title", share="90", width=_rounded(spread), unit=unit or "1")
    if not unit:
        title = phrase("finding.residual.plain", share="90", width=_rounded(spread))
    caption = phrase("finding.residual.caption" if bands else "finding.residual.bare")
    columns = ["from", "to", "5 %", "50 %", "95 %", "n"]
    description = f"residuals from {significant(float(residual.min()))} to {significant(float(residual.max()))}"
    return Illustration(
        "residuals", sheet.picture(description), title, caption, Table(columns, bands) if bands else None
    )


def bins(said: np.ndarray, residual: np.ndarray) -> list[list[float]]:
    """Quantiles of the residuals in bins with equally many rows: from, to, 5 %, 50 %, 95 %, n."""
    parts = min(_BINS, len(said) // _FEWEST)
    if parts < 2 or np.ptp(said) == 0:
        return []
    order = np.argsort(said, kind="stable")
    found: list[list[float]] = []
    for part in np.array_split(order, parts):
        low, middle, high = (float(q) for q in np.quantile(residual[part], [0.05, 0.5, 0.95]))
        found.append([float(said[part[0]]), float(said[part[-1]]), low, middle, high, len(part)])
    return found


def _sheet() -> tuple[Sheet, Axes]:
    sheet = Sheet(NARROW, 330)
    axes = sheet.axes(54, 34, 262, 250)
    ticks(axes.xaxis, 4)
    ticks(axes.yaxis, 5)
    return sheet, axes


def _points(axes: Axes, x: np.ndarray, y: np.ndarray) -> None:
    if len(x) <= POINTS:
        axes.plot(x, y, "o", ms=4, color=PALETTE["m"], alpha=0.45, mew=0, zorder=3)
        return
    from matplotlib.colors import LinearSegmentedColormap

    one = LinearSegmentedColormap.from_list("one", [PALETTE["m"]] * 2)
    drawn = axes.hexbin(
        x, y, gridsize=28, mincnt=1, cmap=one, linewidths=0, zorder=3, extent=(*axes.get_xlim(), *axes.get_ylim())
    )
    counts = np.asarray(drawn.get_array())
    drawn.set_alpha(0.12 + 0.88 * np.sqrt(counts / counts.max()))


def _both(*values: np.ndarray) -> tuple[float, float]:
    low, high = min(float(v.min()) for v in values), max(float(v.max()) for v in values)
    pad = 0.04 * (high - low) or abs(low) * 0.1 or 1.0
    return low - pad, high + pad


def _varies(true: np.ndarray, said: np.ndarray) -> bool:
    return bool(np.ptp(true) > 0 and np.ptp(said) > 0)


def _quantity(id: str, unit: str) -> Phrase:
    return phrase(f"{id}.unit", unit=unit) if unit else phrase(id)


def _quantiles(true: np.ndarray, said: np.ndarray) -> list[list[float | str]]:
    levels = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
    return [[f"{100 * q:g} %", float(np.quantile(true, q)), float(np.quantile(said, q))] for q in levels]


def _rounded(width: float) -> str:
    return score(width, width, width, digits=row_decimals([width], []))[0]

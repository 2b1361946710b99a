"""How much worse a metric gets when one column is shuffled.

Breiman (2001), doi:10.1023/A:1010933404324; for any model Fisher, Rudin and Dominici (2019), arXiv:1801.01489.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sci.api import (
    ConfigError,
    Dataset,
    Figure,
    Finding,
    Predictions,
    Prose,
    RunContext,
    Study,
    Table,
)
from sci.api.numbers import count
from sci.api.rows import take
from sci.api.wording import both, joined, quoted
from sci_explain.charts import Bar, bars
from sci_explain.config import PermutationConfig
from sci_explain.explaining import explaining
from sci_explain.resampled import drawn, samples_of, values
from sci_explain.subject import Subject

NAME = "permutation-importance"
SHOWN = 20
"""Columns in the figure."""
FEWEST_REPEATS, FEWEST_ROWS = 3, 50
CONFIDENCE = 0.95


class Plan(NamedTuple):
    """How much is shuffled, within the predictions that are allowed."""

    rows: int
    repeats: int


class PermutationImportance:
    """The analysis `permutation-importance`."""

    def __init__(self, config: PermutationConfig) -> None:
        self.config = config

    def analyze(self, study: Study, context: RunContext) -> Sequence[Finding]:
        """Bars of the drops, with intervals over rows and shuffles."""
        return explaining(NAME, study, context, self._findings)

    def _findings(self, subject: Subject) -> list[Finding]:
        metric = self.config.metric or subject.study.verdict.metric
        columns = subject.columns(self.config.columns)
        plan = planned(self.config, len(columns), len(subject.model.test))
        rows = subject.test(plan.rows)
        drops = {name: self._drops(subject, metric, rows, name, plan.repeats) for name in columns}
        found = sorted((Bar(name, *drop) for name, drop in drops.items()), key=lambda bar: -_order(bar.value))
        if not any(np.isfinite(bar.value) for bar in found):
            raise ConfigError(f"`{metric}` is not defined on these rows", id="explain.metric", hint="another `metric`")
        predicted = len(rows) * (1 + plan.repeats * len(columns))
        subject.keep(
            {
                "metric": metric,
                "rows": len(rows),
                "repeats": plan.repeats,
                "predicted_rows": predicted,
                "confidence": CONFIDENCE,
                "columns": [bar._asdict() for bar in found],
            }
        )
        return [told(subject, metric, found, len(rows), plan.repeats, predicted)]

    def _drops(
        self, subject: Subject, name: str, rows: Dataset, column: str, repeats: int
    ) -> tuple[float, float, float]:
        """By how much the metric is worse with this column shuffled, and the ends of its interval."""
        metric = subject.model.metrics[name]
        pipeline = subject.model.pipeline
        before = pipeline.predictions(rows)
        draw = subject.context.random(f"explain.shuffle.{column}")
        orders = [draw.permutation(len(rows)) for _ in range(repeats)]
        after = [pipeline.predictions(shuffled(rows, column, order)) for order in orders]
        sign = 1.0 if metric.higher_is_better else -1.0
        value = sign * float(np.mean([metric(before) - metric(one) for one in after]))
        low, high = self._interval(subject, name, before, list(zip(after, orders, strict=True)))
        return value, low, high

    def _interval(
        self, subject: Subject, name: str, before: Predictions, shuffles: Sequence[tuple[Predictions, np.ndarray]]
    ) -> tuple[float, float]:
        """Percentile bootstrap over rows, of the mean over all shuffles.

        A shuffled row counts as often as it was drawn, times how often the row was drawn that its value is from: the
        drop depends on both (a V-statistic of order 2).
        """
        metric = subject.model.metrics[name]
        draw = subject.context.random("explain.bootstrap")
        counts = drawn(before, samples_of(metric, self.config.samples), draw)
        each = np.stack([values(metric, after, counts * _drawn_too(counts, order)) for after, order in shuffles])
        drop = values(metric, before, counts) - each.mean(axis=0)
        known = drop[np.isfinite(drop)] * (1.0 if metric.higher_is_better else -1.0)
        if len(known) < len(drop) / 2:
            return float("nan"), float("nan")
        low, high = np.quantile(known, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
        return float(low), float(high)


def planned(config: PermutationConfig, columns: int, rows: int) -> Plan:
    """Fewer shuffles first, then fewer rows, until no more rows are predicted than the settings allow."""
    rows = min(rows, config.rows)
    repeats = max(
        min(config.repeats, config.predictions // max(columns * rows, 1)), min(FEWEST_REPEATS, config.repeats)
    )
    return Plan(min(rows, max(config.predictions // max(columns * repeats, 1), FEWEST_ROWS)), repeats)


def shuffled(rows: Dataset, column: str, order: np.ndarray) -> Dataset:
    """The rows with one column in another order."""
    return rows.with_columns({column: take(rows.stored(column), order)}, rows.schema)


def told(subject: Subject, metric: str, found: Sequence[Bar], rows: int, repeats: int, predicted: int) -> Finding:
    """The finding, with its figure."""
    first = found[0]
    clear = sum(bar.low > 0 for bar in found)
    said = f"`{metric}`"
    title = both(
        "`{metric}` suffers most without {name}",
        "缺少 {name} 时 `{metric}` 变差最多",
        metric=metric,
        name=quoted(first.name),
    )
    if not clear:
        title = both("No column is clearly needed for {metric}", "没有哪一列对 {metric} 明显必要", metric=said)
    text = both(
        "Each column was shuffled {repeats} times among {rows} test rows; its bar is how much worse {metric} became, "
        "with 95 % intervals by bootstrap over rows. Of {all} columns {clear} have an interval above "
        "zero. Columns that say the same share their importance, or seem unimportant. {predicted} rows were predicted.",
        "每一列在 {rows} 个测试行中打乱 {repeats} 次；条形表示 {metric} 变差了多少，95 % 区间由对行的自助法得出。"
        "{all} 列中有 {clear} 列的区间在零以上。信息重复的列会分摊重要性，或显得不重要。共预测 {predicted} 行。",
        repeats=repeats,
        rows=count(rows),
        metric=said,
        all=count(len(found)),
        clear=count(clear),
        predicted=count(predicted),
    )
    sheet = bars(
        found[:SHOWN],
        both("how much worse {metric} gets", "{metric} 变差的幅度", metric=metric),
        "; ".join(f"{bar.name}: {bar.value:.4g}" for bar in found[:SHOWN]),
    )
    heads: list[Prose] = [both("column", "列"), both("drop", "变差"), "low", "high"]
    table = Table(heads, [[bar.name, bar.value, bar.low, bar.high] for bar in found])
    figure = Figure(sheet.write(subject.context, NAME), title, table=table)
    heading = both("Permutation importance", "置换重要性")
    return Finding(NAME, "explanation", heading, joined(text, subject.which()), [figure])


def _drawn_too(counts: np.ndarray, order: np.ndarray) -> np.ndarray | int:
    """How often the rows were drawn that values are from; 1 where steps made other rows of them."""
    return counts[:, order] if len(order) == counts.shape[1] else 1


def _order(value: float) -> float:
    return value if np.isfinite(value) else -np.inf

"""Partial dependence: the mean answer when one column is set to a value in every row, and the band of single rows.

Friedman (2001), doi:10.1214/aos/1013203451; Goldstein et al. (2015), arXiv:1309.6392.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sci.api import Column, Dataset, Feature, Figure, Finding, Prose, RunContext, Study, Table
from sci.api.numbers import count
from sci.api.wording import both, joined, quoted
from sci_explain.answers import Answers
from sci_explain.config import DependenceConfig
from sci_explain.curves import curves
from sci_explain.explaining import explaining
from sci_explain.subject import Subject

NAME = "partial-dependence"
PANELS = 6
MOST = 60
"""Columns that are looked at where none are named."""
LEVELS = 12
BAND = (0.1, 0.9)


class Curve(NamedTuple):
    """Answers over the values of one column.

    Args:
        column: its name.
        values: numbers, or names of categories.
        mean: float64 [points].
        low: lower edge of the band of single rows, each moved so that its mean is that of the line.
        high: its upper edge.
    """

    column: str
    values: Sequence[Any]
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray

    @property
    def ordered(self) -> bool:
        """Whether the values are numbers."""
        return not any(isinstance(value, str) for value in self.values)

    @property
    def spread(self) -> float:
        """How far the mean moves."""
        return float(np.ptp(self.mean))


class PartialDependence:
    """The analysis `partial-dependence`."""

    def __init__(self, config: DependenceConfig) -> None:
        self.config = config

    def analyze(self, study: Study, context: RunContext) -> Sequence[Finding]:
        """One panel for each column; nothing where no column has numbers or categories."""
        return explaining(NAME, study, context, self._findings)

    def _findings(self, subject: Subject) -> list[Finding]:
        answers = Answers(subject.model.pipeline, self.config.output)
        columns = subject.columns(self.config.columns)
        if self.config.columns is None:
            columns = columns[:MOST]
        rows = subject.test(self.config.rows)
        if not answers.known:
            return []
        output = self._output(answers)
        grids = {name: grid(subject.model.train, name, self.config.points) for name in columns}
        found = [curve(answers, rows, name, values, output) for name, values in grids.items() if len(values) > 1]
        if not found:
            return []
        found.sort(key=lambda one: -one.spread)
        subject.keep(
            {
                "output": answers.name(output)["en"],
                "rows": len(rows),
                "predicted_rows": answers.asked,
                "band": BAND,
                "columns": [one._asdict() for one in found],
            }
        )
        return [self._told(subject, answers, found, len(rows), output)]

    def _output(self, answers: Answers) -> int:
        """The class that is named, or positive, or the commonest in training."""
        if answers.fixed is not None or not answers.classes:
            return answers.fixed or 0
        counts = answers.pipeline.info.get("counts") or {}
        return max(range(len(answers.classes)), key=lambda at: counts.get(answers.classes[at], 0))

    def _told(self, subject: Subject, answers: Answers, found: Sequence[Curve], rows: int, output: int) -> Finding:
        said = answers.name(output)
        first = quoted(found[0].column)
        title = both("Most moved by {name}", "随 {name} 变化最大", name=first)
        text = both(
            "The line is the mean of {output} over {rows} test rows when the column is set to the value in all of "
            "them; the band holds the middle 80 % of single rows, each moved up or down to the level of the line. "
            "Where it is wide, the column works together with others. Rows that the setting makes may never occur. "
            "{asked} rows were predicted.",
            "曲线是把该列在 {rows} 个测试行中都设为某值时{output}的均值；带状区域包含中间 80 % 的单行曲线，"
            "每条都平移到均值曲线的高度。带宽大说明该列与其他列共同起作用。这样设定出的行可能从不出现。"
            "共预测 {asked} 行。",
            output=said,
            rows=count(rows),
            asked=count(answers.asked),
        )
        shown = found[:PANELS]
        sheet = curves(shown, said, "; ".join(f"{one.column}: mean moves by {one.spread:.4g}" for one in shown))
        heads: list[Prose] = [both("column", "列"), both("value", "取值"), both("mean", "均值"), "10 %", "90 %"]
        table = Table(
            heads,
            [
                [one.column, value if isinstance(value, str) else f"{value:.4g}", *map(float, numbers)]
                for one in shown
                for value, *numbers in zip(one.values, one.mean, one.low, one.high, strict=True)
            ],
        )
        figure = Figure(sheet.write(subject.context, NAME), title, table=table)
        heading = both("Partial dependence", "部分依赖")
        return Finding(NAME, "explanation", heading, joined(text, subject.which()), [figure])


def grid(train: Dataset, name: str, points: int) -> list[Any]:
    """Values of a column: quantiles of numbers that occur in training, or the commonest categories; none of other
    kinds."""
    feature = train.schema.columns[name]
    if feature.ragged or feature.shape or feature.kind not in ("number", "category", "boolean"):
        return []
    column: Any = train.column(name)
    if feature.kind == "category":
        counted = pc.value_counts(column.drop_null()).to_pylist()
        common = sorted(counted, key=lambda one: (-one["counts"], str(one["values"])))[:LEVELS]
        return sorted(str(one["values"]) for one in common)
    if feature.kind == "boolean":
        return [value for value in (False, True) if (column == value).any()]
    values = np.asarray(column, dtype=np.float64)
    values = values[np.isfinite(values)]
    if not len(values):
        return []
    return np.unique(np.quantile(values, np.linspace(0.01, 0.99, points), method="nearest")).tolist()


def curve(answers: Answers, rows: Dataset, name: str, values: Sequence[Any], output: int) -> Curve:
    """Answers with the column set to each value.

    Args:
        answers: the model.
        rows: raw rows.
        name: of the column.
        values: what it is set to.
        output: which answer.
    """
    found = [
        answers(rows.with_columns({name: constant(value, rows.schema.columns[name], len(rows))}, rows.schema))
        for value in values
    ]
    single = np.stack(found)[:, :, output]
    mean = single.mean(axis=1)
    level = single - single.mean(axis=0) + mean.mean()
    low, high = np.quantile(level, BAND, axis=1)
    shown = [str(value).lower() if isinstance(value, bool) else value for value in values]
    return Curve(name, shown, mean, low, high)


def constant(value: Any, feature: Feature, rows: int) -> Column:
    """A column with one value, in the form in which columns pass between steps."""
    if isinstance(value, str):
        return pa.array([value] * rows, pa.large_string())
    return np.full(rows, value, dtype=np.int64 if isinstance(value, bool) else feature.dtype)

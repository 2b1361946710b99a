"""The analysis `slices`: where the model is worse than elsewhere."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sci.api import Finding, Predictions, RunContext, Score, Study, Table
from sci.api.numbers import confidence, count, difference, fixed, row_decimals
from sci_report import facts, slicing
from sci_report.config import SlicesConfig, dividing
from sci_report.forest import Row, forest
from sci_report.illustration import Illustration, finding, note, with_interval
from sci_report.slicing import Slice
from sci_report.words import Data, Listing, Name, Phrase, Text, phrase

DRAWN = 24
"""Slices that are drawn; the table has them all."""


@dataclass(frozen=True)
class Scored:
    """A slice, its score, and how many of its rows are of the rarer of two classes."""

    slice: Slice
    score: Score
    rare: int | None

    @property
    def label(self) -> str:
        """Column and value."""
        return f"{self.slice.column}: {self.slice.value}"


@dataclass(frozen=True)
class Contrast:
    """A slice held against all other rows.

    Args:
        inside: the metric there.
        outside: the metric elsewhere.
        low: lower end of the interval of inside minus outside.
        high: upper end.
        level: of that interval, corrected for the number of slices.
    """

    inside: Score
    outside: Score
    low: float
    high: float
    level: float

    @property
    def worse(self) -> bool:
        """Whether the interval lies on the worse side of 0."""
        return self.high < 0 if self.inside.higher_is_better else self.low > 0


class Slices:
    """The analysis `slices`.

    The slice that lies furthest on the worse side, measured by its interval, is held against the other rows at a level
    divided by the number of slices: the first step of Holm (1979), which answers whether there is any. The interval of
    the difference is put together from the two of its parts (Zou and Donner 2008, doi:10.1002/sim.3095).
    """

    def __init__(self, config: SlicesConfig) -> None:
        self.config = config

    def analyze(self, study: Study, context: RunContext) -> Sequence[Finding]:
        """A figure and a table; a sentence where no slice has enough rows."""
        tests = facts.tested(study)
        if tests is None:
            return []
        metric = self.config.metric or study.verdict.metric
        named = self.config.columns or []
        names = named or dividing(study.schema)[: self.config.most]
        divided = {name: slicing.slices(study, name, self.config.bins) for name in names}
        every = [one for found in divided.values() if len(found) > 1 for one in found]
        large = [one for one in every if len(one.rows) >= self.config.minimum]
        small = [one for one in every if len(one.rows) < self.config.minimum]
        rare = _rare(tests)
        scored = [
            Scored(
                one, context.score(metric, tests.take(one.rows)), None if rare is None else int(rare[one.rows].sum())
            )
            for one in large
        ]
        shown = [one for one in scored if math.isfinite(one.score.value)]
        left = [name for name in dividing(study.schema) if not divided.get(name)] if not named else []
        if not shown:
            text = phrase("finding.slices.empty", minimum=count(self.config.minimum), small=count(len(small)))
            return [note("slices", "slices", phrase("finding.slices.plain", metric=metric), text)]
        overall = context.score(metric, tests)
        contrast, worst = self._contrast(metric, tests, shown, overall, context)
        text = self._said(overall, shown, contrast, worst, small, left)
        drawn = self._figure(metric, overall, scored, contrast, worst)
        return [finding(context, "slices", "slices", text, drawn)]

    def _contrast(
        self, metric: str, tests: Predictions, shown: Sequence[Scored], overall: Score, context: RunContext
    ) -> tuple[Contrast | None, Scored]:
        sign = 1.0 if overall.higher_is_better else -1.0

        def short(one: Scored) -> float:
            found = one.score
            width = found.high - found.low
            return sign * (overall.value - found.value) / width if width > 0 else -math.inf

        worst = max(shown, key=short)
        others = np.setdiff1d(np.arange(len(tests)), worst.slice.rows)
        if not len(others):
            return None, worst
        level = 1 - (1 - overall.confidence) / len(shown)
        inside = context.score(metric, tests.take(worst.slice.rows), level)
        outside = context.score(metric, tests.take(others), level)
        low, high = apart(inside, outside)
        return (Contrast(inside, outside, low, high, level), worst) if math.isfinite(low) else (None, worst)

    def _said(
        self,
        overall: Score,
        shown: Sequence[Scored],
        contrast: Contrast | None,
        worst: Scored,
        small: Sequence[Slice],
        left: Sequence[str],
    ) -> Phrase:
        counts: dict[str, Text] = {
            "overall": with_interval(overall),
            "minimum": count(self.config.minimum),
            "small": count(len(small)),
            "rows": count(sum(len(one.rows) for one in small)),
        }
        if contrast is None:
            return phrase("finding.slices.counted", **counts)
        gap = difference(contrast.inside.value - contrast.outside.value, contrast.low, contrast.high)
        held: dict[str, Text] = {
            "worst": Data(worst.label),
            "difference": gap.value,
            "low": gap.low,
            "high": gap.high,
            "level": confidence(round(contrast.level, 5)),
            "count": count(len(shown)),
        }
        if not left:
            return phrase("finding.slices.held", **counts, **held)
        return phrase("finding.slices.held.left", **counts, **held, left=Listing([Name(name) for name in left[:6]]))

    def _figure(
        self, metric: str, overall: Score, scored: Sequence[Scored], contrast: Contrast | None, worst: Scored
    ) -> Illustration:
        ordered = sorted(scored, key=lambda one: _order(one.score))
        shown = [one for one in ordered if math.isfinite(one.score.value)][:DRAWN]
        worse = contrast is not None and contrast.worse
        rows = [
            Row(Name(one.label), one.score, f"n = {count(len(one.slice.rows))}", strong=worse and one is worst)
            for one in shown
        ]
        picture = forest(
            rows,
            overall.value,
            phrase("figure.slices", metric=metric),
            phrase("figure.slices.all", value=with_interval(overall).values["value"]),
        )
        rare = [] if worst.rare is None else ["n of the rarer class"]
        table = Table(
            ["slice", metric, "low", "high", "n", *rare],
            [
                [one.label, one.score.value, one.score.low, one.score.high, len(one.slice.rows)]
                + ([] if one.rare is None else [one.rare])
                for one in ordered
            ],
        )
        numbers = {
            "metric": metric,
            "all": overall,
            "slices": [
                {
                    "column": one.slice.column,
                    "value": one.slice.value,
                    "score": one.score,
                    **({} if one.rare is None else {"rarer-class": one.rare}),
                }
                for one in ordered
            ],
            "worst": {"column": worst.slice.column, "value": worst.slice.value},
        }
        if contrast is not None:
            numbers["worst-against-others"] = {
                "inside": contrast.inside.value,
                "outside": contrast.outside.value,
                "low": contrast.low,
                "high": contrast.high,
                "confidence": contrast.level,
                "worse": worse,
            }
        caption = phrase(
            "finding.slices.caption",
            confidence=confidence(overall.confidence),
            method=overall.method,
            drawn=count(len(rows)),
            count=count(len(ordered)),
        )
        finite = sum(math.isfinite(one.score.value) for one in scored)
        return Illustration("slices", picture, headline(metric, contrast, worst, finite), caption, table, numbers)


def headline(metric: str, contrast: Contrast | None, worst: Scored, slices: int) -> Phrase:
    """Where the metric is worse, or that no slice can be told apart."""
    if contrast is None or not contrast.worse:
        return phrase("finding.slices.none", count=count(slices), metric=metric)
    inside, outside = contrast.inside, contrast.outside
    digits = row_decimals([inside.value], [found.high - found.low for found in (inside, outside)])
    return phrase(
        "finding.slices.worse",
        metric=metric,
        column=Name(worst.slice.column),
        value=Name(worst.slice.value),
        inside=fixed(inside.value, digits),
        outside=fixed(outside.value, digits),
    )


def apart(a: Score, b: Score) -> tuple[float, float]:
    """The interval of a - b for independent rows, from the intervals of both.

    Zou and Donner, Construction of confidence limits about effect measures (2008), doi:10.1002/sim.3095; for two
    proportions with Wilson's intervals it is that of Newcombe (1998).
    """
    gap = a.value - b.value
    low = gap - math.hypot(a.value - a.low, b.high - b.value)
    return low, gap + math.hypot(a.high - a.value, b.value - b.low)


def _order(found: Score) -> float:
    if not math.isfinite(found.value):
        return math.inf
    return found.value if found.higher_is_better else -found.value


def _rare(tests: Predictions) -> np.ndarray | None:
    """Which rows are of the rarer of two classes, bool [n]; None where there are not two."""
    if not facts.classifies(tests) or len(tests.info["classes"]) != 2:
        return None
    second = tests.codes("target") == 1
    return second if second.mean() <= 0.5 else tests.codes("target") == 0

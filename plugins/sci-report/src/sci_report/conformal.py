"""The analysis `conformal-coverage`: how often sets and intervals hold the truth, and how large they are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sci.api import Finding, Predictions, RunContext, Score, Study, Table
from sci.api.numbers import confidence, count, percent, significant
from sci_report import facts, slicing
from sci_report.config import ConformalCoverageConfig
from sci_report.forest import Row, forest
from sci_report.illustration import Illustration, finding, note, with_interval
from sci_report.prose import plain
from sci_report.weighted import Mean, Share, carrying
from sci_report.words import Name, Phrase, Text, phrase

NAME = "conformal-coverage"
CLASSES = 20
"""Classes that are looked at one by one."""
DRAWS = 100_000
"""Of a beta distribution, for its quantiles."""


@dataclass(frozen=True)
class Held:
    """What the calibrator promised of each test row with a known answer.

    Args:
        rows: their predictions.
        inside: whether the truth is in the set or interval, bool [n].
        size: classes in the set, or the width of the interval, float64 [n].
        asked: the share that was asked for.
        of_sets: whether these are sets of classes.
    """

    rows: Predictions
    inside: np.ndarray
    size: np.ndarray
    asked: float
    of_sets: bool


class ConformalCoverage:
    """The analysis `conformal-coverage`.

    Conformal prediction promises its coverage on average over rows and calibrations, not for each class or slice
    (Angelopoulos and Bates 2021, arXiv:2107.07511, sections 3 and 4).
    """

    def __init__(self, config: ConformalCoverageConfig) -> None:
        self.config = config

    def analyze(self, study: Study, context: RunContext) -> Sequence[Finding]:
        """A figure; a sentence where no calibrator made sets or intervals."""
        tests = facts.tested(study)
        if tests is None:
            return []
        found = held(tests)
        if found is None:
            return [note(NAME, "calibration", phrase("finding.conformal.plain"), phrase("finding.conformal.absent"))]
        parts = self._parts(study, tests, found)
        scores = [(label, context.score(Share(), _chosen(found, rows)), len(rows)) for label, rows in parts]
        sizes = context.score(Mean((0.0, None), False), carrying(found.rows, found.size))
        spread = self._spread(study, found, context)
        overall = scores[0][1]
        return [
            finding(
                context,
                NAME,
                "calibration",
                _said(found, overall, sizes, spread),
                _figure(found, scores, sizes, spread),
            )
        ]

    def _parts(self, study: Study, tests: Predictions, found: Held) -> list[tuple[Text, np.ndarray]]:
        """Labels and positions among the rows of `found`; all of them first."""
        n = len(found.rows)
        parts: list[tuple[Text, np.ndarray]] = []
        if found.of_sets:
            truth = found.rows.codes("target")
            names = [str(name) for name in found.rows.info["classes"]]
            parts += [(Name(name), np.flatnonzero(truth == code)) for code, name in list(enumerate(names))[:CLASSES]]
            sizes = np.unique(found.size)
            parts += [
                (phrase("figure.conformal.size", size=f"{size:g}"), np.flatnonzero(found.size == size))
                for size in sizes[:CLASSES]
            ]
        else:
            value = np.asarray(found.rows.prediction("value"), dtype=np.float64)
            quarters = np.array_split(np.argsort(value, kind="stable"), 4) if n >= 8 else []
            ends = [(f"{value[rows[0]]:.4g}", f"{value[rows[-1]]:.4g}") for rows in quarters]
            parts += [
                (phrase("figure.conformal.predicted", low=low, high=high), rows)
                for (low, high), rows in zip(ends, quarters, strict=True)
            ]
        places = np.full(len(tests), -1)
        places[_known(tests, found)] = np.arange(n)
        for column in self.config.columns:
            for one in slicing.slices(study, column, self.config.bins):
                rows = places[one.rows]
                parts.append((Name(f"{column}: {one.value}"), rows[rows >= 0]))
        large = [(label, rows) for label, rows in parts if len(rows) >= self.config.minimum]
        return [(phrase("figure.conformal.all"), np.arange(n)), *large]

    def _spread(self, study: Study, found: Held, context: RunContext) -> tuple[int, float, float] | None:
        """Validation rows, and between what the coverage lies in 95 of 100 calibrations with as many.

        Vovk, Conditional validity of inductive conformal predictors (2012), arXiv:1209.2673: a beta distribution.
        """
        validation = study.evaluations[0].validation
        n = 0 if validation is None else len(validation)
        rank = math.ceil((n + 1) * found.asked - 1e-9)
        if n < 2 or rank > n:
            return None
        drawn = context.random(NAME).beta(rank, n + 1 - rank, DRAWS)
        low, high = np.quantile(drawn, [0.025, 0.975])
        return n, float(low), float(high)


def held(tests: Predictions) -> Held | None:
    """What was promised of the test rows; None where nothing was."""
    asked = float(tests.info.get("coverage", math.nan))
    if tests.has("set") and facts.classifies(tests):
        known = np.flatnonzero(tests.codes("target") >= 0)
        rows = tests.take(known)
        sets = np.asarray(rows.prediction("set"), dtype=bool)
        inside = sets[np.arange(len(rows)), rows.codes("target")]
        found = Held(rows, inside, sets.sum(axis=1).astype(np.float64), asked, of_sets=True)
    elif tests.has("low") and tests.has("high") and facts.regresses(tests):
        known = np.flatnonzero(np.isfinite(np.asarray(tests.target(), dtype=np.float64)))
        rows = tests.take(known)
        truth, low, high = (
            np.asarray(column, dtype=np.float64)
            for column in (rows.target(), rows.prediction("low"), rows.prediction("high"))
        )
        found = Held(rows, (low <= truth) & (truth <= high), high - low, asked, of_sets=False)
    else:
        return None
    return found if len(found.rows) and math.isfinite(asked) else None


def _known(tests: Predictions, found: Held) -> np.ndarray:
    """Positions among all test rows of those with a known answer."""
    if found.of_sets:
        return np.flatnonzero(tests.codes("target") >= 0)
    return np.flatnonzero(np.isfinite(np.asarray(tests.target(), dtype=np.float64)))


def _chosen(found: Held, rows: np.ndarray) -> Predictions:
    return carrying(found.rows.take(rows), found.inside[rows])


def _said(found: Held, overall: Score, sizes: Score, spread: tuple[int, float, float] | None) -> Phrase:
    constant = np.ptp(found.size) <= 1e-9 * np.abs(found.size).max(initial=1.0)
    size: Text = significant(sizes.value, 4) if constant else with_interval(sizes)
    values: dict[str, Text] = {"coverage": with_interval(overall), "size": size}
    id = "set" if found.of_sets else "interval"
    if spread is None:
        return phrase(f"finding.conformal.{id}", **values)
    n, low, high = spread
    values |= {"n": count(n), "low": percent(low, 1), "high": percent(high, 1)}
    return phrase(f"finding.conformal.{id}.spread", **values)


def headline(asked: float, overall: Score) -> Phrase:
    """Whether the truth is held as often as was asked for, by the interval."""
    way = "as" if not overall.low <= overall.high or overall.low <= asked <= overall.high else "less"
    if way == "less" and overall.low > asked:
        way = "more"
    return phrase(f"finding.conformal.title.{way}", share=percent(overall.value, 1), asked=confidence(asked))


def _figure(
    found: Held, scores: Sequence[tuple[Text, Score, int]], sizes: Score, spread: tuple[int, float, float] | None
) -> Illustration:
    rows = [Row(label, score, f"n = {count(n)}", strong=False) for label, score, n in scores]
    picture = forest(
        rows,
        found.asked,
        phrase("figure.conformal"),
        phrase("figure.conformal.asked", asked=confidence(found.asked)),
    )
    overall = scores[0][1]
    distribution = zip(*np.unique(found.size, return_counts=True), strict=True) if found.of_sets else []
    numbers = {
        "asked": found.asked,
        "coverage": overall,
        "mean-size": sizes,
        "sizes": {f"{size:g}": int(n) for size, n in distribution},
        "parts": [{"part": plain(label, "en"), "coverage": score} for label, score, _ in scores[1:]],
        "over-calibrations": None if spread is None else dict(zip(("validation", "low", "high"), spread, strict=True)),
    }
    table = Table(
        ["part", "coverage", "low", "high", "n"],
        [[plain(label, "en"), score.value, score.low, score.high, n] for label, score, n in scores],
    )
    caption = phrase("finding.conformal.caption", confidence=confidence(overall.confidence), method=overall.method)
    return Illustration(NAME, picture, headline(found.asked, overall), caption, table, numbers)

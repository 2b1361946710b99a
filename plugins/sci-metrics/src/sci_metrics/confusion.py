"""Which class is taken for which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sci.api import Evaluation, Finding, Predictions, RunContext, Study, Table
from sci_metrics.config import ConfusionMatrixConfig

NO_CLASS = "(no class)"


class ConfusionMatrix:
    """The confusion matrix of the test rows, as a table of counts and of shares of each true class.

    With more classes than the limit it lists the worst confusions instead. Folds are added up; a row that several
    models answered counts once, as the first of them answered it.
    """

    def __init__(self, config: ConfusionMatrixConfig) -> None:
        self.config = config

    def analyze(self, study: Study, context: RunContext) -> Sequence[Finding]:
        """One finding; none for a task without classes and labels."""
        children = [child for child in study.evaluations if _applies(child.test)]
        if not children:
            return []
        tests = [child.test for child in children]
        firsts = zip(tests, Predictions.first_answers(tests), strict=True)
        counts = Counts.of([test.take(rows) for test, rows in firsts])
        many = len(counts.names) > self.config.limit
        table = counts.worst(self.config.limit) if many else counts.matrix()
        return [
            Finding(
                name="confusion-matrix",
                place="results",
                title=counts.title(),
                text=_both(*counts.sentence(), *_pooled(children)),
                table=table,
            )
        ]


@dataclass(frozen=True)
class Counts:
    """Rows of each true class (first axis) that were given each class (second axis).

    Args:
        names: the classes, and `NO_CLASS` at the end where a row has no label or a class that the model does not know.
        rows: int64 [classes, classes].
        known: classes without `NO_CLASS`.
    """

    names: list[str]
    rows: np.ndarray
    known: int

    @classmethod
    def of(cls, tests: Sequence[Predictions]) -> Counts:
        """Added up over the test rows of several models, by the names of the classes."""
        known = list(dict.fromkeys(name for test in tests for name in test.info["classes"]))
        rows = np.zeros((len(known) + 1, len(known) + 1), dtype=np.int64)
        for test in tests:
            places = np.array([*(known.index(name) for name in test.info["classes"]), len(known)])
            np.add.at(rows, (places[test.codes("target")], places[test.codes("label")]), 1)
        if rows[-1].any() or rows[:, -1].any():
            return cls([*known, NO_CLASS], rows, len(known))
        return cls(known, rows[:-1, :-1], len(known))

    @property
    def total(self) -> int:
        """All rows."""
        return int(self.rows.sum())

    @property
    def wrong(self) -> int:
        """Rows that were not given their class."""
        return self.total - int(np.trace(self.rows[: self.known, : self.known]))

    @property
    def shares(self) -> np.ndarray:
        """Shares of each true class, float64 [classes, classes]; NaN for a class without rows."""
        of_class = self.rows.sum(axis=1, keepdims=True)
        return np.divide(self.rows, of_class, out=np.full(self.rows.shape, np.nan), where=of_class > 0)

    def matrix(self) -> Table:
        """Two lines for each true class: rows, and their share of the class."""
        lines: list[list[object]] = []
        for name, rows, shares in zip(self.names, self.rows.tolist(), self.shares.tolist(), strict=True):
            lines += [[name, "rows", *rows], [name, "share", *shares]]
        return Table(["true class", "measure", *(f"predicted {name}" for name in self.names)], lines)

    def worst(self, count: int) -> Table:
        """The most frequent confusions; of equally frequent ones those that hit a larger share of their class first."""
        shares = self.shares
        lines = [[self.names[i], self.names[j], int(self.rows[i, j]), float(shares[i, j])] for i, j in self._mistakes()]
        return Table(["true class", "predicted class", "rows", "share of true class"], lines[:count])

    def title(self) -> Mapping[str, str]:
        """How many rows are wrong."""
        if not self.wrong:
            return {
                "en": f"All {self.total:,} test rows are given their class",
                "zh": f"{self.total:,} 个测试行全部判对类别",
            }
        are = "is" if self.wrong == 1 else "are"
        return {
            "en": f"{self.wrong:,} of {self.total:,} test rows {are} given a wrong class",
            "zh": f"{self.total:,} 个测试行中有 {self.wrong:,} 个判错类别",
        }

    def sentence(self) -> list[Mapping[str, str]]:
        """The most frequent confusion in words; none where no row is wrong."""
        mistakes = self._mistakes()
        if not mistakes:
            return []
        i, j = mistakes[0]
        true, said, share = self.names[i], self.names[j], f"{100 * self.shares[i, j]:.1f}"
        rows, of = f"{self.rows[i, j]:,}", f"{self.rows[i].sum():,}"
        return [
            {
                "en": f"Most often `{true}` is taken for `{said}`: {rows} of {of} rows of that class ({share} %).",
                "zh": f"最常见的是把 `{true}` 认作 `{said}`：该类 {of} 行中的 {rows} 行（{share}%）。",
            }
        ]

    def _mistakes(self) -> list[tuple[int, int]]:
        wrong = self.rows.copy()
        np.fill_diagonal(wrong[: self.known, : self.known], 0)
        cells = np.argwhere(wrong > 0)
        frequent = np.lexsort((-self.shares[tuple(cells.T)], -wrong[tuple(cells.T)]))
        return [(int(i), int(j)) for i, j in cells[frequent]]


def _applies(predictions: Predictions) -> bool:
    return bool(len(predictions)) and "classes" in predictions.info and predictions.has("label")


def _pooled(children: Sequence[Evaluation]) -> list[Mapping[str, str]]:
    if len(children) == 1:
        return []
    models = len(children)
    return [
        {
            "en": f"Of {models} models; a row that several answered counts once, as the first of them answered it.",
            "zh": f"共 {models} 个模型；由多个模型回答的行只计一次，取其中第一个的回答。",
        }
    ]


def _both(*sentences: Mapping[str, str]) -> Mapping[str, str] | str:
    if not sentences:
        return ""
    return {"en": " ".join(one["en"] for one in sentences), "zh": "".join(one["zh"] for one in sentences)}

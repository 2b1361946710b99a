"""Which types of names are found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sci.api import Finding, Predictions, RunContext, Study, Table
from sci_metrics.entities import are_entities, found_and_real

HEADS = ["type", "precision", "recall", "f1", "said", "real", "found"]


class EntityTypes:
    """Precision, recall and F1 of each type of names in the test rows, the most frequent type first.

    Folds are added up; a row that several models answered counts once, as the first of them answered it.
    """

    def __init__(self, config: Any) -> None:
        self.config = config

    def analyze(self, study: Study, context: RunContext) -> Sequence[Finding]:
        """One finding; none where the tags are in no form that marks names."""
        tests = [child.test for child in study.evaluations]
        tests = [test for test in tests if len(test) and test.has("tags") and are_entities(test)]
        if not tests:
            return []
        firsts = zip(tests, Predictions.first_answers(tests), strict=True)
        said, real, found = counted([test.take(rows) for test, rows in firsts])
        lines = [line(kind, said[kind], real[kind], found[kind]) for kind, _ in (real + said).most_common()]
        lines.sort(key=lambda one: (-int(one[5]), one[0]))
        return [
            Finding(
                name="entity-types",
                place="results",
                title=f"{found.total():,} of {real.total():,} names are found",
                text=f"{said.total() - found.total():,} names are said to be there and are not, or are not so.",
                table=Table(HEADS, lines),
            )
        ]


def counted(tests: Sequence[Predictions]) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Names of each type that are said to be there, that are, and both."""
    said, real, found = Counter[str](), Counter[str](), Counter[str]()
    for test in tests:
        for predicted, truth in found_and_real(test):
            said.update(kind for kind, _, _ in predicted)
            real.update(kind for kind, _, _ in truth)
            found.update(kind for kind, _, _ in predicted & truth)
    return said, real, found


def line(kind: str, said: int, real: int, found: int) -> list[Any]:
    """The line of one type; 0 where a denominator is 0."""
    precision, recall = found / said if said else 0.0, found / real if real else 0.0
    return [kind, precision, recall, 2 * found / (said + real) if said + real else 0.0, said, real, found]

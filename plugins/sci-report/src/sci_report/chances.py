"""The probabilities that test rows got, beside the classes that they turned out to have."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sci.api import Finding, Predictions, Study
from sci_report import facts
from sci_report.illustration import note
from sci_report.words import Text, phrase


@dataclass(frozen=True)
class Chances:
    """Rows of a classification whose class and probabilities are known.

    Args:
        rows: their predictions.
        names: the classes, k of them.
    """

    rows: Predictions
    names: list[str]

    @property
    def probability(self) -> np.ndarray:
        """float64 [n, k]."""
        return np.asarray(self.rows.prediction("probability"), dtype=np.float64)

    @property
    def truth(self) -> np.ndarray:
        """Positions in `names`, int64 [n]."""
        return self.rows.codes("target")

    @property
    def positive(self) -> int:
        """Position of the positive one of two classes; the second where none is named."""
        named = str(self.rows.info.get("positive") or "")
        return self.names.index(named) if named in self.names else 1

    @property
    def counts(self) -> np.ndarray:
        """Rows of each class, int64 [k]."""
        return np.bincount(self.truth, minlength=len(self.names))


def chances(study: Study) -> Chances | None:
    """Those of the test rows of every fold; None where the task is no classification with probabilities, or where
    there are fewer than two such rows."""
    tests = facts.tested(study)
    return None if tests is None else of(tests)


def of(predictions: Predictions) -> Chances | None:
    """Those of any rows, in the same way."""
    if not facts.classifies(predictions) or not predictions.has("probability"):
        return None
    probability = np.asarray(predictions.prediction("probability"), dtype=np.float64)
    known = (predictions.codes("target") >= 0) & np.isfinite(probability).all(axis=1)
    names = [str(name) for name in predictions.info["classes"]]
    return Chances(predictions.take(np.flatnonzero(known)), names) if known.sum() >= 2 and len(names) > 1 else None


def absent(study: Study, name: str, place: str, title: Text) -> list[Finding]:
    """What an analysis of probabilities says where there are none; nothing of a task that is no classification."""
    if not facts.classes(study):
        return []
    return [note(name, place, title, phrase("finding.no-probabilities"))]

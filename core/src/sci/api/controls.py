"""Controls: the experiment's own model once more, on training rows that were changed on purpose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np

    from sci.api.judgement import Difference
    from sci.api.rows import Dataset
    from sci.api.study import Score


@dataclass(frozen=True)
class Variant:
    """One change of the rows that a model is trained on. The test rows are out of its reach.

    Args:
        name: differs from variant to variant, and is the same for every fold; part of a folder's name.
        train: int64 [n], positions in the training rows that are learned from.
        validation: int64 [m], positions in the validation rows that training looks at.
        train_targets: int64 [n], positions in the training rows whose targets those rows get; None for their own.
        validation_targets: int64 [m], the same for the validation rows.
    """

    name: str
    train: np.ndarray
    validation: np.ndarray
    train_targets: np.ndarray | None = None
    validation_targets: np.ndarray | None = None


@dataclass(frozen=True)
class Controlled:
    """What a variant came to on the test rows, over all folds and seeds.

    Args:
        name: of the variant.
        rows: training rows, the mean over the folds.
        scores: metric to score.
        differences: metric to the paired difference, the model minus this variant; empty where none can be computed.
    """

    name: str
    rows: float
    scores: Mapping[str, Score]
    differences: Mapping[str, Difference] = field(default_factory=dict)


@dataclass(frozen=True)
class Conclusion:
    """What the variants say about the model, in one metric.

    Args:
        sentence: for people, with the figures.
        doubt: what stands beside the verdict where the control speaks against the model; empty where it does not.
        facts: numbers to keep beside the sentence, such as ``p``.
    """

    sentence: str
    doubt: str = ""
    facts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class ControlResult:
    """A control that ran.

    Args:
        rows: training rows of the model itself, the mean over the folds.
        variants: in their order.
        conclusions: metric to what is concluded.
        openings: how often its variants opened the test rows.
    """

    rows: float
    variants: Sequence[Controlled]
    conclusions: Mapping[str, Conclusion]
    openings: int


class Control(Protocol):
    """Trains the experiment's own model on changed rows. Target of kind `controls`: called with its settings.

    A control is no rival: it does not enter the verdict's comparison, and its figures stand apart. One with the
    attribute ``paired = True`` also gets the paired differences between the model and its variants.
    """

    def variants(self, train: Dataset, validation: Dataset, seed: int) -> Sequence[Variant]:
        """The changes for one fold. The same seed gives the same ones.

        Args:
            train: the training rows of the fold, raw.
            validation: its validation rows; there may be none.
            seed: what every draw follows from.
        """
        ...

    def conclude(self, metric: str, model: Score, rows: float, found: Sequence[Controlled]) -> Conclusion:
        """What the variants say about the model.

        Args:
            metric: name of the metric.
            model: score of the model on the test rows.
            rows: training rows of the model.
            found: the variants, in the order in which `variants` gave them.
        """
        ...

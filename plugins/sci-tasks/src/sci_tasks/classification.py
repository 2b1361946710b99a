"""Which one of the classes is it?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from sci.api import Batch, DataError, Dataset, Feature, Fold, Kind, Schema, State, Task
from sci.api.errors import SeveralErrors
from sci_tasks.config import ClassificationConfig
from sci_tasks.labels import Labels, outside
from sci_tasks.names import names_of


class Classification(Task):
    """One class for each row, out of two or more.

    Of two classes one is positive: the one that the settings name, otherwise the rarer one of the training rows (the
    later in sorted order where both are equally frequent).
    """

    slots: ClassVar[Mapping[str, tuple[Kind, ...]]] = {"target": ("category", "boolean")}
    loss: ClassVar[str | None] = "cross-entropy"
    metrics: ClassVar[tuple[str, ...]] = ("accuracy", "balanced-accuracy", "log-loss")
    baselines: ClassVar[tuple[str, ...]] = ("majority", "linear")

    def __init__(self, config: ClassificationConfig) -> None:
        super().__init__(config)
        self.classes_: tuple[str, ...] = ()
        self.counts_: tuple[int, ...] = ()
        self.positive_: str | None = None

    def check(self, dataset: Dataset, fold: Fold) -> None:
        target = dataset.schema.slots["target"]
        if dataset.schema.columns[target].ragged:
            raise DataError(
                f"`{target}` holds lists of labels, and classification gives each row one class",
                id="data.target-kind",
                hint="task: multi-label",
            )
        labels = Labels.read(dataset, target, fold)
        causes = [*labels.missing(), *labels.variants()]
        errors = causes or [*labels.single(), *labels.absent(), *labels.unfit_positive(self.config.positive)]
        if errors:
            raise errors[0] if len(errors) == 1 else SeveralErrors(errors)

    def check_outside(self, dataset: Dataset) -> None:
        Labels.read(dataset, dataset.schema.slots["target"], outside(dataset)).demand_known(self.classes_)

    def target_steps(self, schema: Schema) -> list[Mapping[str, Any]]:
        return [{"name": "label-index", "columns": [schema.slots["target"]]}]

    def heads(self, schema: Schema) -> Mapping[str, Feature]:
        """``logits``: one score for each class, [n, k]."""
        return {"logits": Feature("array", dtype="float32", shape=(schema.target().size,))}

    def outputs(self, schema: Schema) -> Mapping[str, Feature]:
        """``label``: the name of the likeliest class; ``probability``: float64 [n, k] in the order of the classes."""
        classes = self.classes_ or schema.target().values
        size = len(classes) if classes else None
        return {
            "label": Feature("category", dtype="string", size=size, values=classes),
            "probability": Feature("array", dtype="float64", shape=(size,)),
        }

    def fit(self, train: Dataset) -> None:
        column = train.schema.slots["target"]
        self.classes_ = train.schema.columns[column].values or ()
        counts = np.zeros(len(self.classes_), dtype=np.int64)
        for batch in train.batches():
            codes = np.asarray(batch[column])
            counts += np.bincount(codes[codes >= 0], minlength=len(counts))
        self.counts_ = tuple(counts.tolist())
        self.positive_ = (self.config.positive or self._rarer()) if len(self.classes_) == 2 else None

    def _rarer(self) -> str:
        first, second = self.counts_
        return self.classes_[0] if first < second else self.classes_[1]

    def info(self) -> Mapping[str, Any]:
        """Classes in the order of their codes, the positive one of two (else None), and training rows of each class."""
        counts = dict(zip(self.classes_, self.counts_, strict=True))
        return {"classes": list(self.classes_), "positive": self.positive_, "counts": counts}

    def decode(self, raw: Mapping[str, np.ndarray], batch: Batch) -> Batch:
        """Probabilities by softmax in float64, and the label of the largest one (the first of several equal ones).

        A row whose scores are not numbers has no likeliest class: its label is null and its probabilities are NaN.
        """
        probability = softmax(raw["logits"])
        codes = np.where(np.isnan(probability).any(axis=1), -1, probability.argmax(axis=1))
        return {"label": names_of(codes, self.classes_), "probability": probability}

    def state(self) -> State:
        return State(
            meta={"classes": list(self.classes_), "counts": list(self.counts_), "positive": self.positive_},
        )

    def load_state(self, state: State) -> None:
        self.classes_ = tuple(state.meta["classes"])
        self.counts_ = tuple(state.meta["counts"])
        self.positive_ = state.meta["positive"]


def softmax(scores: np.ndarray) -> np.ndarray:
    """Probabilities from scores [n, k], as float64 [n, k]; the largest score is subtracted first, so none overflows."""
    wide = np.asarray(scores, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        powers = np.exp(wide - wide.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)

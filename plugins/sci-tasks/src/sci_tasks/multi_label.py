"""Which of the labels apply?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from sci.api import Batch, Dataset, Feature, Fold, Kind, Schema, State, Task
from sci.api.errors import DataError, SeveralErrors
from sci_tasks.config import MultiLabelConfig
from sci_tasks.label_lists import lists_of, require_labels
from sci_tasks.labels import Labels, outside

SPLIT = "rows with such a label for train; a split that is drawn: {name: random, validation: 0.1, test: 0.2}"


class MultiLabel(Task):
    """Any number of labels for each row, none included; each label is a question of its own.

    The target is a column of lists of texts, or of texts that a separator cuts.
    """

    slots: ClassVar[Mapping[str, tuple[Kind, ...]]] = {"target": ("category",)}
    loss: ClassVar[str | None] = "binary-cross-entropy"
    metrics: ClassVar[tuple[str, ...]] = ("f1-micro", "f1-macro", "subset-accuracy", "hamming-loss")
    baselines: ClassVar[tuple[str, ...]] = ("majority",)
    config: MultiLabelConfig

    def __init__(self, config: MultiLabelConfig) -> None:
        super().__init__(config)
        self.classes_: tuple[str, ...] = ()
        self.counts_: tuple[int, ...] = ()
        self.rows_ = 0

    def check(self, dataset: Dataset, fold: Fold) -> None:
        name = dataset.schema.slots["target"]
        require_labels(name, dataset.schema.columns[name], self.config.separator)
        labels = Labels.listed(dataset, name, fold, self.config.separator)
        causes = [*labels.missing(), *labels.variants()]
        errors = causes or [*labels.absent(SPLIT)]
        if not errors and not labels.names:
            errors = [DataError(f"no row of `{name}` has a label", id="data.no-labels", hint="data.target: COLUMN")]
        if errors:
            raise errors[0] if len(errors) == 1 else SeveralErrors(errors)

    def check_outside(self, dataset: Dataset) -> None:
        name = dataset.schema.slots["target"]
        Labels.listed(dataset, name, outside(dataset), self.config.separator).demand_known(self.classes_)

    def target_steps(self, schema: Schema) -> list[Mapping[str, Any]]:
        name = schema.slots["target"]
        require_labels(name, schema.columns[name], self.config.separator)
        return [{"name": "label-sets", "columns": [name], "separator": self.config.separator}]

    def heads(self, schema: Schema) -> Mapping[str, Feature]:
        """``logits``: the log-odds of each label, [n, k]."""
        return {"logits": Feature("array", dtype="float32", shape=schema.target().shape)}

    def outputs(self, schema: Schema) -> Mapping[str, Feature]:
        """``labels``: lists of the names that apply, sorted; ``probability``: float64 [n, k], of each label."""
        classes = self.classes_ or schema.target().values
        size = len(classes) if classes else None
        return {
            "labels": Feature("category", dtype="string", ragged=True, size=size, values=classes),
            "probability": Feature("array", dtype="float64", shape=(size,)),
        }

    def fit(self, train: Dataset) -> None:
        column = train.schema.slots["target"]
        self.classes_ = train.schema.columns[column].values or ()
        counts = np.zeros(len(self.classes_), dtype=np.int64)
        for batch in train.batches():
            counts += np.asarray(batch[column]).sum(axis=0, dtype=np.int64)
        self.counts_ = tuple(counts.tolist())
        self.rows_ = len(train)

    def info(self) -> Mapping[str, Any]:
        """The labels in the order of their probabilities, the training rows with each and altogether, what separates
        them in a text, and from which probability on one applies."""
        return {
            "classes": list(self.classes_),
            "counts": dict(zip(self.classes_, self.counts_, strict=True)),
            "rows": self.rows_,
            "separator": self.config.separator,
            "threshold": self.config.threshold,
        }

    def decode(self, raw: Mapping[str, np.ndarray], batch: Batch) -> Batch:
        """Probabilities by the logistic function in float64, and the labels that reach the threshold.

        A row whose scores are not numbers has no answer: its labels are null and its probabilities are NaN.
        """
        probability = logistic(raw["logits"])
        unknown = np.isnan(probability).any(axis=1)
        applies = (probability >= self.config.threshold) & ~unknown[:, None]
        return {"labels": lists_of(applies, self.classes_, unknown), "probability": probability}

    def state(self) -> State:
        return State(meta={"classes": list(self.classes_), "counts": list(self.counts_), "rows": self.rows_})

    def load_state(self, state: State) -> None:
        self.classes_ = tuple(state.meta["classes"])
        self.counts_ = tuple(state.meta["counts"])
        self.rows_ = state.meta["rows"]


def logistic(scores: np.ndarray) -> np.ndarray:
    """``1 / (1 + exp(-score))`` in float64, without overflow at either end."""
    wide = np.asarray(scores, dtype=np.float64)
    small = np.exp(-np.abs(wide))
    return np.where(wide >= 0, 1.0, small) / (1.0 + small)

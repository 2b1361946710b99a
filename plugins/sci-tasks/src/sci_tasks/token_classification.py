"""Which tag does each word have?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sci.api import Batch, ConfigError, DataError, Dataset, Feature, Fold, Kind, Ragged, Schema, State, Task
from sci.api.errors import SeveralErrors
from sci_tasks.label_lists import label_lists, require_tags
from sci_tasks.labels import Labels, outside
from sci_tasks.names import names_of
from sci_tasks.wording import rows

SPLIT = "rows with such a tag for train; a split that is drawn: {name: random, validation: 0.1, test: 0.2}"


class TokenClassification(Task):
    """One tag for each word: parts of speech, or the names of persons and places in IOB form.

    Input and target are columns of lists, one element for each word. A step that cuts words into pieces gives the tag
    of a word to its first piece; the others teach nothing, and the answer is that of the first piece.
    """

    slots: ClassVar[Mapping[str, tuple[Kind, ...]]] = {"target": ("category",)}
    loss: ClassVar[str | None] = "cross-entropy"
    metrics: ClassVar[tuple[str, ...]] = ("token-accuracy", "entity-f1")
    baselines: ClassVar[tuple[str, ...]] = ("majority",)

    def __init__(self, config: Any) -> None:
        super().__init__(config)
        self.classes_: tuple[str, ...] = ()
        self.counts_: tuple[int, ...] = ()
        self.starts_: str | None = None

    def check(self, dataset: Dataset, fold: Fold) -> None:
        name = dataset.schema.slots["target"]
        require_tags(name, dataset.schema.columns[name])
        labels = Labels.listed(dataset, name, fold, None)
        causes = [*labels.missing(), *labels.variants()]
        errors = causes or [*self._lengths(dataset, name), *labels.single(), *labels.absent(SPLIT)]
        if errors:
            raise errors[0] if len(errors) == 1 else SeveralErrors(errors)

    def _lengths(self, dataset: Dataset, target: str) -> list[DataError]:
        words = next((name for name, feature in dataset.schema.inputs.items() if feature.ragged), None)
        if words is None:
            return []
        wrong = np.flatnonzero(_lengths(dataset, words) != _lengths(dataset, target))
        if not len(wrong):
            return []
        ids = np.sort(dataset.ids[wrong])
        return [
            DataError(
                f"`{words}` and `{target}` differ in length in {rows(ids)}",
                id="data.tag-count",
                hint="one tag for each word",
            )
        ]

    def check_outside(self, dataset: Dataset) -> None:
        name = dataset.schema.slots["target"]
        Labels.listed(dataset, name, outside(dataset), None).demand_known(self.classes_)

    def target_steps(self, schema: Schema) -> list[Mapping[str, Any]]:
        name = schema.slots["target"]
        require_tags(name, schema.columns[name])
        return [{"name": "tag-index", "columns": [name]}]

    def heads(self, schema: Schema) -> Mapping[str, Feature]:
        """``logits``: one score for each tag at each position, [n, L, k].

        Raises:
            ConfigError: no input is a sequence, or several are.
        """
        sequences = [name for name, feature in schema.inputs.items() if feature.ragged]
        if len(sequences) != 1:
            found = f"`{sequences[0]}` and `{sequences[1]}` are" if sequences else "none of the inputs is"
            raise ConfigError(
                f"token-classification tags the words of one input, and {found} a sequence",
                id="task.sequence",
                hint="data.inputs: [words]",
            )
        return {"logits": Feature("array", dtype="float32", shape=(schema.target().size,), ragged=True)}

    def outputs(self, schema: Schema) -> Mapping[str, Feature]:
        """``tags``: lists with the name of the likeliest tag of each word; null for a word that was cut off."""
        classes = self.classes_ or schema.target().values
        size = len(classes) if classes else None
        return {"tags": Feature("category", dtype="string", ragged=True, size=size, values=classes)}

    def fit(self, train: Dataset) -> None:
        column = train.schema.slots["target"]
        self.classes_ = train.schema.columns[column].values or ()
        starts = [f"{name}.starts" for name in train.schema.inputs]
        self.starts_ = next((name for name in starts if name in train.schema.columns), None)
        counts = np.zeros(len(self.classes_), dtype=np.int64)
        for batch in train.batches():
            codes = batch[column].values  # type: ignore[union-attr]
            counts += np.bincount(codes[codes >= 0], minlength=len(counts))
        self.counts_ = tuple(counts.tolist())

    def info(self) -> Mapping[str, Any]:
        """Tags in the order of their codes, and training words with each."""
        return {"tags": list(self.classes_), "counts": dict(zip(self.classes_, self.counts_, strict=True))}

    def decode(self, raw: Mapping[str, np.ndarray], batch: Batch) -> Batch:
        """The tag of the largest score at the first token of each word (the first of several equal ones).

        A word that was cut off, and one whose scores are not numbers, has no tag: null.
        """
        logits = np.asarray(raw["logits"])
        starts = self._starts(raw, batch)
        owners = np.repeat(np.arange(len(logits)), starts.lengths)
        codes = np.full(len(starts.values), -1, dtype=np.int64)
        seen = starts.values >= 0
        scores = logits[owners[seen], starts.values[seen]]
        codes[seen] = np.where(np.isnan(scores).any(axis=1), -1, scores.argmax(axis=1)) if len(scores) else -1
        names = names_of(codes, self.classes_)
        return {"tags": pa.LargeListArray.from_arrays(pa.array(starts.offsets), names)}

    def _starts(self, raw: Mapping[str, np.ndarray], batch: Batch) -> Ragged:
        """Where the words of each row begin; where no step cut them, each position is a word."""
        if self.starts_ is not None:
            starts = batch[self.starts_]
            assert isinstance(starts, Ragged), "a step that makes tokens says where words begin"
            return starts
        lengths = np.asarray(raw["logits.length"], dtype=np.int64)
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        return Ragged(np.arange(offsets[-1]) - np.repeat(offsets[:-1], lengths), offsets)

    def state(self) -> State:
        return State(
            meta={"classes": list(self.classes_), "counts": list(self.counts_), "starts": self.starts_},
        )

    def load_state(self, state: State) -> None:
        self.classes_ = tuple(state.meta["classes"])
        self.counts_ = tuple(state.meta["counts"])
        self.starts_ = state.meta["starts"]


def _lengths(dataset: Dataset, name: str) -> np.ndarray:
    """How many elements each row has, int64 [n]."""
    column = dataset.column(name)
    if isinstance(column, Ragged):
        return column.lengths
    found: np.ndarray = pc.list_value_length(label_lists(column, None)).fill_null(0).to_numpy().astype(np.int64)
    return found

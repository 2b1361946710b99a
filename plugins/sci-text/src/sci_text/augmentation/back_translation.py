"""Texts as they come back from another language."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from sci.api import Batch, Column, Dataset, Preprocessor, SampleRandom, Schema, State
from sci.api.numbers import count
from sci_text.augmentation.config import BackTranslateConfig
from sci_text.augmentation.translation import there_and_back, translator
from sci_text.faults import require_text


class BackTranslate(Preprocessor):
    """With a probability, a text of a training row is replaced by what two trained runs make of it: one translates it,
    the other translates that back (Sennrich, Haddow and Birch 2016).

    Every different training text is translated once, when the step is fitted. A text that comes back empty stays as it
    is. Both texts are held in memory while the model is trained; the run keeps neither, and needs the two runs no more.
    """

    accepts = frozenset({"text"})
    random = True
    config: BackTranslateConfig

    def __init__(self, config: BackTranslateConfig, columns: tuple[str, ...]) -> None:
        super().__init__(config, columns)
        self._versions: dict[str, str] = {}
        self._facts: dict[str, int] = {"texts": 0, "same": 0}
        self._runs: list[str] = []

    def output_schema(self, schema: Schema) -> Schema:
        require_text("back-translate", schema, self.columns)
        return schema

    def fit(self, train: Dataset) -> None:
        there, back = translator(self.config.there, "there"), translator(self.config.back, "back")
        self._runs = [there.weights, back.weights]
        self._versions = {}
        for batch in train.batches():
            for name in self.columns:
                texts = [text for text in batch[name].to_pylist() if text and text.strip()]  # type: ignore[union-attr]
                found = there_and_back(there, back, texts)
                self._versions |= {text: other for text, other in zip(texts, found, strict=True) if other.strip()}
        same = sum(text == other for text, other in self._versions.items())
        self._facts = {"texts": len(self._versions), "same": same}

    def warnings(self) -> Sequence[str]:
        texts, same = self._facts["texts"], self._facts["same"]
        if texts and same < texts:
            return []
        return [f"{count(same)} of {count(texts)} texts came back as they were: there is nothing to learn from them"]

    def transform(self, batch: Batch, random: SampleRandom | None = None) -> Batch:
        if random is None:
            return dict(batch)
        return {**batch, **{name: self._changed(name, batch[name], random) for name in self.columns if name in batch}}

    def _changed(self, name: str, column: Column, random: SampleRandom) -> Column:
        chosen = random.uniform(name) < self.config.rate
        texts = column.to_pylist()  # type: ignore[union-attr]
        found = [
            self._versions.get(text, text) if taken else text
            for text, taken in zip(texts, np.asarray(chosen), strict=True)
        ]
        return pa.array(found, pa.large_string())

    def state(self) -> State:
        return State(meta={"facts": dict(self._facts), "runs": list(self._runs)})

    def load_state(self, state: State) -> None:
        self._facts = dict(state.meta["facts"])
        self._runs = list(state.meta["runs"])

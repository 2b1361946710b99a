"""Step `made-up-codes`."""

from __future__ import annotations

import numpy as np

from made_up.config import CodesConfig
from sci.api import Batch, Feature, Preprocessor, Ragged, SampleRandom, Schema


class Codes(Preprocessor):
    """The whole numbers of a text, with blanks between them, as its tokens."""

    accepts = frozenset({"text"})
    config: CodesConfig

    def output_schema(self, schema: Schema) -> Schema:
        tokens = Feature("tokens", dtype="int64", ragged=True, size=self.config.vocabulary)
        for name in self.columns:
            schema = schema.replace(name, **{name: tokens})
        return schema

    def transform(self, batch: Batch, random: SampleRandom | None = None) -> Batch:
        return {**batch, **{name: ragged(batch[name].to_pylist()) for name in self.columns}}


def ragged(texts: list[str]) -> Ragged:
    """The codes of each text."""
    rows = [np.array(text.split(), dtype=np.int64) for text in texts]
    offsets = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
    return Ragged(np.concatenate([*rows, np.zeros(0, np.int64)]), offsets)

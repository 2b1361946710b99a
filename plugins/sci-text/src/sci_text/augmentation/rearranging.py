"""Words and tokens that go, or change places."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np
import pyarrow as pa

from sci.api import Batch, Column, ConfigError, Dataset, Preprocessor, Ragged, SampleRandom, Schema, State
from sci_text.augmentation.config import AugmentationConfig
from sci_text.words import cut


class Rearranging(Preprocessor):
    """A step on training rows that keeps each column as it is but for the order of its words, or of its tokens.

    A first and a last token that all training rows share, such as ``[CLS]`` and ``[SEP]``, stay where they are.
    """

    accepts = frozenset({"text", "tokens"})
    random = True
    component: str
    config: AugmentationConfig

    def __init__(self, config: AugmentationConfig, columns: tuple[str, ...]) -> None:
        super().__init__(config, columns)
        self._around: dict[str, list[int]] = {}

    @abstractmethod
    def order(self, lengths: np.ndarray, random: SampleRandom, stream: str) -> Ragged:
        """What stands in each place afterwards: numbers of the words of the row from 0, or -1 for nothing.

        Args:
            lengths: words of each row, int64 [rows].
            random: draws for each row.
            stream: begins the names of the draws.
        """

    def output_schema(self, schema: Schema) -> Schema:
        for name in self.columns:
            feature = schema.columns[name]
            if feature.kind not in self.accepts or (feature.kind == "tokens" and not feature.ragged):
                raise ConfigError(
                    f"{self.component} reads text or tokens, but column `{name}` is {feature.kind}", id="flow.kind"
                )
        for other, feature in schema.columns.items():
            if other in {f"{name}.starts" for name in self.columns} or (
                feature.ragged and feature.kind == "category" and schema.roles.get(other) == "target"
            ):
                raise ConfigError(
                    f"{self.component} moves words, and `{other}` says something of each of them in its place",
                    id="flow.kind",
                    hint="leave this step out",
                )
        return schema

    def fit(self, train: Dataset) -> None:
        found: dict[str, list[set[int]]] = {
            name: [set(), set()] for name in self.columns if train.schema.columns[name].kind == "tokens"
        }
        for batch in train.batches() if found else ():
            for name, ends in found.items():
                rows = batch[name]
                assert isinstance(rows, Ragged)
                full = rows.lengths > 0
                ends[0].update(np.unique(rows.values[rows.offsets[:-1][full]]).tolist())
                ends[1].update(np.unique(rows.values[rows.offsets[1:][full] - 1]).tolist())
        self._around = {name: [int(len(end) == 1) for end in ends] for name, ends in found.items()}

    def transform(self, batch: Batch, random: SampleRandom | None = None) -> Batch:
        if random is None:
            return dict(batch)
        return {**batch, **{name: self._changed(name, batch[name], random) for name in self.columns if name in batch}}

    def _changed(self, name: str, column: Column, random: SampleRandom) -> Column:
        if isinstance(column, Ragged):
            return self._tokens(name, column, random)
        found = [cut(text or "", self.config.segmenter) for text in column.to_pylist()]  # type: ignore[union-attr]
        order = self.order(np.array([len(one.words) for one in found], dtype=np.int64), random, name)
        texts = [words.rearranged(order.row(row).tolist()) for row, words in enumerate(found)]
        return pa.array(texts, pa.large_string(), mask=np.asarray(column.is_null()))  # type: ignore[union-attr]

    def _tokens(self, name: str, rows: Ragged, random: SampleRandom) -> Ragged:
        before, behind = self._around[name]
        inner = np.maximum(rows.lengths - before - behind, 0)
        order = self.order(inner, random, name)
        places = rows.offsets[:-1] + np.minimum(before, rows.lengths)
        moved = np.arange(len(rows.values))
        inside = _inside(places, inner)
        first = np.repeat(places, inner)
        moved[inside] = np.where(order.values < 0, -1, first + order.values)
        stays = moved >= 0
        kept = np.bincount(np.repeat(np.arange(len(inner)), rows.lengths), weights=stays, minlength=len(inner))
        offsets = np.concatenate([[0], np.cumsum(kept)]).astype(np.int64)
        return Ragged(rows.values[moved[stays]], offsets)

    def state(self) -> State:
        return State(meta={"around": dict(self._around)})

    def load_state(self, state: State) -> None:
        self._around = dict(state.meta["around"])


def _inside(starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """The places from each start on, row after row."""
    ends = np.cumsum(lengths)
    return np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - lengths, lengths) + np.repeat(starts, lengths)

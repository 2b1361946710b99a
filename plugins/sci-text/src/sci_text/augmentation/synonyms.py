"""Words in the place of others that mean the same."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from sci.api import Batch, Column, Dataset, Preprocessor, SampleRandom, Schema, State
from sci_text.augmentation.config import SynonymsConfig
from sci_text.augmentation.draws import of_each
from sci_text.augmentation.thesaurus import Thesaurus, key, read
from sci_text.faults import require_text
from sci_text.words import Words, cut


class Found(NamedTuple):
    """Words of a text that the list holds.

    Args:
        first: number of the first word.
        behind: number of the word behind the last.
        others: what may stand for them.
    """

    first: int
    behind: int
    others: tuple[str, ...]


class Synonyms(Preprocessor):
    """Words of a training row that a list holds are replaced with a probability by one that the list gives for them
    (Zhang, Zhao and LeCun 2015), the longest entries first.

    Case does not matter; a word that begins with a capital is replaced by one that does. The run keeps the list.
    """

    accepts = frozenset({"text"})
    random = True
    config: SynonymsConfig

    def __init__(self, config: SynonymsConfig, columns: tuple[str, ...]) -> None:
        super().__init__(config, columns)
        self._list: Thesaurus = {}
        self._most = 0
        self._told: list[str] = []

    def output_schema(self, schema: Schema) -> Schema:
        require_text("synonyms", schema, self.columns)
        return schema

    def fit(self, train: Dataset) -> None:
        self._take(read(pathlib.Path(self.config.file).expanduser()))
        words, known = 0, 0
        for batch in train.batches():
            for name in self.columns:
                for text in batch[name].to_pylist():  # type: ignore[union-attr]
                    cut_ = cut(text or "", self.config.segmenter)
                    words += len(cut_.words)
                    known += sum(found.behind - found.first for found in self._found(cut_))
        self._told = [] if known else [f"the list holds none of the {words:,} words of the training rows"]

    def _take(self, found: Thesaurus) -> None:
        self._list = found
        self._most = max((len(cut(entry, self.config.segmenter).words) for entry in found), default=0)

    def warnings(self) -> list[str]:
        return list(self._told)

    def transform(self, batch: Batch, random: SampleRandom | None = None) -> Batch:
        if random is None:
            return dict(batch)
        return {**batch, **{name: self._changed(name, batch[name], random) for name in self.columns if name in batch}}

    def _changed(self, name: str, column: Column, random: SampleRandom) -> Column:
        found = [cut(text or "", self.config.segmenter) for text in column.to_pylist()]  # type: ignore[union-attr]
        lengths = np.array([len(words.words) for words in found], dtype=np.int64)
        ends = np.cumsum(lengths)
        chances = np.split(of_each(random, name, lengths), ends[:-1])
        choices = np.split(of_each(random, f"{name}/choice", lengths), ends[:-1])
        texts = [
            self._replaced(words, chance, choice)
            for words, chance, choice in zip(found, chances, choices, strict=False)
        ]
        return pa.array(texts, pa.large_string(), mask=np.asarray(column.is_null()))  # type: ignore[union-attr]

    def _replaced(self, words: Words, chances: np.ndarray, choices: np.ndarray) -> str:
        parts, at = [words.between[0]], 0
        for found in self._found(words):
            if chances[found.first] >= self.config.rate:
                continue
            parts += words.passage(at, found.first)
            other = found.others[int(choices[found.first] * len(found.others))]
            parts.append(_in_case_of(words.words[found.first], other))
            parts.append(words.between[found.behind])
            at = found.behind
        return "".join([*parts, *words.passage(at, len(words.words))])

    def _found(self, words: Words) -> Iterator[Found]:
        """The longest entries from the left."""
        at = 0
        while at < len(words.words):
            for behind in range(min(at + self._most, len(words.words)), at, -1):
                others = self._list.get(key("".join(words.passage(at, behind)[:-1])))
                if others:
                    yield Found(at, behind, tuple(others))
                    at = behind - 1
                    break
            at += 1

    def state(self) -> State:
        return State(meta={"list": {word: list(others) for word, others in self._list.items()}, "told": self._told})

    def load_state(self, state: State) -> None:
        self._take(dict(state.meta["list"]))
        self._told = list(state.meta["told"])


def _in_case_of(word: str, other: str) -> str:
    return other[0].upper() + other[1:] if word[0].isupper() and other[0].islower() else other

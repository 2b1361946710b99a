"""Text as weighted counts of terms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from sci.api import Batch, Column, DataError, Dataset, Feature, Preprocessor, SampleRandom, Schema, State
from sci_text.config import BagOfWordsConfig
from sci_text.faults import require_text
from sci_text.spacing import without_spaces
from sci_text.terms import terms


class BagOfWords(Preprocessor):
    """A text column becomes one array column of the same name: float32 [n, vocabulary], terms sorted by code point.

    The vocabulary is that of the training rows; `Feature.values` names its terms. The weight of term t in a row is,
    before the norm, its count, 0 or 1, or (tf-idf) its count times ``ln((1 + n) / (1 + df(t))) + 1`` with n training
    rows, df(t) of which hold t: scikit-learn's smoothed form of Salton and Buckley (1988). A null is an empty text, and
    an empty text is all zeros. What `analyzer: auto` has seen is part of the state. Raises `DataError` when no term
    occurs in enough training rows.
    """

    accepts = frozenset({"text"})
    config: BagOfWordsConfig

    def __init__(self, config: BagOfWordsConfig, columns: tuple[str, ...]) -> None:
        super().__init__(config, columns)
        self._cut = dict.fromkeys(columns, config)
        self._vocabulary: dict[str, dict[str, int]] = {}
        self._weights: dict[str, np.ndarray] = {}

    def output_schema(self, schema: Schema) -> Schema:
        require_text("bag-of-words", schema, self.columns)
        return replace(schema, columns={**schema.columns, **{name: self._feature(name) for name in self.columns}})

    def _feature(self, name: str) -> Feature:
        if name not in self._vocabulary:
            return Feature("array", dtype="float32", shape=(None,))
        vocabulary = tuple(self._vocabulary[name])
        return Feature("array", dtype="float32", shape=(len(vocabulary),), values=vocabulary)

    def fit(self, train: Dataset) -> None:
        for name in self.columns if self.config.analyzer == "auto" else ():
            texts = (text for batch in train.batches() for text in _texts(batch[name]))
            self._cut[name] = self._settled(without_spaces(texts))
        documents: dict[str, Counter[str]] = {name: Counter() for name in self.columns}
        for batch in train.batches():
            for name, counts in documents.items():
                for text in _texts(batch[name]):
                    counts.update(set(terms(text, self._cut[name])))
        for name, counts in documents.items():
            kept = self._most_widespread(name, counts)
            self._vocabulary[name] = {term: place for place, term in enumerate(kept)}
            self._weights[name] = self._weight(np.array([counts[term] for term in kept]), len(train))

    def _settled(self, characters: bool) -> BagOfWordsConfig:
        """The settings of a column with what `auto` leaves open."""
        longest = self.config.ngrams[1]
        changes = {"analyzer": "character", "ngrams": (self.config.ngrams[0], 2 * longest)} if characters else {}
        return self.config.model_copy(update={"analyzer": "word", **changes})

    def _most_widespread(self, name: str, documents: Counter[str]) -> list[str]:
        enough = [(-count, term) for term, count in documents.items() if count >= self.config.min_documents]
        if not enough:
            raise DataError(
                f"no term of column `{name}` occurs in {self.config.min_documents} training rows",
                id="data.vocabulary",
                note=f"{len(documents):,} terms occur in fewer" if documents else "the texts hold no term at all",
                hint="{name: bag-of-words, analyzer: character}   or: min_documents: 1",
            )
        return sorted(term for _, term in sorted(enough)[: self.config.vocabulary_size])

    def _weight(self, documents: np.ndarray, rows: int) -> np.ndarray:
        if self.config.weighting != "tf-idf":
            return np.ones(len(documents))
        return np.log((1.0 + rows) / (1.0 + documents)) + 1.0

    def transform(self, batch: Batch, random: SampleRandom | None = None) -> Batch:
        return {**batch, **{name: self._bags(name, batch[name]) for name in self.columns if name in batch}}

    def _bags(self, name: str, column: Column) -> np.ndarray:
        vocabulary = self._vocabulary[name]
        places: list[int] = []
        counts: list[int] = []
        lengths: list[int] = []
        for text in _texts(column):
            found = Counter(
                place for term in terms(text, self._cut[name]) if (place := vocabulary.get(term)) is not None
            )
            in_order = sorted(found)
            places += in_order
            counts += (found[place] for place in in_order)
            lengths.append(len(in_order))
        rows = np.repeat(np.arange(len(lengths)), lengths)
        columns = np.array(places, dtype=np.int64)
        bags = np.zeros((len(lengths), len(vocabulary)), dtype=np.float32)
        bags[rows, columns] = self._weighted(rows, np.array(counts, dtype=np.float64), self._weights[name][columns])
        return bags

    def _weighted(self, rows: np.ndarray, counts: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Weights of the terms that occur, float64: one for each pair of a row and a term."""
        values = (np.ones_like(counts) if self.config.weighting == "binary" else counts) * weights
        if self.config.norm == "l2" or (self.config.norm == "auto" and self.config.weighting == "tf-idf"):
            values /= np.sqrt(np.bincount(rows, np.square(values)))[rows]
        return values

    def state(self) -> State:
        return State(
            arrays={f"weights.{name}": weights for name, weights in self._weights.items()},
            meta={
                "vocabulary": {name: list(terms_) for name, terms_ in self._vocabulary.items()},
                "characters": [name for name in self.columns if self._cut[name].analyzer == "character"],
            },
        )

    def load_state(self, state: State) -> None:
        kept = state.meta["vocabulary"]
        if self.config.analyzer == "auto":
            self._cut = {name: self._settled(name in state.meta["characters"]) for name in self.columns}
        self._vocabulary = {name: {term: place for place, term in enumerate(kept[name])} for name in kept}
        self._weights = {name: state.arrays[f"weights.{name}"] for name in kept}


def _texts(column: Column) -> Iterable[str]:
    for text in column:
        yield text.as_py() or ""  # type: ignore[union-attr]

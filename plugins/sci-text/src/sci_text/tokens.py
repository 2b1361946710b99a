"""Text as tokens: what is the same of all the ways to cut it."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from tokenizers import Tokenizer

from sci.api import Batch, Column, Dataset, Feature, Preprocessor, Ragged, SampleRandom, Schema, State
from sci_text.encoding import encoded, padding, ready, size
from sci_text.faults import require_text
from sci_text.token_config import TokensConfig

COUNTED = ("texts", "cut", "tokens")
"""What is counted of each column."""


class Again:
    """What can be gone through again and again, and is never held as a whole.

    Args:
        begin: a new iterator.
    """

    def __init__(self, begin: Callable[[], Iterator[Sequence[str]]]) -> None:
        self.begin = begin

    def __iter__(self) -> Iterator[Sequence[str]]:
        return self.begin()


class Tokens(Preprocessor):
    """A text column becomes one column of tokens of the same name: int64 codes, rows of different lengths.

    A null is an empty text, and a text without a token is a row of length 0. The state is the `tokenizer.json` of each
    column, and how much of the training rows was cut off.
    """

    accepts = frozenset({"text"})
    component: str
    config: TokensConfig

    def __init__(self, config: TokensConfig, columns: tuple[str, ...]) -> None:
        super().__init__(config, columns)
        self._tokenizers: dict[str, Tokenizer] = {}
        self._cut: dict[str, int] = {}

    @abstractmethod
    def learned(self, column: str, texts: Iterable[Sequence[str]]) -> Tokenizer:
        """The tokenizer of a column.

        Args:
            column: its name, for messages.
            texts: of the training rows, as `read` leaves them, many at a time; they can be gone through again.
        """

    def read(self, texts: Sequence[str]) -> Sequence[str]:
        """Texts as the tokenizer is given them."""
        return texts

    def output_schema(self, schema: Schema) -> Schema:
        require_text(self.component, schema, self.columns)
        return replace(schema, columns={**schema.columns, **{name: self._feature(name) for name in self.columns}})

    def _feature(self, name: str) -> Feature:
        found = self._tokenizers.get(name)
        return Feature(
            "tokens",
            dtype="int64",
            ragged=True,
            size=None if found is None else size(found),
            pad=0 if found is None else padding(found),
        )

    def fit(self, train: Dataset) -> None:
        for name in self.columns:
            self._tokenizers[name] = ready(self.learned(name, self._texts(train, name)))
        counts: Counter[str] = Counter()
        for batch in train.batches():
            counts.update(self.tally(batch))
        self._cut = dict(counts)

    def _texts(self, train: Dataset, name: str) -> Iterable[Sequence[str]]:
        return Again(lambda: (self._read(batch[name]) for batch in train.batches()))

    def _read(self, column: Column) -> Sequence[str]:
        return self.read([text or "" for text in column.to_pylist()])  # type: ignore[union-attr]

    def warnings(self) -> Sequence[str]:
        return self.told("training", self._cut)

    def tally(self, batch: Batch) -> Mapping[str, int]:
        """Per column: texts that are cut, tokens that are cut off, and all tokens."""
        found: dict[str, int] = {}
        for name in (name for name in self.columns if name in batch):
            rows, cut = encoded(self._tokenizers[name], self._read(batch[name]), self.config.max_length)
            counts = int((cut > 0).sum()), int(cut.sum()), int(cut.sum()) + len(rows.values)
            found |= {f"{name}/{what}": count for what, count in zip(COUNTED, counts, strict=True)}
        return found

    def told(self, part: str, tally: Mapping[str, int]) -> Sequence[str]:
        found = {name: [tally.get(f"{name}/{what}", 0) for what in COUNTED] for name in self.columns}
        return [
            f"{texts:,} {part} texts of `{name}` are longer than max_length {self.config.max_length:,}; {tokens:,} of"
            f" {total:,} tokens were cut off"
            for name, (texts, tokens, total) in found.items()
            if texts
        ]

    def transform(self, batch: Batch, random: SampleRandom | None = None) -> Batch:
        return {**batch, **{name: self._codes(name, batch[name]) for name in self.columns if name in batch}}

    def _codes(self, name: str, column: Column) -> Ragged:
        rows, _ = encoded(self._tokenizers[name], self._read(column), self.config.max_length)
        return rows

    def state(self) -> State:
        found = {name: json.loads(tokenizer.to_str()) for name, tokenizer in self._tokenizers.items()}
        return State(meta={"tokenizers": found, "cut": dict(self._cut)})

    def load_state(self, state: State) -> None:
        kept = state.meta["tokenizers"]
        self._tokenizers = {name: ready(Tokenizer.from_str(json.dumps(found))) for name, found in kept.items()}
        self._cut = dict(state.meta["cut"])

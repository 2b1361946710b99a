"""Text as tokens: what is the same of all the ways to cut it."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tokenizers import Tokenizer

from sci.api import Batch, Column, Dataset, Feature, Preprocessor, Ragged, SampleRandom, Schema, Spans, State
from sci_text.encoding import decoded, encoded, mask, padding, placed, ready, specials, vocabulary
from sci_text.faults import require_text
from sci_text.pieces import Pieces, aligned, pieces, text_pieces
from sci_text.stretches import SPACES
from sci_text.token_config import TokensConfig

COUNTED = ("texts", "cut", "tokens", "empty")
"""What is counted of each column."""
STARTS = Feature("array", dtype="int64", ragged=True)


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

    A null is an empty text, and a text without a token is a row of length 0. Of a target, predicted codes become text
    again. The state is the `tokenizer.json` of each column.

    Where each row is a list of words, context column ``<name>.starts`` says at which token each word begins, and a
    target of one code for each word becomes one of each token: that of the word at its first token, -1 at all others.
    """

    accepts = frozenset({"text"})
    component: str
    config: TokensConfig
    between = SPACES
    """Where a text can be cut in two and keeps its tokens."""

    def __init__(self, config: TokensConfig, columns: tuple[str, ...]) -> None:
        super().__init__(config, columns)
        self._tokenizers: dict[str, Tokenizer] = {}
        self._told: dict[str, tuple[Column, Pieces]] = {}
        self._listed: tuple[str, ...] = ()
        self._tags: tuple[str, ...] = ()

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
        require_text(self.component, schema, self.columns, lists=True)
        told = self.columns if self.config.starts else listed(schema, self.columns)
        starts = {starts_of(name): STARTS for name in told}
        schema = replace(schema, columns={**schema.columns, **{name: self._feature(name) for name in self.columns}})
        return schema.add("context", **starts)

    def _feature(self, name: str) -> Feature:
        found = self._tokenizers.get(name)
        if found is None:
            return Feature("tokens", dtype="int64", ragged=True, longest=self.config.max_length)
        names = vocabulary(found)
        return Feature(
            "tokens",
            dtype="int64",
            ragged=True,
            size=len(names),
            values=names,
            pad=padding(found) or 0,  # without one whatever stands there is hidden by the length of the row
            special=specials(found),
            mask=mask(found),
            longest=self.config.max_length,
        )

    def fit(self, train: Dataset) -> None:
        self._listed, self._tags = listed(train.schema, self.columns), tags(train.schema)
        if getattr(self.config, "shared", False):
            learned = ready(self.learned(", ".join(self.columns), self._texts(train, *self.columns)))
            self._tokenizers = dict.fromkeys(self.columns, learned)
        for name in self.columns:
            if name not in self._tokenizers:
                self._tokenizers[name] = ready(self.learned(name, self._texts(train, name)))

    def _texts(self, train: Dataset, *names: str) -> Iterable[Sequence[str]]:
        return Again(lambda: self._batches(train, names))

    def _batches(self, train: Dataset, names: Sequence[str]) -> Iterator[Sequence[str]]:
        for batch in train.batches():
            for name in names:
                rows = batch[name].to_pylist()  # type: ignore[union-attr]
                yield list(map(" ".join, words_of(rows))) if name in self._listed else self._read(rows)

    def _read(self, texts: Sequence[str | None]) -> Sequence[str]:
        return self.read([text or "" for text in texts])

    def _pieces(self, name: str, column: Column) -> Pieces:
        rows: Sequence[Any] = column.to_pylist()  # type: ignore[union-attr]  # text is Arrow's
        tokenizer, longest = self._tokenizers[name], self.config.max_length
        if name in self._listed:
            return pieces(tokenizer, words_of(rows), longest)
        if self.config.starts:
            return text_pieces(tokenizer, self._read(rows), longest)
        tokens, cut = encoded(tokenizer, self._read(rows), longest, self.between)
        return Pieces(tokens, None, cut)

    def tally(self, batch: Batch) -> Mapping[str, int]:
        """Per column: texts that are cut, tokens that are cut off, all tokens, and texts without any."""
        self._told = {name: (batch[name], self._pieces(name, batch[name])) for name in self.columns if name in batch}
        counts: dict[str, int] = {}
        for name, (_, (tokens, _, cut)) in self._told.items():
            around = self._tokenizers[name].num_special_tokens_to_add(False)
            bare = int((tokens.lengths == around).sum())
            numbers = int((cut > 0).sum()), int(cut.sum()), int(cut.sum()) + len(tokens.values), bare
            counts |= {f"{name}/{what}": number for what, number in zip(COUNTED, numbers, strict=True)}
        return counts

    def told(self, part: str, tally: Mapping[str, int]) -> Sequence[str]:
        found: list[str] = []
        for name in self.columns:
            texts, cut, total, empty = (tally.get(f"{name}/{what}", 0) for what in COUNTED)
            longest = self.config.max_length
            if texts:
                many = some(texts, part, name, "is", "are")
                found.append(f"{many} longer than max_length {longest:,}; {cut:,} of {total:,} tokens were cut off")
            if empty:
                found.append(f"{some(empty, part, name, 'holds', 'hold')} no token")
        return found

    def transform(self, batch: Batch, random: SampleRandom | None = None) -> Batch:
        made: Batch = dict(batch)
        for name in (name for name in self.columns if name in batch):
            column, found = self._told.pop(name, (None, None))
            if found is None or column is not batch[name]:  # else they were cut when they were counted
                found = self._pieces(name, batch[name])
            made[name] = found.tokens
            if found.starts is not None:
                made[starts_of(name)] = found.starts
            if name in self._listed:
                made |= {tag: aligned(batch[tag], found) for tag in self._tags if tag in batch}  # type: ignore[arg-type]
        return made

    def inverse_transform(self, column: str, values: Column, batch: Batch) -> Column:
        """The texts of predicted codes, large_string [n]."""
        assert isinstance(values, Ragged)
        return decoded(self._tokenizers[column], values)

    def spans(self, batch: Batch) -> dict[str, Spans]:
        return {name: self._spans(name, batch[name]) for name in self.columns if name in batch}

    def _spans(self, name: str, column: Column) -> Spans:
        texts = self._read(column.to_pylist())  # type: ignore[union-attr]  # text is Arrow's
        return Spans(texts, placed(self._tokenizers[name], texts, self.config.max_length))

    def state(self) -> State:
        found = {name: json.loads(tokenizer.to_str()) for name, tokenizer in self._tokenizers.items()}
        words = {"listed": list(self._listed), "tags": list(self._tags)} if self._listed else {}
        return State(meta={"tokenizers": found, **words})

    def load_state(self, state: State) -> None:
        kept = state.meta["tokenizers"]
        self._tokenizers = {name: ready(Tokenizer.from_str(json.dumps(found))) for name, found in kept.items()}
        self._listed = tuple(state.meta.get("listed", ()))
        self._tags = tuple(state.meta.get("tags", ()))


def some(number: int, part: str, name: str, one: str, several: str) -> str:
    """How a sentence about so many texts of a column begins, with its verb."""
    return (
        f"{number:,} {part} text of `{name}` {one}" if number == 1 else f"{number:,} {part} texts of `{name}` {several}"
    )


def starts_of(name: str) -> str:
    """The context column that says where the words of a column begin."""
    return f"{name}.starts"


def listed(schema: Schema, columns: Sequence[str]) -> tuple[str, ...]:
    """Those of the columns whose rows are lists of words."""
    return tuple(name for name in columns if schema.columns[name].ragged)


def tags(schema: Schema) -> tuple[str, ...]:
    """Targets with one code for each word."""
    ragged = {name for name, feature in schema.columns.items() if feature.ragged and feature.kind == "category"}
    return tuple(name for name in schema.by("target") if name in ragged and schema.columns[name].dtype == "int64")


def words_of(rows: Sequence[Sequence[str | None] | None]) -> list[list[str]]:
    """Lists of words in which nothing is null."""
    return [[word or "" for word in row or ()] for row in rows]

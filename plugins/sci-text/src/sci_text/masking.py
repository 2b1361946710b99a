"""Tokens that are hidden, so that a model learns to say what they were."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import numpy as np

from sci.api import Batch, ConfigError, Feature, Preprocessor, Ragged, SampleRandom, Schema, State
from sci_text.config import MaskTokensConfig
from sci_text.tokens import starts_of


class MaskTokens(Preprocessor):
    """Hides a share of the tokens of each row, and makes what they were the target (Devlin et al. 2019).

    Of the tokens that are chosen, some become ``[MASK]``, some any other token, and the rest stay. Tokens without
    letters, such as ``[CLS]`` and padding, are never chosen, and at least one token of each row is that has one. The
    target, column ``<name>.hidden``, holds the codes of the chosen tokens, and -1 at every other position.

    Validation and test rows always have the same hidden tokens; where rows are predicted nothing is hidden.
    """

    accepts: ClassVar[frozenset[str]] = frozenset({"tokens"})
    random: ClassVar[bool] = True
    random_in_evaluation: ClassVar[bool] = True
    config: MaskTokensConfig

    def __init__(self, config: MaskTokensConfig, columns: tuple[str, ...]) -> None:
        super().__init__(config, columns)
        self._feature: Feature | None = None

    def output_schema(self, schema: Schema) -> Schema:
        """The schema with the target of slot ``target``.

        Raises:
            ConfigError: there is no column of tokens or several, it has no code that hides, or it does not say where
                words begin and whole words are to be hidden.
        """
        self._feature = feature = schema.columns[self._column(schema)]
        if feature.size is not None and feature.mask is None:
            raise ConfigError(
                f"the tokens of `{self.columns[0]}` have none that hides others, such as [MASK]",
                id="flow.mask",
                hint="a step that makes tokens, such as wordpiece",
            )
        if self.config.whole_words and starts_of(self.columns[0]) not in schema.columns:
            raise ConfigError(
                f"`whole_words` needs to know where the words of `{self.columns[0]}` begin",
                id="flow.words",
                hint="preprocessing: [{name: wordpiece, starts: true}, ...]",
            )
        name = hidden_of(self.columns[0])
        found = schema.add("target", **{name: replace(feature, pad=-1, mask=None, special=())})
        return replace(found, slots={**found.slots, "target": name})

    def _column(self, schema: Schema) -> str:
        if len(self.columns) != 1:
            there = " and ".join(f"`{name}`" for name in self.columns[:2]) or "no column of tokens"
            raise ConfigError(
                f"mask-tokens hides tokens of one column, and there is {there}",
                id="flow.kind",
                hint="preprocessing: [wordpiece, mask-tokens]",
            )
        kind = schema.columns[self.columns[0]].kind
        if kind != "tokens":
            raise ConfigError(
                f"mask-tokens reads tokens, but column `{self.columns[0]}` is {kind}",
                id="flow.kind",
                hint="preprocessing: [wordpiece, mask-tokens]",
            )
        return self.columns[0]

    def transform(self, batch: Batch, random: SampleRandom | None = None) -> Batch:
        [name] = self.columns
        tokens = batch[name]
        assert isinstance(tokens, Ragged)
        assert self._feature is not None
        if random is None:
            return dict(batch)
        starts = batch[starts_of(name)] if self.config.whole_words else None
        chosen = self._chosen(tokens, starts if isinstance(starts, Ragged) else None, random)
        shown = np.where(chosen, self._shown(tokens, random), tokens.values)
        hidden = np.where(chosen, tokens.values, -1)
        return {**batch, name: Ragged(shown, tokens.offsets), hidden_of(name): Ragged(hidden, tokens.offsets)}

    def _chosen(self, tokens: Ragged, starts: Ragged | None, random: SampleRandom) -> np.ndarray:
        """Which tokens are hidden, bool [total]: in each row those of the smallest draws, until it is enough."""
        assert self._feature is not None
        free = ~np.isin(tokens.values, self._feature.special)
        if not free.any():
            return free
        unit = np.arange(len(free)) if starts is None else word_numbers(tokens, starts)
        first = np.flatnonzero(np.diff(unit, prepend=-1))
        row, sizes = rows_of(tokens)[first], np.add.reduceat(free.astype(np.int64), first)
        order = np.lexsort((drawn(random, "choose", tokens)[first], row))
        before = np.cumsum(sizes[order]) - sizes[order]
        totals = np.bincount(row, weights=sizes, minlength=len(tokens.lengths))
        wanted = np.maximum(np.round(self.config.share * totals), 1)
        hidden = np.zeros(len(first), dtype=bool)
        hidden[order] = before - (np.cumsum(totals) - totals)[row[order]] < wanted[row[order]]
        found: np.ndarray = hidden[unit] & free
        return found

    def _shown(self, tokens: Ragged, random: SampleRandom) -> np.ndarray:
        """What stands where a token is hidden, int64 [total]."""
        assert self._feature is not None
        assert self._feature.mask is not None
        known = np.setdiff1d(np.arange(self._feature.size or 0), self._feature.special)
        other = known[(drawn(random, "replace", tokens) * len(known)).astype(np.int64)]
        way = drawn(random, "way", tokens)
        masked, replaced = self.config.masked, self.config.masked + self.config.replaced
        found: np.ndarray = np.where(way < masked, self._feature.mask, np.where(way < replaced, other, tokens.values))
        return found

    def state(self) -> State:
        return State()

    def load_state(self, state: State) -> None:
        """Nothing is learned."""


def hidden_of(name: str) -> str:
    """The target column that says what the hidden tokens of a column were."""
    return f"{name}.hidden"


def rows_of(tokens: Ragged) -> np.ndarray:
    """The row of each token, int64 [total]."""
    return np.repeat(np.arange(len(tokens.lengths)), tokens.lengths)


def drawn(random: SampleRandom, stream: str, tokens: Ragged) -> np.ndarray:
    """One draw for each token, float64 [total]; it depends on the row's id and the token's place alone."""
    longest = int(tokens.lengths.max(initial=0))
    every = random.uniform(stream, (longest,))
    places = np.arange(len(tokens.values)) - np.repeat(tokens.offsets[:-1], tokens.lengths)
    found: np.ndarray = every[rows_of(tokens), places]
    return found


def word_numbers(tokens: Ragged, starts: Ragged) -> np.ndarray:
    """The word that each token is of, counted over all rows, int64 [total], never falling; what stands before the first
    word of a row is one of its own."""
    begins = np.zeros(len(tokens.values), dtype=np.int64)
    begins[tokens.offsets[:-1][tokens.lengths > 0]] = 1
    rows = np.repeat(np.arange(len(starts.lengths)), starts.lengths)
    seen = starts.values >= 0
    begins[tokens.offsets[rows[seen]] + starts.values[seen]] = 1
    return np.cumsum(begins) - 1

"""Pieces of words with probabilities that are learned from the training rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers

from sci_text.lattice import Lattice, otherwise
from sci_text.specials import SPECIALS, UNKNOWN, enclosed, require_tokens
from sci_text.substrings import Substrings, substrings
from sci_text.token_config import LearnedConfig
from sci_text.tokens import Tokens
from sci_text.wordcounts import common_letters, commonest, counted_words, normal_words

SEEDS = 10
"""So many times the vocabulary are the pieces that learning begins with."""
LETTERS = 2**19
"""Letters of the different words that are learned from, the most frequent words first."""
KEPT = 0.75
"""Share of the pieces that stay in each round."""
PASSES = 2
"""Estimates of the probabilities in each round."""
RARE = 0.5
"""Expected occurrences below which a piece goes."""
DIGITS = 6
"""Decimals of a score: more than differ between two computers would tell them apart."""


class Unigram(Tokens):
    """The most probable cut of each word into pieces, whose probabilities are estimated over all ways to cut the
    training words (Kudo 2018).

    Learning begins with the frequent substrings of up to 16 letters, and drops in each round the quarter of the pieces
    without which the likelihood falls least. White space is written ``▁`` and begins a word; ``[`` is a piece of its
    own. The letters are those of the training rows, the most frequent ones, on at most half of the vocabulary; others
    are ``[UNK]``. What is not as in SentencePiece: the estimates are those of maximum likelihood.
    """

    component = "unigram"
    config: LearnedConfig

    def learned(self, column: str, texts: Iterable[Sequence[str]]) -> Tokenizer:
        blank = self._tokenizer(models.Unigram())
        words = counted_words(normal_words(blank), texts).words
        letters = common_letters(words, self.config)
        require_tokens(column, letters, self.config.min_count)
        pieces = learned(dict(sorted(commonest(words, LETTERS).items())), letters, self.config)
        found = self._tokenizer(models.Unigram([*((name, 0.0) for name in SPECIALS), *pieces], SPECIALS.index(UNKNOWN)))
        found.add_special_tokens(list(SPECIALS))
        return enclosed(found) if self.config.enclose else found

    def _tokenizer(self, model: models.Model) -> Tokenizer:
        tokenizer = Tokenizer(model)
        lower = [normalizers.Lowercase()] if self.config.lower else []
        tokenizer.normalizer = normalizers.Sequence(
            [*lower, normalizers.Replace(Regex(r"\s+"), " "), normalizers.Strip()]
        )
        tokenizer.decoder = decoders.Metaspace()
        # Every special token begins with a bracket, so that no word is one.
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [pre_tokenizers.Metaspace(), pre_tokenizers.Split("[", "isolated")]
        )
        return tokenizer


def learned(words: Mapping[str, int], letters: str, config: LearnedConfig) -> list[tuple[str, float]]:
    """Pieces with the natural logarithm of their probability, the most probable first."""
    wanted = config.vocabulary_size - len(SPECIALS)
    found = substrings(words, letters, max(config.min_count, 2))
    single = found.lengths == 1
    alive = single | most((found.counts * found.lengths).astype(np.float64), ~single, SEEDS * wanted - len(letters))
    counts = np.where(alive, np.maximum(found.counts, RARE), 0.0)
    while True:
        counts = estimated(found, alive, counts)
        alive = single | (counts >= RARE)
        if alive.sum() <= wanted:
            break
        scores = logarithm(counts, alive)
        fallen = np.where(single, 0.0, counts) * np.where(alive & ~single, scores - otherwise(found, scores), 0.0)
        size = max(wanted, int(KEPT * alive.sum()))
        alive = single | most(fallen, alive & ~single, size - len(letters))
        counts = np.where(alive, counts, 0.0)
    scores = np.round(logarithm(counts, alive), DIGITS)
    return sorted(
        ((found.piece(number), float(scores[number])) for number in np.flatnonzero(alive).tolist()), key=_likeliest
    )


def estimated(found: Substrings, alive: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Expected occurrences of each piece, float64 [n]: some passes of expectation and maximization."""
    lattice = Lattice(found, alive)
    for _ in range(PASSES):
        counts = lattice.expected(logarithm(counts, alive))
        counts = np.where(found.lengths == 1, np.maximum(counts, RARE), counts)
    return counts


def logarithm(counts: np.ndarray, alive: np.ndarray) -> np.ndarray:
    """The score of each piece; -inf for those that are none."""
    known = alive & (counts > 0)
    scores = np.full(len(counts), -np.inf)
    scores[known] = np.log(counts[known] / counts[known].sum())
    return scores


def most(values: np.ndarray, among: np.ndarray, size: int) -> np.ndarray:
    """Which have the largest values, bool [n]; of equals the first."""
    places = np.flatnonzero(among)
    chosen = np.zeros(len(values), dtype=bool)
    chosen[places[np.argsort(-values[places], kind="stable")[: max(size, 0)]]] = True
    return chosen


def _likeliest(piece: tuple[str, float]) -> tuple[float, str]:
    return -piece[1], piece[0]

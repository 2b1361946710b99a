"""The words that a vocabulary of pieces is learned from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from tokenizers import Tokenizer

from sci_text.specials import SPECIALS
from sci_text.token_config import LearnedConfig

LONGEST = 100
"""Letters of the longest word."""
MOST = 2**20
"""Different words that are counted at a time."""

_LONG = re.compile(rf"(\S{{{LONGEST}}})(?=\S)")


def short_runs(texts: Sequence[str]) -> list[str]:
    """The texts with a space after each 100 characters without one.

    Time grows with the square of the longest word where pieces are merged, and where all ways to cut it are weighed.
    """
    return [_LONG.sub("\\1 ", text) for text in texts]


def counted_words(tokenizer: Tokenizer, texts: Iterable[Sequence[str]]) -> Counter[str]:
    """How often each word occurs, as the tokenizer normalizes and cuts texts.

    Where there are more than `MOST`, those that have occurred least are forgotten while counting goes on, so that
    memory stays bounded (Manku and Motwani 2002).
    """
    words: Counter[str] = Counter()
    least = 1
    for some in texts:
        for text in short_runs(some):
            normal = tokenizer.normalizer.normalize_str(text)
            words.update(word for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(normal))
        while len(words) > MOST:
            words = Counter({word: count for word, count in words.items() if count > least})
            least += 1
    return words


def common_letters(words: Mapping[str, int], config: LearnedConfig) -> str:
    """The most frequent letters, of equals the first by code point, on at most half of the vocabulary; in the order of
    code points."""
    counts: Counter[str] = Counter()
    for word, count in words.items():
        for letter in word:
            counts[letter] += count
    ordered = sorted((-count, letter) for letter, count in counts.items() if count >= config.min_count)
    return "".join(sorted(letter for _, letter in ordered[: (config.vocabulary_size - len(SPECIALS)) // 2]))

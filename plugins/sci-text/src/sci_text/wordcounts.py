"""The words that a vocabulary of pieces is learned from."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from tokenizers import Tokenizer

from sci_text.specials import SPECIALS
from sci_text.stretches import stretches
from sci_text.token_config import LearnedConfig

LONGEST = 100
"""Letters of the longest word."""
MOST, MOST_LETTERS = 2**20, 2**24
"""Different words that are counted at a time, and their letters."""
LEARNED = 2**21
"""Letters, or bytes where pieces are made of bytes, of the different words that pieces are learned from: trainers hold
a hundred bytes for each, about."""
TOGETHER = 2**16
"""Words that a trainer is given at a time."""

_LONG = re.compile(rf"(\S{{{LONGEST}}})(?=\S)")
_BLANK = re.compile(rf"(\s{{{LONGEST}}})\s+")


class WordCounts(NamedTuple):
    """How often words occur.

    Args:
        words: the words in the order in which they came.
        whole: whether none was forgotten.
    """

    words: Counter[str]
    whole: bool

    def told(
        self, texts: Iterable[Sequence[str]], size: Callable[[str], int] = len, room: int | None = None
    ) -> Iterable[Sequence[str]]:
        """What a trainer, which forgets nothing, learns from.

        The texts, or, where words were forgotten or have no room, the others as often as they were counted.

        Args:
            texts: those whose words were counted.
            size: of a word.
            room: most of the sizes of the different words together; None for any.
        """
        kept = self.words if room is None else commonest(self.words, room, size)
        return texts if self.whole and len(kept) == len(self.words) else _repeated(kept)


def short_runs(texts: Sequence[str]) -> list[str]:
    """The texts in stretches, with a space after each 100 characters without one and no more than 100 blanks together.

    Time grows with the square of the longest word where pieces are merged, and where all ways to cut it are weighed.
    """
    short = (_LONG.sub("\\1 ", _BLANK.sub("\\1", text)) for text in texts)
    return [part for text in short for part in stretches(text)]


def counted_words(cut: Callable[[str], Iterable[str]], texts: Iterable[Sequence[str]]) -> WordCounts:
    """How often each word occurs.

    Where there are more than `MOST`, or of more than `MOST_LETTERS`, the half that has occurred least is forgotten, of
    equals those that came last, while counting goes on: memory stays bounded, in writing without spaces too.

    Args:
        cut: the words of a text.
        texts: many at a time.
    """
    words: Counter[str] = Counter()
    whole = True
    for some in texts:
        for text in some:
            words.update(cut(text))
        while len(words) > MOST or sum(map(len, words)) > MOST_LETTERS:
            half = commonest(words, MOST_LETTERS // 2)
            words, whole = Counter(dict(itertools.islice(half.items(), MOST // 2))), False
    return WordCounts(words, whole)


def commonest(words: Counter[str], room: int, size: Callable[[str], int] = len) -> dict[str, int]:
    """The most frequent words, of equals the first, for which there is room.

    Args:
        words: how often each occurs.
        room: most of their sizes together.
        size: of a word.
    """
    ordered = words.most_common()
    sizes = itertools.accumulate(size(word) for word, _ in ordered)
    return dict(one for one, total in zip(ordered, sizes, strict=True) if total <= room)


def _repeated(words: Mapping[str, int]) -> Iterator[Sequence[str]]:
    every = itertools.chain.from_iterable(itertools.repeat(word, count) for word, count in words.items())
    while some := list(itertools.islice(every, TOGETHER)):
        yield some


def normal_words(tokenizer: Tokenizer) -> Callable[[str], Iterator[str]]:
    """What cuts a text into words as the tokenizer normalizes and cuts it, none of them longer than `LONGEST`."""

    def cut(text: str) -> Iterator[str]:
        for short in short_runs([text]):
            normal = tokenizer.normalizer.normalize_str(short)
            yield from (word for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(normal))

    return cut


def common_letters(words: Mapping[str, int], config: LearnedConfig) -> str:
    """The most frequent letters, of equals the first by code point, on at most half of the vocabulary; in the order of
    code points."""
    counts: Counter[str] = Counter()
    for word, count in words.items():
        for letter in word:
            counts[letter] += count
    ordered = sorted((-count, letter) for letter, count in counts.items() if count >= config.min_count)
    return "".join(sorted(letter for _, letter in ordered[: (config.vocabulary_size - len(SPECIALS)) // 2]))

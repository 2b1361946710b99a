"""Pieces of words that are learned from the training rows."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from sci_text.specials import SPECIALS, UNKNOWN, enclosed, require_tokens
from sci_text.token_config import BpeConfig, LearnedConfig
from sci_text.tokens import Tokens

_LONG = re.compile(r"(\S{100})(?=\S)")

INSIDE = "##"
"""Begins every piece that does not begin a word."""


def short_runs(texts: Sequence[str]) -> list[str]:
    """The texts with a space after each 100 characters without one: merging within a word takes quadratic time."""
    return [_LONG.sub("\\1 ", text) for text in texts]


class WordPiece(Tokens):
    """Words, cut at white space, punctuation and around every Chinese character as BERT does, as their longest known
    pieces from the left (Schuster and Nakajima 2012; Devlin et al. 2019).

    The letters of the training rows come first, the most frequent ones, on at most half of the vocabulary; a word with
    another letter, and one of more than 100, is one ``[UNK]``.
    """

    component = "wordpiece"
    config: LearnedConfig

    def learned(self, column: str, texts: Iterable[Sequence[str]]) -> Tokenizer:
        config = self.config
        kept = [short_runs(some) for some in texts]
        blank = self._tokenizer(models.WordPiece(unk_token=UNKNOWN))
        letters, inside = self._letters(blank, itertools.chain.from_iterable(kept))
        # Named beforehand, because the trainer numbers those inside of words in an order that differs between runs.
        named = [*SPECIALS, *(INSIDE + letter for letter in inside)]
        trainer = trainers.WordPieceTrainer(
            vocab_size=config.vocabulary_size,
            min_frequency=config.min_count,
            special_tokens=named,
            initial_alphabet=letters,
            limit_alphabet=len(letters),
            continuing_subword_prefix=INSIDE,
            show_progress=False,
        )
        blank.train_from_iterator(kept, trainer)
        vocabulary = blank.get_vocab(with_added_tokens=False)
        require_tokens(column, vocabulary, config.min_count)
        found = self._tokenizer(models.WordPiece(vocabulary, unk_token=UNKNOWN, continuing_subword_prefix=INSIDE))
        found.add_special_tokens(list(SPECIALS))
        return enclosed(found) if config.enclose else found

    def _tokenizer(self, model: models.Model) -> Tokenizer:
        tokenizer = Tokenizer(model)
        tokenizer.normalizer = normalizers.BertNormalizer(
            clean_text=True, handle_chinese_chars=True, strip_accents=False, lowercase=self.config.lower
        )
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        tokenizer.decoder = decoders.WordPiece(prefix=INSIDE)
        return tokenizer

    def _letters(self, tokenizer: Tokenizer, texts: Iterable[str]) -> tuple[list[str], list[str]]:
        """The letters that are kept, and those of them that occur inside of words, by code point."""
        words: Counter[str] = Counter()
        for text in texts:
            normal = tokenizer.normalizer.normalize_str(text)
            words.update(word for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(normal))
        counts: Counter[str] = Counter()
        inside: set[str] = set()
        for word, count in words.items():
            for letter in word:
                counts[letter] += count
            inside.update(word[1:])
        ordered = sorted((-count, letter) for letter, count in counts.items() if count >= self.config.min_count)
        kept = sorted(letter for _, letter in ordered[: (self.config.vocabulary_size - len(SPECIALS)) // 2])
        return kept, [letter for letter in kept if letter in inside]


class Bpe(Tokens):
    """Bytes of UTF-8, merged pair by pair, the most frequent first (Sennrich, Haddow and Birch 2016; on bytes: Radford
    et al. 2019).

    Nothing is unknown: what was not seen is written in bytes. Merges do not cross white space and punctuation.
    """

    component = "bpe"
    config: BpeConfig

    def learned(self, column: str, texts: Iterable[Sequence[str]]) -> Tokenizer:
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        tokenizer.decoder = decoders.ByteLevel()
        if self.config.lower:
            tokenizer.normalizer = normalizers.Lowercase()
        trainer = trainers.BpeTrainer(
            vocab_size=self.config.vocabulary_size,
            min_frequency=self.config.min_count,
            special_tokens=list(SPECIALS),
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        )
        tokenizer.train_from_iterator(map(short_runs, texts), trainer)
        return enclosed(tokenizer) if self.config.enclose else tokenizer

"""Pieces of words that are learned from the training rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from sci_text.specials import SPECIALS, UNKNOWN, enclosed, require_tokens
from sci_text.stretches import MARKS
from sci_text.token_config import BpeConfig, LearnedConfig
from sci_text.tokens import Again, Tokens
from sci_text.wordcounts import LEARNED, common_letters, counted_words, normal_words, short_runs

INSIDE = "##"
"""Begins every piece that does not begin a word."""

# Parts that byte-pair encoding merges within, about: each is cut once more when it is learned.
_UNITS = re.compile(r"'(?:[sdmt]|ll|ve|re)| ?[^\W\d_]+| ?\d+| ?(?:[^\s\w]|_)+|\s+(?!\S)|\s+")


class WordPiece(Tokens):
    """Words, cut at white space, punctuation and around every Chinese character as BERT does, as their longest known
    pieces from the left (Schuster and Nakajima 2012; Devlin et al. 2019).

    The letters of the training rows come first, the most frequent ones, on at most half of the vocabulary; a word with
    another letter, and one of more than 100, is one ``[UNK]``.
    """

    component = "wordpiece"
    config: LearnedConfig
    between = MARKS

    def learned(self, column: str, texts: Iterable[Sequence[str]]) -> Tokenizer:
        config = self.config
        blank = self._tokenizer(models.WordPiece(unk_token=UNKNOWN))
        counts = counted_words(normal_words(blank), texts)
        letters, inside = self._letters(counts.words)
        # Named beforehand, because the trainer numbers those inside of words in an order that differs between runs.
        named = [*SPECIALS, *(INSIDE + letter for letter in inside)]
        trainer = trainers.WordPieceTrainer(
            vocab_size=config.vocabulary_size,
            min_frequency=config.min_count,
            special_tokens=named,
            initial_alphabet=list(letters),
            limit_alphabet=len(letters),
            continuing_subword_prefix=INSIDE,
            show_progress=False,
        )
        blank.train_from_iterator(map(short_runs, counts.told(texts, len, LEARNED)), trainer)
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

    def _letters(self, words: Mapping[str, int]) -> tuple[str, list[str]]:
        """The letters that are kept, and those of them that occur inside of words, by code point."""
        inside = set[str]().union(*(word[1:] for word in words))
        kept = common_letters(words, self.config)
        return kept, [letter for letter in kept if letter in inside]


class Bpe(Tokens):
    """Bytes of UTF-8, merged pair by pair, the most frequent first (Sennrich, Haddow and Birch 2016; on bytes: Radford
    et al. 2019).

    Nothing is unknown: what was not seen is written in bytes. Merges do not cross white space and punctuation.
    """

    component = "bpe"
    config: BpeConfig
    between = MARKS

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
        short = Again(lambda: map(short_runs, texts))
        counts = counted_words(_UNITS.findall, short)
        tokenizer.train_from_iterator(counts.told(short, _bytes, LEARNED), trainer)
        return enclosed(tokenizer) if self.config.enclose else tokenizer


def _bytes(word: str) -> int:
    return len(word.encode())

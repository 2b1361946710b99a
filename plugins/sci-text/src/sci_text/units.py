"""Whole words, or single characters, of the training rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from sci_text.segmenting import segmented
from sci_text.specials import SPECIALS, UNKNOWN, enclosed, require_tokens
from sci_text.stretches import ANYWHERE, stretches
from sci_text.token_config import CharactersConfig, LearnedConfig, WordsConfig
from sci_text.tokens import Tokens
from sci_text.wordcounts import counted_words

_RUNS = re.compile(r"\S{1,65536}")


class Units(Tokens):
    """The most frequent units of the training rows, of equals the first by code point; every other is ``[UNK]``."""

    config: LearnedConfig

    def cutter(self) -> pre_tokenizers.PreTokenizer:
        """What cuts a text into units."""
        raise NotImplementedError

    def joiner(self) -> decoders.Decoder | None:
        """What makes a text of units; None for a space between them."""
        return None

    def bounded(self, texts: Iterable[Sequence[str]]) -> Iterable[Sequence[str]]:
        """The texts, cut into stretches and with no more different units than memory may hold."""
        return ([part for text in some for part in stretches(text, self.between)] for some in texts)

    def learned(self, column: str, texts: Iterable[Sequence[str]]) -> Tokenizer:
        config = self.config
        tokenizer = Tokenizer(models.WordLevel(unk_token=UNKNOWN))
        tokenizer.pre_tokenizer = self.cutter()
        joiner = self.joiner()
        if joiner is not None:
            tokenizer.decoder = joiner
        if config.lower:
            tokenizer.normalizer = normalizers.Lowercase()
        trainer = trainers.WordLevelTrainer(
            vocab_size=config.vocabulary_size,
            min_frequency=config.min_count,
            special_tokens=list(SPECIALS),
            show_progress=False,
        )
        tokenizer.train_from_iterator(self.bounded(texts), trainer)
        require_tokens(column, tokenizer.get_vocab(), config.min_count)
        return enclosed(tokenizer) if config.enclose else tokenizer


class Characters(Units):
    """Code points of Unicode, white space among them; for writing without spaces between words."""

    component = "characters"
    config: CharactersConfig
    between = ANYWHERE

    def cutter(self) -> pre_tokenizers.PreTokenizer:
        return pre_tokenizers.Split(Regex(r"[\s\S]"), "isolated")

    def joiner(self) -> decoders.Decoder:
        return decoders.Fuse()


class Words(Units):
    """Runs of letters, digits and combining marks, and each other character that is no white space."""

    component = "words"
    config: WordsConfig

    def cutter(self) -> pre_tokenizers.PreTokenizer:
        if self.config.segmenter == "jieba":
            return pre_tokenizers.WhitespaceSplit()
        return pre_tokenizers.Split(Regex(r"[\w\p{M}]+|[^\w\p{M}\s]"), "removed", invert=True)

    def bounded(self, texts: Iterable[Sequence[str]]) -> Iterable[Sequence[str]]:
        return counted_words(_RUNS.findall, texts).told(super().bounded(texts))

    def read(self, texts: Sequence[str]) -> Sequence[str]:
        return segmented(texts) if self.config.segmenter == "jieba" else texts

"""The settings of the steps that make tokens."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from sci.api import ComponentConfig


class TokensConfig(ComponentConfig):
    """What every step that makes tokens is told."""

    max_length: int = Field(256, gt=2)
    """Longest sequence, in tokens; what is behind it is cut off, and the run says how much that is."""

    starts: bool = False
    """Say in a context column at which token each word begins, which hiding whole words needs. Lists of words always
    have it."""


class LearnedConfig(TokensConfig):
    """What is learned from the training rows."""

    vocabulary_size: int = Field(8000, gt=8)
    """At most this many different tokens, those without letters (padding, unknown and so on) included."""

    min_count: int = Field(2, gt=0)
    """Leave out what occurs less often in the training rows."""

    lower: bool = True
    """Do not tell capitals from small letters."""

    shared: bool = False
    """Learn one vocabulary from all columns together, such as both languages of a translation."""

    enclose: bool = False
    """Put `[CLS]` before and `[SEP]` behind each text; a model with `pooling: first` needs it."""


class BpeConfig(LearnedConfig):
    """Byte-pair encoding starts from the 256 bytes."""

    vocabulary_size: int = Field(8000, gt=261)
    """At most this many different tokens: 5 without letters, 256 bytes, and what is merged of them."""

    lower: bool = False
    """Do not tell capitals from small letters."""


class CharactersConfig(LearnedConfig):
    """Every character is a token."""

    max_length: int = Field(512, gt=2)
    """Longest sequence, in characters; what is behind it is cut off, and the run says how much that is."""


class WordsConfig(LearnedConfig):
    """Every word, and every mark of punctuation, is a token."""

    vocabulary_size: int = Field(20000, gt=8)
    """At most this many different tokens, those without letters (padding, unknown and so on) included."""

    segmenter: Literal["unicode", "jieba"] = "unicode"
    """Where words end: at white space and punctuation, or, for Chinese, where jieba says (`pip install
    sci-text[chinese]`)."""


class TokenizerConfig(TokensConfig):
    """A tokenizer that was made before."""

    must_exist: ClassVar[tuple[str, ...]] = ("pretrained",)

    pretrained: str = Field(min_length=1)
    """Path of a `tokenizer.json` of the library tokenizers, of a folder that holds one, of a run directory whose
    tokens are to be used, or of a folder of runs, of which the newest counts; seen from the experiment file."""

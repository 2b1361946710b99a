"""The settings of the steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from sci.api import ComponentConfig, Schema, UnknownName


class CleanTextConfig(ComponentConfig):
    """What is made alike, and what is taken out."""

    unicode: Literal["NFC", "NFKC", "none"] = "NFKC"
    """Unicode normalization. NFC gives each accented letter one spelling; NFKC also folds full-width letters, ligatures
    and superscripts."""

    width: Literal["keep", "fold"] = "keep"
    """Full-width letters and half-width katakana: keep, or write them as the usual ones. `NFKC` does so by itself."""

    chinese: Literal["keep", "simplified", "traditional"] = "keep"
    """Chinese characters: keep, or write them all simplified or traditional (`pip install sci-text[chinese]`)."""

    lower: bool = False
    """Turn capitals into small letters."""

    urls: Literal["keep", "token", "remove"] = "keep"
    """Web addresses (http, https, ftp, www): keep, replace by `<url>`, or take out."""

    digits: Literal["keep", "token"] = "keep"
    """Numbers: keep, or replace each by `<number>`."""

    markup: Literal["keep", "remove"] = "keep"
    """HTML: keep, or take out tags, comments, scripts and styles and turn entities such as `&amp;` into characters."""

    whitespace: bool = True
    """Make each run of white space one space, and none at the ends."""


class DeduplicateConfig(ComponentConfig):
    """When a training row repeats an earlier one."""

    near: float | None = Field(None, ge=0.5, le=1)
    """Drop near copies too: from which share of common passages on two texts are one, such as 0.8. Takes about 8 bytes
    of memory for each letter of the training texts."""


class BagOfWordsConfig(ComponentConfig):
    """Which terms are counted, and how they weigh."""

    vocabulary_size: int = Field(2000, gt=0)
    """Keep at most this many terms: those in the most training rows, of equals the first by code point."""

    ngrams: tuple[int, int] = (1, 1)
    """Shortest and longest sequence of words, or of characters, that is a term."""

    analyzer: Literal["word", "character", "auto"] = "word"
    """A term is made of words of two or more letters or digits, or of characters. Chinese and other writing without
    spaces needs `character`; `auto` sees from the training rows whether a column does, and takes two characters for
    each word of `ngrams`."""

    weighting: Literal["counts", "binary", "tf-idf"] = "tf-idf"
    """How often a term occurs, whether it occurs, or how often times how rare it is in the training rows."""

    norm: Literal["auto", "l2", "none"] = "auto"
    """`l2` gives each row length 1. `auto` is `l2` for tf-idf and `none` otherwise."""

    lower: bool = True
    """Do not tell capitals from small letters."""

    min_documents: int = Field(2, gt=0)
    """Leave out terms that occur in fewer training rows."""

    @field_validator("ngrams")
    @classmethod
    def _ngrams_are_a_range(cls, ngrams: tuple[int, int]) -> tuple[int, int]:
        return ascending(ngrams)


def ascending(ngrams: tuple[int, int]) -> tuple[int, int]:
    """Shortest and longest n-gram; `ValueError` where they are no range."""
    shortest, longest = ngrams
    if not 1 <= shortest <= longest:
        raise ValueError(f"ngrams is [{shortest}, {longest}]; it goes from at least 1 upwards, such as [1, 2]")
    return ngrams


class MaskTokensConfig(ComponentConfig):
    """How many tokens are hidden, and how."""

    share: float = Field(0.15, gt=0, lt=1)
    """Of the tokens of a row, how many are to be said; at least one."""

    masked: float = Field(0.8, ge=0, le=1)
    """Of these, how many become `[MASK]`."""

    replaced: float = Field(0.1, ge=0, le=1)
    """Of these, how many become any other token; the rest stay as they are."""

    whole_words: bool = False
    """Hide words with all their pieces; the step that makes the tokens needs `starts: true`."""

    @model_validator(mode="after")
    def _ways_are_shares(self) -> Self:
        if self.masked + self.replaced > 1 + 1e-9:
            raise ValueError(f"masked {self.masked} and replaced {self.replaced} are more than 1 together")
        return self


class VocabularyGrowthConfig(ComponentConfig):
    """What a word is, and where words are looked for."""

    segmenter: Literal["unicode", "jieba"] = "unicode"
    """Where words end: at white space and punctuation, each Chinese character being a word; or, for Chinese, where
    jieba says (`pip install sci-text[chinese]`)."""

    columns: list[str] | None = None
    """Columns of text; all inputs that are text where none are named."""

    def demand_names(self, schema: Schema, metrics: Sequence[str]) -> None:
        """Refuse columns that are no text."""
        texts = [name for name, feature in schema.columns.items() if feature.kind == "text"]
        UnknownName.demand(
            "columns", self.columns, texts, "vocabulary-growth has no column of text `{}`", id="analysis.column"
        )

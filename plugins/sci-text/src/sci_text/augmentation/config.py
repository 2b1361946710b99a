"""The settings of the steps that draw."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from sci.api import ComponentConfig


class AugmentationConfig(ComponentConfig):
    """What every step that changes words is told."""

    rate: float = Field(0.1, gt=0, lt=1)
    """Chance of each word or token to be changed."""

    segmenter: Literal["unicode", "jieba"] = "unicode"
    """Where words of a text end: at white space and punctuation, each Chinese character being a word; or, for Chinese,
    where jieba says (`pip install sci-text[chinese]`). Columns of tokens have their own."""


class SwapConfig(AugmentationConfig):
    """How far words move."""

    distance: int | None = Field(3, gt=0)
    """Words or tokens change places with one that is at most so many places away; `null`: with any of the text."""


class SynonymsConfig(AugmentationConfig):
    """What may stand for what."""

    paths: ClassVar[tuple[str, ...]] = ("file",)
    must_exist: ClassVar[tuple[str, ...]] = paths

    file: str = Field(min_length=1)
    """The list, seen from the experiment file. In a tab-separated file the words of a line may stand for one another;
    in a `.json` file, `{"film": ["movie", "picture"]}`, those of the list for the word before it."""


class BackTranslateConfig(ComponentConfig):
    """The two runs that translate."""

    paths: ClassVar[tuple[str, ...]] = ("there", "back")
    must_exist: ClassVar[tuple[str, ...]] = paths

    there: str = Field(min_length=1)
    """A finished run of task `seq2seq` from the language of the texts to another, seen from the experiment file."""

    back: str = Field(min_length=1)
    """A finished run from that language back."""

    rate: float = Field(0.5, gt=0, le=1)
    """Chance of each text to be replaced by what came back."""

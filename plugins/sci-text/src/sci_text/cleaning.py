"""Texts that differ in what does not matter, made alike."""

from __future__ import annotations

import re

import pyarrow as pa

from sci.api import Batch, Column, Preprocessor, SampleRandom, Schema
from sci_text.chinese import converted
from sci_text.config import CleanTextConfig
from sci_text.faults import require_text
from sci_text.markup import without_markup
from sci_text.unicode import normalized, of_one_width, without_controls

# Only the characters that RFC 3986 allows: an address ends where Chinese goes on without a space.
_URL = re.compile(
    r"\b(?:https?://|ftp://|www\.)[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*[A-Za-z0-9\-_~/#@$&*+=%]",
    re.ASCII | re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


class CleanText(Preprocessor):
    """Text stays text (Arrow large_string), a null stays null.

    In this order: markup, control characters (tabs and line ends become a space, the others go), width, Unicode
    normalization, simplified or traditional Chinese, web addresses, numbers, capitals, white space. What takes the
    place of an address or a number stands between spaces.
    """

    accepts = frozenset({"text"})
    config: CleanTextConfig

    def output_schema(self, schema: Schema) -> Schema:
        require_text("clean-text", schema, self.columns)
        return schema

    def transform(self, batch: Batch, random: SampleRandom | None = None) -> Batch:
        return {**batch, **{name: self._cleaned(batch[name]) for name in self.columns if name in batch}}

    def _cleaned(self, column: Column) -> Column:
        texts = column.to_pylist()  # type: ignore[union-attr]
        return pa.array([None if text is None else self.clean(text) for text in texts], type=pa.large_string())

    def clean(self, text: str) -> str:
        """One text."""
        config = self.config
        if config.markup == "remove":
            text = without_markup(text)
        text = without_controls(text)
        if config.width == "fold":
            text = of_one_width(text)
        if config.unicode != "none":
            text = normalized(text, config.unicode)
        if config.chinese != "keep":
            text = converted(text, config.chinese)
        if config.urls != "keep":
            text = _URL.sub(" <url> " if config.urls == "token" else " ", text)
        if config.digits == "token":
            text = _NUMBER.sub(" <number> ", text)
        if config.lower:
            text = text.lower()
        return " ".join(text.split()) if config.whitespace else text

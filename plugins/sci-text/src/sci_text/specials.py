"""Tokens that stand for no letters."""

from __future__ import annotations

from collections.abc import Iterable

from tokenizers import Tokenizer
from tokenizers.processors import TemplateProcessing

from sci.api import DataError

UNKNOWN = "[UNK]"
SPECIALS = ("[PAD]", UNKNOWN, "[CLS]", "[SEP]", "[MASK]")
"""Padding has code 0, and the others follow."""


def enclosed(tokenizer: Tokenizer) -> Tokenizer:
    """The tokenizer that puts ``[CLS]`` before and ``[SEP]`` behind each text."""
    around = [(name, SPECIALS.index(name)) for name in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=around)
    return tokenizer


def require_tokens(column: str, vocabulary: Iterable[str], min_count: int) -> None:
    """Raise `DataError` when the training texts have given no token."""
    if not set(vocabulary) - set(SPECIALS):
        raise DataError(
            f"no token of column `{column}` occurs {min_count} times in the training rows",
            id="data.vocabulary",
            hint="min_count: 1",
        )

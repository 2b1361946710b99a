"""Chinese with spaces between its words."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from sci.api import MissingDependency


def segmented(texts: Sequence[str]) -> list[str]:
    """The texts with a space between the words that jieba finds.

    Raises:
        MissingDependency: jieba is not installed.
    """
    return [" ".join(words_of(text)) for text in texts]


def words_of(text: str) -> list[str]:
    """The words of a text, with the white space and the signs between them, as jieba cuts it.

    Raises:
        MissingDependency: jieba is not installed.
    """
    return list(_jieba().cut(text))


@functools.cache
def _jieba() -> Any:
    try:
        import jieba
    except ImportError as error:
        raise MissingDependency("jieba", "sci-text[chinese]") from error
    found = jieba.Tokenizer()
    # Read here rather than by jieba itself, which would keep a copy in a folder that everybody can write to.
    found.FREQ, found.total = found.gen_pfdict(found.get_dict_file())
    found.initialized = True
    return found

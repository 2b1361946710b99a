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
    jieba = _jieba()
    return [" ".join(jieba.cut(text)) for text in texts]


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

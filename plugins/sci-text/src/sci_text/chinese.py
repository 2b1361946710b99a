"""Chinese in simplified or in traditional characters."""

from __future__ import annotations

import functools
from collections.abc import Callable

from sci.api import MissingDependency

_CONVERSION = {"simplified": "t2s", "traditional": "s2t"}


def converted(text: str, script: str) -> str:
    """The text in ``simplified`` or ``traditional`` characters, by OpenCC's tables of phrases and characters.

    Raises:
        MissingDependency: opencc-python-reimplemented is not installed.
    """
    return text if text.isascii() else _converter(_CONVERSION[script])(text)


@functools.cache
def _converter(name: str) -> Callable[[str], str]:
    try:
        import opencc
    except ImportError as error:
        raise MissingDependency("opencc", "sci-text[chinese]") from error
    convert: Callable[[str], str] = opencc.OpenCC(name).convert
    convert("一")  # reads its tables now, before several threads ask at once
    return convert

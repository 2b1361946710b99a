"""Whether texts have spaces between their words."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SIGN = (
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    r"\U00020000-\U0003ffff]"  # Thai, Lao, Burmese, Khmer, Japanese and Chinese
)
_SIGNS = re.compile(_SIGN)
_GAP = re.compile(rf"(?<={_SIGN})\s(?={_SIGN})")
_LETTER = re.compile(r"\w")
_LONGEST_WORD = 8
"""Letters between two spaces on average, of texts whose words somebody has told apart already: fewer."""


def without_spaces(texts: Iterable[str]) -> bool:
    """Whether most letters are of a writing that puts no spaces between words, and there are hardly any."""
    letters, signs, gaps = 0, 0, 0
    for text in texts:
        letters += len(_LETTER.findall(text))
        signs += len(_SIGNS.findall(text))
        gaps += len(_GAP.findall(text))
    return 2 * signs > letters and gaps * _LONGEST_WORD < signs

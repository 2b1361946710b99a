"""Sentences in English and Chinese, with names from the data kept apart from our words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sci.api.study import Prose

LONGEST = 40
"""Characters of a name that are shown in a sentence."""


def both(english: str, chinese: str, /, **values: Any) -> dict[str, str]:
    """A sentence in both languages; a value may be one, too."""
    return {"en": english.format(**_in("en", values)), "zh": chinese.format(**_in("zh", values))}


def joined(*sentences: Prose) -> dict[str, str]:
    """Sentences one after the other; Chinese needs no space between them."""
    said = [sentence for sentence in sentences if sentence]
    return {
        "en": " ".join(in_language(one, "en") for one in said),
        "zh": "".join(in_language(one, "zh") for one in said),
    }


def in_language(words: Prose, language: str) -> str:
    """The words in one language."""
    return words if isinstance(words, str) else words[language]


def quoted(name: str) -> str:
    """A name from the data, as it stands in a sentence."""
    return f"`{shortened(name)}`" if name.strip() and "`" not in name else shortened(name)


def shortened(name: str, longest: int = LONGEST) -> str:
    """A name, cut in the middle where it is long, on one line."""
    plain = " ".join(name.split())
    if len(plain) <= longest:
        return plain
    half = (longest - 1) // 2
    return f"{plain[:half]}…{plain[-half:]}"


def _in(language: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value[language] if isinstance(value, Mapping) else value for name, value in values.items()}
